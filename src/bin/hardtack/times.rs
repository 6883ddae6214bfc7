//! Times and spans of time, as arguments and for people.

use std::time::{Duration as Span, UNIX_EPOCH};

use time::{Duration, OffsetDateTime};

use crate::outcome::Failure;

/// The format's times are below this.
const TIME_END: u64 = 1 << 40;
/// 9999-12-31T23:59:59Z.
const LAST_SECOND: u64 = 253_402_300_799;

/// Longer than anybody writes a span, and too short for one that overflows while `humantime` adds it up, which panics.
const MAX_SPAN_LEN: usize = 20;

/// A time as an argument, in unix seconds: written so, or as RFC 3339 has it, in UTC.
pub(crate) fn time(text: &str) -> Result<u64, String> {
    let rfc3339 = || humantime::parse_rfc3339(text).ok()?.duration_since(UNIX_EPOCH).ok();
    let seconds = text.parse().ok().or_else(|| rfc3339().map(|since| since.as_secs()));
    let wanted = "write unix seconds, below 2^40, or a time such as 2026-11-26T04:00:00Z";
    seconds.filter(|seconds| *seconds < TIME_END).ok_or_else(|| wanted.to_owned())
}

/// A span of time as an argument.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let span = Some(text).filter(|text| text.len() <= MAX_SPAN_LEN).map(humantime::parse_duration);
    let span = span.and_then(Result::ok).filter(|span| span.subsec_nanos() == 0);
    let wanted = "write whole seconds with a unit, such as 60s, 1h or 7days";
    span.map(|span| seconds(span.as_secs())).ok_or_else(|| wanted.to_owned())
}

/// What is longer than can be said, is out of every range, as the longest that can be said.
pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// These unix seconds as an instant, for what knows no times past the year 9999.
pub(crate) fn instant(seconds: u64) -> Result<OffsetDateTime, Failure> {
    let seconds = i64::try_from(seconds.min(TIME_END)).unwrap_or_default();
    let past = |_| Failure::unusable("a time is past the year 9999: give an earlier one");
    OffsetDateTime::from_unix_timestamp(seconds).map_err(past)
}

/// Unix seconds; a clock before 1970 reads as 0.
pub(crate) fn unix(instant: OffsetDateTime) -> u64 {
    u64::try_from(instant.unix_timestamp()).unwrap_or(0)
}

/// A time for people: RFC 3339 in UTC, to the second.
pub(crate) fn shown(seconds: u64) -> String {
    if seconds > LAST_SECOND {
        return format!("unix {seconds}");
    }
    let time = UNIX_EPOCH.checked_add(Span::from_secs(seconds)).unwrap_or(UNIX_EPOCH);
    humantime::format_rfc3339_seconds(time).to_string()
}
