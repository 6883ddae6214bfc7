//! What a request brings: cookie headers of many cookies, garbage, rings of many keys, and several threads.
//!
//! `cargo bench --bench load`; with `-- --quick` only to see it run, with `-- storm` for rings that are replaced all the time.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a bench fails by panicking"
)]

mod garbage;
#[allow(dead_code, reason = "shared with other benches")]
#[path = "../harness/mod.rs"]
mod harness;
mod header;
mod ring;
mod session;
mod storm;
mod threads;

use harness::{Counting, Report};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    if !std::env::args().any(|argument| argument == "storm") {
        println!("ns for one operation (ratio to the first row), allocations");
        let mut report = Report::from_arguments();
        header::run(&mut report);
        garbage::run(&mut report);
        ring::run(&mut report);
        threads::run(&mut report);
    }
    storm::run();
}
