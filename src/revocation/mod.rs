//! L3: ending sessions that somebody else holds: the application's check of a user, and lists of denied session ids.

mod denial;
mod guarded;
mod memory;
#[cfg_attr(
    any(not(any(feature = "actix-web", feature = "tower")), all(target_family = "wasm", target_os = "unknown")),
    path = "no_timer.rs"
)]
mod timer;

use core::{future::Future, pin::Pin};
use std::sync::Arc;

use time::OffsetDateTime;

pub use denial::{Denial, DenyId};
pub(crate) use guarded::{Sleep, guarded};
pub use memory::{DenyListFull, MemoryDenyList};
pub(crate) use timer::HAS_TIMER;
#[cfg(any(feature = "actix-web", feature = "tower"))]
pub(crate) use timer::sleep;

/// What went wrong in a hook: an application's own error.
pub type HookError = Box<dyn core::error::Error + Send + Sync>;

/// What a hook returns: boxed, so that hooks can be stored.
pub type HookFuture<'a, V> = Pin<Box<dyn Future<Output = Result<V, HookError>> + Send + 'a>>;

/// What the application's check says of a session's user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The session goes on.
    Valid,
    /// The session is refused: the account is disabled, the password was changed, the user logged out everywhere.
    Revoked,
}

impl Verdict {
    /// [`Verdict::Valid`] if `valid`.
    #[must_use]
    pub fn valid_if(valid: bool) -> Self {
        if valid { Self::Valid } else { Self::Revoked }
    }
}

/// A list of sessions that are denied although their tokens are good: logout of one session, everywhere.
///
/// The list keeps ids of 16 bytes, each for the time that comes with it. A list that nodes do not share works only for the node
/// that wrote it. In an `Arc` it serves several layers.
pub trait DenyList: Send + Sync + 'static {
    /// Denies these ids, each for its time from `now` on: all of them, or none.
    ///
    /// # Errors
    /// Whatever keeps the list from taking them. The response then becomes an error response.
    fn deny<'a>(&'a self, denials: &'a [Denial], now: OffsetDateTime) -> HookFuture<'a, ()>;

    /// Whether any of these ids is denied: a session's own, and that of its lineage.
    ///
    /// # Errors
    /// Whatever keeps the list from answering. The session then is refused, unless configured otherwise.
    fn is_denied(&self, ids: [DenyId; 2], now: OffsetDateTime) -> HookFuture<'_, bool>;
}

impl<L: DenyList + ?Sized> DenyList for Arc<L> {
    fn deny<'a>(&'a self, denials: &'a [Denial], now: OffsetDateTime) -> HookFuture<'a, ()> {
        (**self).deny(denials, now)
    }

    fn is_denied(&self, ids: [DenyId; 2], now: OffsetDateTime) -> HookFuture<'_, bool> {
        (**self).is_denied(ids, now)
    }
}
