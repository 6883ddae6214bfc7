//! Sessions, by the manager alone or by whichever adapter the features bring.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod common;

#[cfg(any(feature = "axum", feature = "actix-web"))]
mod binding;
#[cfg(any(feature = "actix-web", feature = "tower"))]
mod clear_site_data;
mod cookie_policy;
mod counters;
mod csrf;
mod events;
mod fixation;
mod flash;
mod held;
mod lifetime;
mod next_steps;
mod probe;
mod sessions;
#[cfg(feature = "testing")]
mod testkit;
#[cfg(feature = "tracing")]
mod tracing_log;
mod verb_failures;
mod watch;
mod writes;
