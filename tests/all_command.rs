//! The command `hardtack`, run as its users run it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod command;

#[cfg(all(feature = "cli", unix))]
mod cli_interrupted;
#[cfg(feature = "cli")]
mod cli_keyring;
#[cfg(feature = "cli")]
mod cli_token;
