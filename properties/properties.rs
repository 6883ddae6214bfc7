//! Property tests, beside the tests whose helpers they share.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/reference/mod.rs"]
mod reference;

#[path = "../tests/cookie_policy.rs"]
mod cookie_policy;
#[path = "../tests/differential.rs"]
mod differential;
#[path = "../tests/expiry.rs"]
mod expiry;
#[path = "../tests/keyring_file.rs"]
mod keyring_file;
#[path = "../tests/lifetime.rs"]
mod lifetime;
#[path = "../tests/planner.rs"]
mod planner;
#[path = "../tests/schedule.rs"]
mod schedule;
#[path = "../tests/sessions.rs"]
mod sessions;
