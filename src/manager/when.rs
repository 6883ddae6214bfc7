//! The time of a request: read late, because most first visits need none.

use std::sync::OnceLock;

use time::OffsetDateTime;

/// The time of a request.
pub(super) enum When {
    /// The caller brought it.
    Given(OffsetDateTime),
    /// Read once, when something first depends on it.
    Read(OnceLock<OffsetDateTime>),
}

impl When {
    pub(super) fn or_read(&self, read: impl FnOnce() -> OffsetDateTime) -> OffsetDateTime {
        match self {
            Self::Given(now) => *now,
            Self::Read(kept) => *kept.get_or_init(read),
        }
    }
}
