//! What a session asks of the manager behind it.

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::{
    error::{RandomError, Refusal, SealError},
    id::{KeyId, SessionId},
    wire::claims::Claims,
};

/// One request's view of its manager.
pub(crate) trait Backing<T>: Send + Sync {
    /// Opens what the request carried. Called once, at first use.
    fn open(&self) -> Arrival<T>;

    /// The claims of a session that begins in this request.
    fn begin(&self, session_id: SessionId, schema: u16, remembered: bool) -> Result<Claims, SealError>;

    /// A new session id.
    fn new_session_id(&self) -> Result<SessionId, RandomError>;

    /// Whether a session still fits its cookie, however far its times move until it is sealed.
    fn check_size(&self, record: &Record) -> Result<(), SealError>;

    /// The schema to write under.
    fn write_schema(&self) -> u16;

    /// The key that seals.
    fn primary(&self) -> KeyId;
}

/// What a request's cookies came to.
pub(crate) enum Arrival<T> {
    Absent,
    Refused(Refusal),
    Opened { live: Live<T>, renewal_due: bool },
}

/// A session at this moment: its data, and what would be sealed.
pub(crate) struct Live<T> {
    pub(crate) data: Arc<T>,
    pub(crate) record: Record,
}

/// A session without its type: what a token holds.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) claims: Claims,
    pub(crate) payload: Arc<Zeroizing<Vec<u8>>>,
    /// The checked extension block that arrived, carried over on renewal.
    pub(crate) extensions: Zeroizing<Vec<u8>>,
    pub(crate) key_id: KeyId,
}

/// What a response has to carry.
pub(crate) enum Outgoing {
    /// Seal this session. A mere `renewal` may be left out where it is no longer possible.
    Seal { record: Record, renewal: bool },
    /// Remove the cookie.
    Removal,
}
