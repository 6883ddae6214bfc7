//! The acceptance suite in plain tower, without a framework.
#![cfg(all(feature = "tower", feature = "testing"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod common;
#[path = "common/suite.rs"]
mod suite;
#[path = "common/apps/tower.rs"]
mod under_test;

suite::acceptance!(crate::under_test::Tower, 75: bodies caches failures hooks laziness layers middleware refusals statuses times two verbs);
