//! L0: every error of the crate. A leaf: it names no other module of ours.
//!
//! Configuration errors ([`ConfigError`], [`KeyError`]) stop a program at start-up and say what to change. Request
//! errors ([`Refusal`], [`SealError`], [`SessionError`]) belong to one request. None carries a secret or a cookie value.

mod config;
mod device;
mod hook;
mod key;
mod refusal;
mod return_to;
mod rotation;
mod seal;
mod session;
mod shown;

pub use config::ConfigError;
pub use device::DeviceReason;
pub use hook::HookFailure;
pub use key::KeyError;
pub use refusal::{LayoutDigest, Refusal};
pub use return_to::ReturnError;
pub use rotation::RotationError;
pub use seal::{RandomError, SealError};
pub use session::SessionError;
