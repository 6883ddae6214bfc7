//! hardtack beside its peers and the floors: sealing and opening, bytes on the wire, and whole requests.
//!
//! `cargo run --release -- sizes tokens requests`, or some of them; `--quick` only to see it run. With `--no-default-features`
//! there are hardtack and the floors only. Who takes part, and how, is in `ours` and `others`.

#[allow(dead_code, reason = "shared with other benches")]
#[path = "../../harness/mod.rs"]
mod harness;
#[allow(dead_code, reason = "shared with other benches")]
#[path = "../../login/mod.rs"]
mod login;
#[cfg(feature = "peers")]
mod others;
mod ours;
#[cfg(feature = "peers")]
mod requests;
#[cfg_attr(not(feature = "peers"), allow(dead_code, reason = "what only handlers use"))]
mod session;
mod sizes;
mod tokens;

use harness::{Counting, Report};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The cookie's name: ten letters.
const NAME: &str = "__Host-ten";

fn main() {
    let mut report = Report::from_arguments();
    let asked = |what: &str| std::env::args().any(|argument| argument == what);
    println!("ns for one operation (ratio to the first row), allocations");
    if asked("sizes") {
        sizes::run(&mut report);
    }
    if asked("tokens") {
        tokens::run(&mut report);
    }
    #[cfg(feature = "peers")]
    if asked("requests") {
        requests::run(&mut report);
    }
}
