//! Events as `tracing` events (feature `tracing`).

use core::sync::atomic::{AtomicU64, Ordering};

use tracing::Level;

use super::{Event, EventKind, Observer};
use crate::clock::{Clock, unix_seconds};

/// At most so many warnings in a minute: whoever holds one good cookie can bring about any number.
const WARNINGS_A_MINUTE: u64 = 60;
/// Where the minute stands in the number that counts its warnings.
const MINUTE: u32 = 32;

/// Writes events to `tracing`, target `hardtack`.
///
/// What anybody can bring about with rubbish cookies, or without any, is at `DEBUG`; what every request does at `TRACE`; the
/// life of sessions at `INFO`; and what needs somebody's eye at `WARN`: at most 60 of those in a minute, and then a count of
/// those left out. So a subscriber at `INFO` writes a line for what users do, and none for what they send.
///
/// [`super::Counters`] beside it count what is left out here too.
#[derive(Debug, Default)]
pub struct Tracing {
    clock: Clock,
    /// The minute, and in the lower half the warnings in it.
    warned: AtomicU64,
}

impl Tracing {
    /// An observer for `Builder::observer`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The clock that the minutes of warnings are read from; the operating system's by default.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Counts a warning. Whether it is to be written, and how many were left out in the minute that it ends.
    fn admit_warning(&self) -> (bool, u64) {
        let minute = unix_seconds(self.clock.now()).div_euclid(60);
        let split = |warned: u64| (warned >> MINUTE, warned & u64::from(u32::MAX));
        let counted = self.warned.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |warned| {
            let (of, count) = split(warned);
            let count = if of == minute { count.saturating_add(1).min(u32::MAX.into()) } else { 1 };
            Some((minute << MINUTE) | count)
        });
        let (of, count) = split(counted.unwrap_or_default());
        if of == minute { (count < WARNINGS_A_MINUTE, 0) } else { (true, count.saturating_sub(WARNINGS_A_MINUTE)) }
    }
}

/// Writes an event at a level. What is said is worked out only if it will be written.
macro_rules! write_at {
    ($level:expr, $event:expr) => {
        if tracing::enabled!(target: "hardtack", $level) {
            let event = $event;
            let session = event.session.map(|tag| tag.to_string());
            let key_id = event.key_id.map(|id| id.to_string());
            let (cookie, detail, name) = (event.cookie, detail(&event.kind), event.kind.name());
            tracing::event!(target: "hardtack", $level, cookie, session, key_id, detail, "{name}");
        }
    };
}

impl Observer for Tracing {
    fn observe(&self, event: &Event<'_>) {
        let level = level(event);
        if level == Level::WARN {
            let (written, left_out) = self.admit_warning();
            if left_out > 0 {
                tracing::warn!(target: "hardtack", left_out, "warnings left out in an earlier minute");
            }
            if written {
                write_at!(Level::WARN, event);
            }
        } else if level == Level::INFO {
            write_at!(Level::INFO, event);
        } else if level == Level::DEBUG {
            write_at!(Level::DEBUG, event);
        } else {
            write_at!(Level::TRACE, event);
        }
    }
}

fn level(event: &Event<'_>) -> Level {
    match event.kind {
        EventKind::LargeCookie { .. }
        | EventKind::TooLarge { .. }
        | EventKind::NotWritten(_)
        | EventKind::HookFailed(_)
        | EventKind::DeniedReturned
        | EventKind::RetiredReturned
        | EventKind::WentBackwards { .. }
        | EventKind::RotationOverdue { .. }
        | EventKind::FactsChanged { .. } => Level::WARN,
        EventKind::Refused(_) | EventKind::Held(_) | EventKind::SeveralCookies(_) => Level::DEBUG,
        EventKind::Ended if event.session.is_none() => Level::DEBUG,
        EventKind::Begun { .. } | EventKind::Cycled { .. } | EventKind::Ended | EventKind::KeyringReplaced { .. } => {
            Level::INFO
        }
        EventKind::Opened { .. } | EventKind::Renewed | EventKind::Rekeyed { .. } | EventKind::Sealed { .. } => {
            Level::TRACE
        }
    }
}

/// An event's particulars as text.
fn detail(kind: &EventKind<'_>) -> Option<String> {
    Some(match kind {
        EventKind::Refused(refusal) | EventKind::Held(refusal) => refusal.to_string(),
        EventKind::NotWritten(error) => error.to_string(),
        EventKind::HookFailed(failure) => failure.to_string(),
        EventKind::SeveralCookies(count) => count.to_string(),
        EventKind::FactsChanged { count } => format!("{count} of the client's facts"),
        EventKind::Sealed { size } | EventKind::LargeCookie { size } | EventKind::TooLarge { size } => {
            format!("{size} bytes")
        }
        EventKind::Begun { replaces: Some(tag) } => format!("replaces {tag}"),
        EventKind::Cycled { from: Some(tag) } => format!("from {tag}"),
        EventKind::Rekeyed { from } => format!("from {from}"),
        EventKind::RotationOverdue { since } => format!("since unix {since}"),
        EventKind::KeyringReplaced { keys } => format!("{keys} keys"),
        EventKind::WentBackwards { seconds } => format!("by {seconds} s"),
        _ => return None,
    })
}
