//! L1: what an operator may want to know. Never cookie bytes or data.

mod counters;
mod device;
#[cfg(feature = "tracing")]
mod log;
mod observed;
#[cfg(feature = "tracing")]
mod per_minute;
mod watch;

use std::sync::Arc;

use crate::{
    error::{DeviceReason, HookFailure, KeySourceError, LayoutDigest, Refusal, RotationError, SessionError},
    id::{KeyId, SessionTag},
};

pub use counters::{Count, Counters, Snapshot};
pub use device::DeviceSkip;
#[cfg(feature = "tracing")]
pub use log::Tracing;
pub(crate) use observed::Observed;
pub use watch::Watch;

/// Something that happened to a session.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The cookie's name.
    pub cookie: &'a str,
    /// What happened.
    pub kind: EventKind<'a>,
    /// The session, by a keyed hash of its id: the same on all nodes, until the primary key changes.
    pub session: Option<SessionTag>,
    /// The key of the token that arrived, or the one that sealed.
    pub key_id: Option<KeyId>,
}

/// What happened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum EventKind<'a> {
    /// A request's cookie opened.
    Opened {
        /// When it was sealed, in unix seconds.
        issued_at: u64,
    },
    /// A request's cookie was not accepted.
    Refused(Refusal),
    /// A request's cookie was not accepted, and is kept for a node that may know better.
    Held(Refusal),
    /// The cookie that is held was written in another layout of its type than this release has, under the same `SCHEMA`: append
    /// fields at the end, with `#[serde(default)]`, or raise `SCHEMA` and migrate. Told beside [`EventKind::Held`].
    LayoutChanged {
        /// The session's type.
        session_type: &'static str,
        /// The layout that was written.
        written: LayoutDigest,
        /// The layout that the type asked for, as far as the payload could be read.
        read: LayoutDigest,
    },
    /// Several cookies of one name arrived.
    SeveralCookies(usize),
    /// A session began, or its user proved themselves again.
    Begun {
        /// The session that it replaces.
        replaces: Option<SessionTag>,
    },
    /// A session was given a new id.
    Cycled {
        /// The id before.
        from: Option<SessionTag>,
    },
    /// A session was ended, whether or not the request carried a good one.
    Ended,
    /// A session was sealed again although nothing in it changed: half of its idle window was used, its key no longer is the
    /// primary, or it was asked for.
    Renewed,
    /// A session that arrived under another key was sealed under the primary.
    Rekeyed {
        /// The key before.
        from: KeyId,
    },
    /// A cookie was written.
    Sealed {
        /// Bytes of name and value.
        size: usize,
    },
    /// A cookie was written that takes more than half of the largest response head that servers in front accept: 2,048 of 4,096
    /// bytes, unless `Builder::response_head` says otherwise. Browsers keep it, but a proxy may answer 502 in its place.
    LargeCookie {
        /// Bytes of name and value, and of the headers that remove other cookies.
        size: usize,
    },
    /// A write was refused because the cookie would be too large, or a renewal left out.
    TooLarge {
        /// Bytes of name and value.
        size: usize,
    },
    /// A handler asked for a write that could not be made. The response became an error response.
    NotWritten(SessionError),
    /// A verb of a session failed in a handler, or the session could not be given to it. The session is as it was. Not told of what
    /// clients bring about (no session, a held cookie, a form's token, a proof that is not recent), nor of [`Self::TooLarge`] and
    /// [`Self::HookFailed`], which are told by themselves.
    VerbFailed {
        /// The verb, such as `update`; `extract` where the handler got no session.
        verb: &'static str,
        /// Why.
        error: SessionError,
    },
    /// A hook of the application failed, and the session was refused, unless configured otherwise. Or a function that takes facts panicked. The
    /// event then names no session.
    HookFailed(&'a HookFailure),
    /// A denied session came back: somebody holds a copy of its cookie.
    DeniedReturned,
    /// A session's id came back after it was cycled, replaced or ended. Told by [`Watch`].
    RetiredReturned,
    /// A session arrived with an older token than before. Told by [`Watch`].
    WentBackwards {
        /// By how many seconds.
        seconds: u64,
    },
    /// A cookie was sealed under a key that should have made room for another: rotation is overdue. Told at every sealing.
    RotationOverdue {
        /// Since when, in unix seconds.
        since: u64,
    },
    /// A session began, and the browser may drop its cookie. The request looks like plain http, where browsers drop a cookie with
    /// `Secure`, and people seem to be logged out at once. Serve https, or see `Builder::insecure_plain_http`. An old Safari over
    /// https looks the same.
    MayBeDropped,
    /// A layer or manager was built that sends its cookie over plain http (`insecure_plain_http`).
    PlainHttp,
    /// The clock jumped, further than the skew. A jump ahead counts for keys once the clock has kept to it for ten minutes;
    /// until then there are no renewals. Told once a jump.
    ClockJumped {
        /// By how many seconds; below zero where it was set back.
        seconds: i64,
    },
    /// When the service started: a key of its ring ceases to open a little before what it seals has expired. Rings of before may;
    /// from the next minor release on they are refused.
    KeyOpensTooBriefly {
        /// By how many seconds.
        seconds: u64,
    },
    /// A running service was given another ring.
    KeyringReplaced {
        /// How many keys it has.
        keys: usize,
    },
    /// A response offered its browser to bind the session to the device.
    DeviceOffered,
    /// A browser registered a key: its session is bound from now on.
    DeviceBound,
    /// A browser proved its key anew.
    DeviceProved,
    /// A bound session arrived unbound beside its proof, since responses overtook each other; it is bound again.
    DeviceHealed,
    /// A registration was refused, or a browser was asked for another proof.
    DeviceRefused(DeviceReason),
    /// A browser was told that its bound session is over.
    DeviceEnded(DeviceReason),
    /// A browser sent a request without refreshing first, and said why.
    DeviceSkipped(DeviceSkip),
    /// A ring was offered to a running service, and sessions would be lost by it. The old ring stays.
    KeyringRefused(&'a RotationError),
    /// A new ring reached this node later than the keyring's `propagation_delay` allows. What the node sealed meanwhile may end
    /// earlier by as much.
    KeyringLate {
        /// By how many seconds.
        seconds: u64,
    },
    /// A look at the source of the keyring failed. The old ring stays, and the source is looked at again.
    KeySourceFailed(&'a KeySourceError),
    /// Where the keyring comes from, if it is watched or was found in the environment. Told once to every layer and manager that
    /// works with it.
    KeySource {
        /// The source's name: the path of a file, or the variable.
        name: &'a str,
    },
    /// Everybody on this machine can read the file with the keys. Told once.
    KeyFileReadable {
        /// The source's name.
        name: &'a str,
    },
    /// The source is looked at less often than the keyring's `propagation_delay` promises.
    SlowPolling {
        /// Seconds between two looks.
        interval: u64,
        /// Seconds that the keyring gives a new ring to reach every node.
        propagation_delay: u64,
    },
    /// The client's facts are not those of the login.
    FactsChanged {
        /// How many of them differ.
        count: usize,
    },
}

impl EventKind<'_> {
    /// The event's name, for logs and counters.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Refused(_) => "refused",
            Self::Held(_) => "held",
            Self::LayoutChanged { .. } => "layout_changed",
            Self::SeveralCookies(_) => "several_cookies",
            Self::Begun { .. } => "begun",
            Self::Cycled { .. } => "cycled",
            Self::Ended => "ended",
            Self::Renewed => "renewed",
            Self::Rekeyed { .. } => "rekeyed",
            Self::Sealed { .. } => "sealed",
            Self::LargeCookie { .. } => "large_cookie",
            Self::TooLarge { .. } => "too_large",
            Self::NotWritten(_) => "not_written",
            Self::VerbFailed { .. } => "verb_failed",
            Self::HookFailed(_) => "hook_failed",
            Self::DeniedReturned => "denied_returned",
            Self::RetiredReturned => "retired_returned",
            Self::WentBackwards { .. } => "went_backwards",
            Self::RotationOverdue { .. } => "rotation_overdue",
            Self::MayBeDropped => "may_be_dropped",
            Self::PlainHttp => "plain_http",
            Self::ClockJumped { .. } => "clock_jumped",
            Self::KeyOpensTooBriefly { .. } => "key_opens_too_briefly",
            Self::KeyringReplaced { .. } => "keyring_replaced",
            Self::DeviceOffered => "device_offered",
            Self::DeviceBound => "device_bound",
            Self::DeviceProved => "device_proved",
            Self::DeviceHealed => "device_healed",
            Self::DeviceRefused(_) => "device_refused",
            Self::DeviceEnded(_) => "device_ended",
            Self::DeviceSkipped(_) => "device_skipped",
            Self::KeyringRefused(_) => "keyring_refused",
            Self::KeyringLate { .. } => "keyring_late",
            Self::KeySourceFailed(_) => "key_source_failed",
            Self::KeySource { .. } => "key_source",
            Self::KeyFileReadable { .. } => "key_file_readable",
            Self::SlowPolling { .. } => "slow_polling",
            Self::FactsChanged { .. } => "facts_changed",
        }
    }
}

/// Is told events, on the thread of the request. The request waits without a limit, so an observer should be quick, and must not block.
///
/// If an observer panics, it is passed over: the request goes on, and the observers after it are told.
pub trait Observer: Send + Sync + 'static {
    /// Takes one event.
    fn observe(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Send + Sync + 'static> Observer for F {
    fn observe(&self, event: &Event<'_>) {
        self(event);
    }
}

impl<O: Observer + ?Sized> Observer for Arc<O> {
    fn observe(&self, event: &Event<'_>) {
        (**self).observe(event);
    }
}
