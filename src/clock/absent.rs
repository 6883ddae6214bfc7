//! A platform without a clock.

use time::OffsetDateTime;

pub(super) fn now() -> Option<OffsetDateTime> {
    None
}
