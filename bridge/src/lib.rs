#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

#[cfg(feature = "axum-login")]
mod login;
mod service;
mod store;

#[cfg(feature = "axum-login")]
pub use login::{AuthManagerLayer, AuthManagerLayerBuilder};
pub use service::{SessionManager, SessionManagerLayer};
pub use store::Stored;
