//! The acceptance suite's application, in each framework.

#[cfg(feature = "actix-web")]
pub(crate) mod actix;
#[cfg(feature = "axum")]
pub(crate) mod axum;
#[cfg(feature = "tower")]
pub(crate) mod tower;
