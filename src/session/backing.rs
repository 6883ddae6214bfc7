//! What a session asks of the manager behind it.

use core::{future::Future, pin::Pin};
use std::sync::Arc;

use time::OffsetDateTime;

use super::{
    codec::WriteAs,
    live::{Live, Record},
};
use crate::{
    crypto::csrf::CsrfToken,
    error::{RandomError, Refusal, SealError, SessionError},
    id::{Fingerprint, KeyId, Lineage, SessionId},
    payload::Proven,
    wire::claims::Claims,
};

/// One request's view of its manager.
pub(crate) trait Backing<T>: Send + Sync {
    /// Opens what the request carried. Called once, at first use. Beside it, the other sessions that opened among the request's
    /// cookies: whoever presents one may end it.
    fn open(&self) -> (Arrival<T>, Vec<Replaced>);

    /// The claims of a session that begins in this request.
    fn begin(&self, beginning: Beginning) -> Result<Claims, SealError>;

    /// Unix seconds of the request.
    fn now(&self) -> u64;

    /// The time of the request.
    fn time(&self) -> OffsetDateTime;

    /// Unix seconds now, after the response has left.
    fn later(&self) -> u64;

    /// Why this session is over at this time, if it is.
    fn over(&self, claims: &Claims, now: u64) -> Option<Refusal>;

    /// Asks the application's hooks about a session whose response has left. Why they refuse it, if they do.
    fn ask(&self, view: HookView<T>) -> Asked<'_>;

    /// How far clocks may differ, in seconds.
    fn skew(&self) -> u64;

    /// Seconds from this time until the session was idle for too long, and until its end.
    fn remaining(&self, claims: &Claims, now: u64) -> (u64, u64);

    /// How many more bytes of payload would fit a cookie whose name and value take at most `limit` bytes.
    fn bytes_left(&self, record: &Record, limit: usize) -> usize;

    /// A new session id.
    fn new_session_id(&self) -> Result<SessionId, RandomError>;

    /// Whether a session still fits its cookie, however far its times move until it is sealed.
    fn check_size(&self, record: &Record) -> Result<(), SealError>;

    /// The schema to write under.
    fn write_as(&self) -> WriteAs;

    /// The layouts whose values need not be read back, unless all are.
    fn proven(&self) -> Option<&Proven>;

    /// The extension block of a session that begins in this request.
    fn extensions(&self) -> Vec<u8>;

    /// A verb failed: the operator is to know why.
    fn tell_failed(&self, verb: &'static str, error: SessionError);

    /// Where people sign in, if that is configured.
    fn sign_in_address(&self) -> Option<&str>;

    /// Whether somebody is to see what answers this request.
    fn shows_page(&self) -> bool;

    /// Whether the browser seems to drop the cookie that the response sets.
    fn may_be_dropped(&self) -> bool;

    /// What this request's tokens are bound to.
    fn binding(&self) -> &[u8];

    /// Whether what `cycle` and `reauthenticate` make of a session is to carry its lineage.
    fn carries_lineage(&self) -> bool;

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

/// What hooks come to.
pub(crate) type Asked<'a> = Pin<Box<dyn Future<Output = Option<Refusal>> + Send + 'a>>;

/// What a request's cookies came to.
pub(crate) enum Arrival<T> {
    Absent,
    Refused(Refusal),
    Opened {
        live: Live<T>,
        renewal: Renewal,
        /// Names the token, where answers about it are remembered.
        token: Option<Fingerprint>,
    },
}

/// Whether a session that arrived is to be sealed again although nothing in it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    NotDue,
    Due,
    /// Another service renews it, or nobody sees what answers this request.
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

/// A session as the application's hooks see it: as it arrived, whatever its handler has made of it since.
pub(crate) struct HookView<T> {
    pub(crate) data: Arc<T>,
    pub(crate) claims: Claims,
    /// What it has in common with all that becomes of it.
    pub(crate) lineage: Lineage,
    /// The key it arrived under.
    pub(crate) key_id: KeyId,
    /// Names its token, where answers about it are remembered.
    pub(crate) token: Option<Fingerprint>,
    /// What the check of its user said in this request.
    pub(crate) check: Check,
    /// The handler has changed the data.
    pub(crate) changed: bool,
    /// The time of the request.
    pub(crate) now: OffsetDateTime,
}

/// What the application's check of the user said in this request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    Unasked,
    /// It passed, when it was asked at this time.
    Passed(OffsetDateTime),
    /// It failed, and by choice the session passes all the same.
    Failed,
    /// The session's user proved themselves in this request.
    NotNeeded,
}

/// A session that a response ends or replaces.
#[derive(Clone, Copy)]
pub(crate) struct Replaced {
    pub(crate) session_id: SessionId,
    /// Where all that became of it ends, too.
    pub(crate) lineage: Option<Lineage>,
    /// Seconds from the sealing of its token to its end.
    pub(crate) lifetime: u64,
}

/// How the response to a request turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Fine,
    /// A verb failed, and the response says so: changes are not written.
    VerbFailed,
    /// The server failed: changes are not written.
    ServerFailed,
    /// The handler did not return: nothing is written, since it may be half done.
    CutOff,
}

impl Outcome {
    /// By the status, and whether a verb failed. 408 is what answers for a handler that took too long.
    pub(crate) fn of(status: u16, verb_failed: bool) -> Self {
        match status {
            408 => Self::CutOff,
            500..=599 => Self::ServerFailed,
            _ if verb_failed => Self::VerbFailed,
            _ => Self::Fine,
        }
    }

    pub(crate) fn is_failure(self) -> bool {
        self != Self::Fine
    }
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
    /// The sessions that the request carried, where this ends or replaces them: one, but for a conflict.
    pub(crate) replaced: Vec<Replaced>,
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
