//! The guides of `docs/`, compiled so that their examples run.
//!
//! Each page ends with definitions of its links, for readers of the files. `docs/rustdoc.links` comes first and wins here. So the line that
//! rustdoc names where an example fails counts the lines of that file, too.

#[cfg(all(feature = "actix-web", feature = "axum"))]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/GETTING_STARTED.md")]
pub mod getting_started {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/TESTING.md")]
pub mod testing {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/GUARDING.md")]
pub mod guarding {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/ERRORS.md")]
pub mod errors {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/LOGIN.md")]
pub mod login {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/LOGOUT.md")]
pub mod logout {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/LIFETIMES.md")]
pub mod lifetimes {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/SIZES.md")]
pub mod sizes {}

#[cfg(all(feature = "actix-web", feature = "axum"))]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/CSRF.md")]
pub mod csrf {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/COOKIES.md")]
pub mod cookies {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/CACHES.md")]
pub mod caches {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/CONVENIENCES.md")]
pub mod conveniences {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/SCHEMA.md")]
pub mod schema {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/KEYS.md")]
pub mod keys {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/DEPLOY.md")]
pub mod deploy {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/OBSERVING.md")]
pub mod observing {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/TELEMETRY.md")]
pub mod telemetry {}

#[cfg(feature = "device-bound")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/DEVICE.md")]
pub mod device {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/PASSKEYS.md")]
pub mod passkeys {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/OPENID_CONNECT.md")]
pub mod openid_connect {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/SERVER_FUNCTIONS.md")]
pub mod server_functions {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/HTMX.md")]
pub mod htmx {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/IMPERSONATION.md")]
pub mod impersonation {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/LIMITS.md")]
pub mod limits {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/DJANGO.md")]
pub mod django {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/CHECKLIST.md")]
pub mod checklist {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/COMPARISON.md")]
pub mod comparison {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/DESIGN.md")]
pub mod design {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/MODEL.md")]
pub mod model {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/FORMAT.md")]
pub mod format {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../SECURITY.md")]
pub mod security {}

#[doc = include_str!("../docs/rustdoc.links")]
#[doc = include_str!("../docs/ASSURANCE.md")]
pub mod assurance {}
