//! Times and spans of time, as arguments and for people.

use time::{Duration, OffsetDateTime};

use crate::{
    outcome::Failure,
    written::{self, LAST_SECOND, rfc3339},
};

/// The format's times are below this.
const TIME_END: u64 = 1 << 40;

/// A time as an argument, in unix seconds: written so, or as RFC 3339 has it, in UTC.
pub(crate) fn time(text: &str) -> Result<u64, String> {
    let seconds = text.parse().ok().or_else(|| written::unix_seconds(text));
    let wanted = "write unix seconds, below 2^40, or a time such as 2026-11-26T04:00:00Z";
    seconds.filter(|seconds| *seconds < TIME_END).ok_or_else(|| wanted.to_owned())
}

/// A span of time as an argument.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    written::span(text).ok_or_else(|| "write whole seconds with a unit, such as 60s, 1h or 7days".to_owned())
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
    rfc3339(seconds).to_string()
}
