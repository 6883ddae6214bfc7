//! The claims of a session, as they stand in the plaintext (FORMAT.md, section 2).

use crate::id::SessionId;

/// What a token says about its session: who it is, when it began, when it ends.
///
/// Authenticated and encrypted, never taken from anything the client can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    pub(crate) remembered: bool,
    pub(crate) schema: u16,
    /// Unix seconds, as all times here; the differences are formed when the plaintext is written.
    pub(crate) created_at: u64,
    pub(crate) ends_at: u64,
    pub(crate) issued_at: u64,
    pub(crate) expires_at: u64,
    pub(crate) session_id: SessionId,
}
