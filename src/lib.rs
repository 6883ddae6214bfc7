#![cfg_attr(
    all(feature = "actix-web", feature = "axum", feature = "device-bound", feature = "testing"),
    doc = include_str!("front.md")
)]
#![cfg_attr(
    not(all(feature = "actix-web", feature = "axum", feature = "device-bound", feature = "testing")),
    doc = "Encrypted, stateless cookie sessions. Build the documentation with all features for the guides."
)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(all(feature = "axum", feature = "actix-web", feature = "device-bound", feature = "testing")),
    allow(dead_code, reason = "what only layers use is compiled all the same")
)]

mod buffer;
mod clock;
mod cookie;
mod crypto;
mod device;
#[cfg(test)]
mod draw_tests;
mod error;
mod event;
mod flash;
mod id;
mod keysource;
mod live;
mod manager;
mod map;
mod payload;
mod probe;
mod revocation;
mod rotation;
mod secret;
mod session;
mod token;
mod wire;

#[cfg(feature = "actix-web")]
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
pub mod actix;
#[cfg(feature = "axum")]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub mod axum;
#[cfg(all(any(doc, doctest), feature = "testing"))]
pub mod guide;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub mod tower;

/// Instants and durations, as the interface takes them.
pub use time;

pub use clock::Clock;
pub use cookie::{attributes::SameSite, known::KnownCookie};
pub use crypto::{
    context::{Binding, Context},
    csrf::CsrfToken,
    key::{Key, KeyText},
    keyring::Keyring,
    rotation_policy::RotationPolicy,
    schedule::{KeyState, Schedule},
};
pub use device::DeviceBound;
pub use error::{
    ConfigError, DeviceReason, HookFailure, KeyError, KeySourceError, LayoutDigest, RandomError, Refusal, ReturnError,
    RotationError, SealError, SessionError,
};
#[cfg(feature = "tracing")]
#[cfg_attr(docsrs, doc(cfg(feature = "tracing")))]
pub use event::Tracing;
pub use event::{Count, Counters, DeviceSkip, Event, EventKind, Observer, Snapshot, Watch};
pub use flash::{Flash, Level, Message, Messages};
pub use id::{KeyId, SessionId, SessionTag};
#[cfg(feature = "keyring-file")]
#[cfg_attr(docsrs, doc(cfg(feature = "keyring-file")))]
pub use keysource::KeyringText;
pub use keysource::{KeySource, KeySourceFuture};
pub use live::{LiveKeyring, Watcher};
pub use manager::{Builder, CurrentRejection, Layered, SessionManager, SiteData};
pub use map::SessionMap;
pub use probe::Probe;
pub use revocation::{Denial, DenyId, DenyList, DenyListFull, HookError, HookFuture, MemoryDenyList, Verdict};
pub use rotation::{KeyPlan, NextStep, Revocation};
pub use session::{
    Current, DeviceBinding, Older, OlderPayload, OlderWriter, Remaining, ReturnTo, Session, SessionData,
};
pub use token::{Opened, Policy, Scratch, SealedValues, Sealer, TokenHeader};
pub use wire::{claims::Claims, device::DeviceKey, envelope::Suite, facts::Facts};
