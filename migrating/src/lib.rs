#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod actix;
mod jar;
#[cfg(feature = "tower")]
mod layer;
mod moving;
mod seshcookie;

pub use actix::actix_state;
pub use jar::{Plain, PrivateJar, SignedJar};
#[cfg(feature = "tower")]
pub use layer::{MovingLayer, MovingService};
pub use moving::{Moving, OldCookie, Opened};
pub use seshcookie::SeshCookie;

/// The guide's code compiles.
#[cfg(all(doctest, feature = "tower"))]
#[doc = include_str!("../../docs/MIGRATING.md")]
struct Guide;
