//! Sessions in tower, axum and actix-web.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[path = "common/apps/mod.rs"]
#[cfg(feature = "testing")]
mod apps;
mod common;
#[path = "common/suite.rs"]
#[cfg(all(feature = "tower", feature = "testing"))]
mod suite;

#[cfg(all(feature = "axum", feature = "actix-web", feature = "testing"))]
mod across;
#[cfg(all(feature = "actix-web", feature = "testing"))]
mod actix;
#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "axum")]
mod caches;
#[cfg(feature = "axum")]
mod connection;
#[cfg(all(feature = "actix-web", feature = "axum"))]
mod cross_site;
#[cfg(all(feature = "axum", feature = "actix-web"))]
mod cut_off;
#[cfg(feature = "axum")]
mod demo;
#[cfg(all(feature = "actix-web", feature = "axum", feature = "device-bound", feature = "testing"))]
mod device;
#[cfg(feature = "axum")]
mod examples;
#[cfg(feature = "axum")]
mod hooks;
#[cfg(feature = "tower")]
mod interleavings;
#[cfg(feature = "axum")]
mod logout;
#[cfg(feature = "axum")]
mod metrics;
#[cfg(all(feature = "axum", feature = "actix-web"))]
mod no_page;
#[cfg(all(feature = "axum", feature = "actix-web"))]
mod not_sent;
#[cfg(feature = "axum")]
mod races;
#[cfg(feature = "axum")]
mod refusals;
#[cfg(feature = "axum")]
mod regressions;
#[cfg(all(feature = "axum", feature = "actix-web"))]
mod sign_in;
#[cfg(all(feature = "actix-web", feature = "testing"))]
mod suite_actix;
#[cfg(all(feature = "axum", feature = "testing"))]
mod suite_axum;
#[cfg(all(feature = "tower", feature = "testing"))]
mod suite_tower;
#[cfg(feature = "tower")]
mod tower;
