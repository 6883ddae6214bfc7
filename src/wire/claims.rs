//! The claims of a session, as they stand in the plaintext (FORMAT.md, section 2).

use core::fmt;

use crate::id::SessionId;

/// What a token says about its session: who it is, when it began, when it ends.
///
/// Authenticated and encrypted, never taken from anything the client can write.
#[derive(Clone, Copy, PartialEq, Eq)]
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

/// All but the session's id, by which a list denies it and logs would know it again.
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("remembered", &self.remembered)
            .field("schema", &self.schema)
            .field("created_at", &self.created_at)
            .field("ends_at", &self.ends_at)
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
