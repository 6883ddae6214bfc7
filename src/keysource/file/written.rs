//! Spans and times as they are written, in keyring files and in the command's arguments: the command has this file as a module
//! too, since it is nobody else's.

use std::time::{Duration, UNIX_EPOCH};

/// 9999-12-31T23:59:59Z: the last second that TOML can write.
pub(super) const LAST_SECOND: u64 = 253_402_300_799;

/// Longer than anybody writes a span, and too short for one that overflows while `humantime` adds it up, which panics.
const MAX_SPAN_LEN: usize = 20;

/// The span that is written so, such as `60s`, `1h` or `7days`. Whole seconds; what is longer than can be said, is out of every
/// range, as the longest that can be said.
pub(super) fn span(text: &str) -> Option<time::Duration> {
    let span = Some(text).filter(|text| text.len() <= MAX_SPAN_LEN).map(humantime::parse_duration)?.ok()?;
    (span.subsec_nanos() == 0).then(|| time::Duration::seconds(i64::try_from(span.as_secs()).unwrap_or(i64::MAX)))
}

/// The unix seconds of a time as RFC 3339 has it, in UTC, from 1970 on.
pub(super) fn unix_seconds(text: &str) -> Option<u64> {
    Some(humantime::parse_rfc3339(text).ok()?.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// These unix seconds, which are not past the year 9999, as a time.
pub(super) fn rfc3339(seconds: u64) -> humantime::Rfc3339Timestamp {
    let time = UNIX_EPOCH.checked_add(Duration::from_secs(seconds.min(LAST_SECOND))).unwrap_or(UNIX_EPOCH);
    humantime::format_rfc3339_seconds(time)
}
