//! The operating system's clock.

use time::OffsetDateTime;

#[allow(clippy::unnecessary_wraps, reason = "other platforms have none")]
pub(super) fn now() -> Option<OffsetDateTime> {
    Some(OffsetDateTime::now_utc())
}
