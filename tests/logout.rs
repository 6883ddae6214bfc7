//! Logout without a store: what each way of ending sessions ends, and what it leaves alive.
#![cfg(feature = "axum")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod common;

#[path = "logout/cut_off.rs"]
mod cut_off;
#[path = "logout/denied.rs"]
mod denied;
#[path = "logout/end.rs"]
mod end;
#[path = "logout/lineage.rs"]
mod lineage;
#[path = "logout/list.rs"]
mod list;
#[path = "logout/user.rs"]
mod user;
