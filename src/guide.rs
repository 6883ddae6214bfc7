//! The guides of `docs/`, compiled so that their examples run.

#[doc = include_str!("../docs/SCHEMA.md")]
pub mod schema {}

#[doc = include_str!("../docs/LIFETIMES.md")]
pub mod lifetimes {}

#[doc = include_str!("../docs/COOKIES.md")]
pub mod cookies {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/CACHES.md")]
pub mod caches {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/CONVENIENCES.md")]
pub mod conveniences {}

#[cfg(feature = "device-bound")]
#[doc = include_str!("../docs/DEVICE.md")]
pub mod device {}

#[doc = include_str!("../docs/KEYS.md")]
pub mod keys {}

#[doc = include_str!("../docs/DEPLOY.md")]
pub mod deploy {}

#[doc = include_str!("../docs/OBSERVING.md")]
pub mod observing {}

#[doc = include_str!("../docs/DESIGN.md")]
pub mod design {}

#[doc = include_str!("../docs/FORMAT.md")]
pub mod format {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/LOGIN.md")]
pub mod login {}

#[cfg(all(feature = "actix-web", feature = "axum"))]
#[doc = include_str!("../docs/CSRF.md")]
pub mod csrf {}
