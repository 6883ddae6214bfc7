//! Tokens, keys and rings: what needs no web framework and no session.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod common;
mod source;

mod comparison;
#[cfg(all(feature = "tower", feature = "device-bound"))]
mod device_vectors;
mod expiry;
mod guides;
#[cfg(feature = "keyring-file")]
mod keyring_file;
mod keys;
mod layering;
mod layouts;
mod map;
mod opening_rule;
mod oracle;
mod pasted_keys;
mod payload;
mod planner;
mod references;
mod replace;
mod rotation_simulation;
mod schedule;
mod schema;
mod tamper;
mod values;
mod vectors;
