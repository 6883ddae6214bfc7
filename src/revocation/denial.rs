//! What a deny-list keeps.

use core::fmt;

use time::{Duration, OffsetDateTime};

use crate::id::{Lineage, SessionId};

/// An id that a [`super::DenyList`] keeps: of one session, or of its lineage, which it shares with all that [`crate::Session::cycle`]
/// and [`crate::Session::reauthenticate`] make of it. It opens nothing. A list need not tell the two kinds apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DenyId([u8; 16]);

impl DenyId {
    /// The sixteen bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<SessionId> for DenyId {
    fn from(session: SessionId) -> Self {
        Self(session.0)
    }
}

impl From<Lineage> for DenyId {
    fn from(lineage: Lineage) -> Self {
        Self(lineage.0)
    }
}

/// In hexadecimal digits.
impl fmt::Display for DenyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DenyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DenyId(..)")
    }
}

/// An entry for a [`super::DenyList`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Denial {
    /// What is denied.
    pub id: DenyId,
    /// For how long, in whole seconds. After that no token of it opens, on the slowest clock either.
    ///
    /// A span and not an instant: a clock that shows a wrong time for a moment neither shortens nor lengthens it.
    pub lasting: Duration,
}

impl Denial {
    /// Denies this id for so long.
    #[must_use]
    pub fn new(id: impl Into<DenyId>, lasting: Duration) -> Self {
        Self { id: id.into(), lasting }
    }

    /// When the entry may go, for lists that keep instants.
    #[must_use]
    pub fn until(&self, now: OffsetDateTime) -> OffsetDateTime {
        now.saturating_add(self.lasting)
    }
}
