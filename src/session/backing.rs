//! What a session asks of the manager behind it.

use std::sync::Arc;

use super::live::{Live, Record};
use crate::{
    crypto::csrf::CsrfToken,
    error::{RandomError, Refusal, SealError},
    id::{KeyId, SessionId},
    wire::claims::Claims,
};

/// One request's view of its manager.
pub(crate) trait Backing<T>: Send + Sync {
    /// Opens what the request carried. Called once, at first use.
    fn open(&self) -> Arrival<T>;

    /// The claims of a session that begins in this request.
    fn begin(&self, beginning: Beginning) -> Result<Claims, SealError>;

    /// Unix seconds of the request.
    fn now(&self) -> u64;

    /// How far clocks may differ, in seconds.
    fn skew(&self) -> u64;

    /// Seconds until the session was idle for too long, and until its end.
    fn remaining(&self, claims: &Claims) -> (u64, u64);

    /// How many more bytes of payload would fit a cookie whose name and value take at most `limit` bytes.
    fn bytes_left(&self, record: &Record, limit: usize) -> usize;

    /// A new session id.
    fn new_session_id(&self) -> Result<SessionId, RandomError>;

    /// Whether a session still fits its cookie, however far its times move until it is sealed.
    fn check_size(&self, record: &Record) -> Result<(), SealError>;

    /// The schema to write under.
    fn write_schema(&self) -> u16;

    /// The extension block of a session that begins in this request.
    fn extensions(&self) -> Vec<u8>;

    /// What this request's tokens are bound to.
    fn binding(&self) -> &[u8];

    /// Until when the device of the session that arrived has proved itself, in unix seconds.
    fn proven_until(&self) -> Option<u64>;

    /// Whether the request carried a proof that can never be good for its session.
    fn has_stale_proof(&self) -> bool;

    /// The key that seals.
    fn primary(&self) -> KeyId;

    /// A token for the forms of the session of this id.
    fn csrf_token(&self, session_id: SessionId) -> Result<CsrfToken, RandomError>;

    /// Whether a form's token is of the session of this id.
    fn verify_csrf(&self, session_id: SessionId, token: &str) -> bool;
}

/// What a request's cookies came to.
pub(crate) enum Arrival<T> {
    Absent,
    Refused(Refusal),
    Opened { live: Live<T>, renewal: Renewal },
}

/// Whether a session that arrived is to be sealed again although nothing in it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    NotDue,
    Due,
    /// Another service renews it.
    NotHere,
}

/// A session that begins.
#[derive(Clone, Copy)]
pub(crate) struct Beginning {
    pub(crate) session_id: SessionId,
    pub(crate) schema: u16,
    pub(crate) remembered: bool,
    /// Unix seconds; a cut-off for this user, or 0.
    pub(crate) not_before: u64,
}

/// A session as the application's hooks see it.
pub(crate) struct HookView<T> {
    pub(crate) data: Arc<T>,
    pub(crate) claims: Claims,
    /// The id it arrived under.
    pub(crate) session_id: SessionId,
    /// The key it arrived under.
    pub(crate) key_id: KeyId,
    /// The check of its user has passed in this request.
    pub(crate) checked: bool,
    /// Unix seconds of the request.
    pub(crate) now: u64,
}

/// What a session comes to when the response leaves.
pub(crate) enum Sent {
    /// There is nothing to write.
    Nothing {
        /// The response depends on it all the same.
        touched: bool,
    },
    Something(Outgoing),
}

/// What a response has to carry.
pub(crate) struct Outgoing {
    /// The session to seal, or `None`: remove the cookie.
    pub(crate) sealed: Option<Sealed>,
    /// A verb asked for it: it is sent whatever becomes of the response.
    pub(crate) explicit: bool,
    /// It would not be sent with a failure.
    pub(crate) unless_failed: bool,
    /// The session that the request carried, where this ends or replaces it: its id, and when it ends.
    pub(crate) replaced: Option<(SessionId, u64)>,
}

/// A session to seal.
pub(crate) struct Sealed {
    pub(crate) record: Record,
    /// Its user proved themselves in this request.
    pub(crate) begun: bool,
    /// The time of issue that it keeps, in unix seconds, where it is not that of the sealing.
    pub(crate) kept_issued_at: Option<u64>,
    /// Nothing but a renewal, which may be left out where it is no longer possible.
    pub(crate) renewal: bool,
}
