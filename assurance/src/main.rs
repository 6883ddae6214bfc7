//! Checks that take long, or that need `unsafe`, and are therefore no tests of the crate. `scripts/assurance` runs them; docs/ASSURANCE.md has
//! their figures.
//!
//! Each prints what it measured. It fails if a bar is missed, or if its control, which is broken on purpose, is not caught.

mod client;
mod faults;
mod nonces;
mod server;
mod session;
mod soak;
mod stack;
mod threads;
mod timing;

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number =
        |place: usize, default: u64| arguments.get(place).map_or(default, |text| text.parse().expect("a number"));
    let held = match arguments.first().map(String::as_str) {
        Some("nonces") => nonces::run(number(1, 1_000_000)),
        Some("randomness") => faults::run(),
        Some("stack") => stack::run(),
        Some("timing") => timing::run(number(1, 10_000_000)),
        Some("threads") => threads::run(number(1, 5)),
        Some("race") => threads::race(),
        Some("soak") => soak::run(number(1, 600)),
        Some("serve") => server::run(),
        _ => {
            eprintln!(
                "one of: randomness, nonces [SEALS], stack, timing [MEASUREMENTS], threads [SECONDS], race, soak [SECONDS]"
            );
            false
        }
    };
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
