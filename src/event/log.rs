//! Events as `tracing` events (feature `tracing`).

use tracing::Level;

use super::{Event, EventKind, Observer, per_minute::PerMinute};
use crate::clock::{Clock, unix_seconds};

/// At most so many warnings of a kind in a minute.
const MOST: u64 = 60;

/// Writes events to `tracing`, target `hardtack`.
///
/// What anybody can bring about with rubbish cookies, or without any, is at `DEBUG`; what every request does at `TRACE`; the
/// life of sessions at `INFO`; and what needs somebody's eye at `WARN`: at most 60 of each kind in a minute (of an overdue rotation
/// one), and then, before the next of that kind, a count of those left out. So a subscriber at `INFO` writes a line for what users do, and none for
/// what they send; and no kind of warning hides another.
///
/// [`super::Counters`] beside it count what is left out here too.
#[derive(Debug, Default)]
pub struct Tracing {
    clock: Clock,
    warned: Warned,
}

/// The warnings of this minute, by kind: whoever holds one good cookie can bring about any number of some.
#[derive(Debug, Default)]
struct Warned {
    large_cookie: PerMinute,
    too_large: PerMinute,
    not_written: PerMinute,
    hook_failed: PerMinute,
    denied_returned: PerMinute,
    retired_returned: PerMinute,
    went_backwards: PerMinute,
    facts_changed: PerMinute,
    rotation_overdue: PerMinute,
}

/// The level that an event is written at, and the limit of a warning.
enum Weight<'a> {
    Warn(&'a PerMinute),
    Info,
    Debug,
    Trace,
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

    /// Counts a warning. Whether it is to be written; if others of its kind were not, it says so.
    fn admit(&self, warned: &PerMinute, kind: &EventKind<'_>) -> bool {
        // Every sealing tells of an overdue rotation, and one line says it all.
        let most = if matches!(kind, EventKind::RotationOverdue { .. }) { 1 } else { MOST };
        let admission = warned.count(unix_seconds(self.clock.now()), most);
        if admission.left_out > 0 {
            let (kind, left_out) = (kind.name(), admission.left_out);
            tracing::warn!(target: "hardtack", kind, left_out, "warnings left out in an earlier minute");
        }
        admission.admitted
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
        match self.warned.weigh(event) {
            Weight::Warn(warned) if !self.admit(warned, &event.kind) => {}
            Weight::Warn(_) => write_at!(Level::WARN, event),
            Weight::Info => write_at!(Level::INFO, event),
            Weight::Debug => write_at!(Level::DEBUG, event),
            Weight::Trace => write_at!(Level::TRACE, event),
        }
    }
}

impl Warned {
    fn weigh(&self, event: &Event<'_>) -> Weight<'_> {
        match event.kind {
            EventKind::LargeCookie { .. } => Weight::Warn(&self.large_cookie),
            EventKind::TooLarge { .. } => Weight::Warn(&self.too_large),
            EventKind::NotWritten(_) => Weight::Warn(&self.not_written),
            EventKind::HookFailed(_) => Weight::Warn(&self.hook_failed),
            EventKind::DeniedReturned => Weight::Warn(&self.denied_returned),
            EventKind::RetiredReturned => Weight::Warn(&self.retired_returned),
            EventKind::WentBackwards { .. } => Weight::Warn(&self.went_backwards),
            EventKind::RotationOverdue { .. } => Weight::Warn(&self.rotation_overdue),
            EventKind::FactsChanged { .. } => Weight::Warn(&self.facts_changed),
            EventKind::Refused(_) | EventKind::Held(_) | EventKind::SeveralCookies(_) => Weight::Debug,
            EventKind::Ended if event.session.is_none() => Weight::Debug,
            EventKind::Begun { .. }
            | EventKind::Cycled { .. }
            | EventKind::Ended
            | EventKind::KeyringReplaced { .. } => Weight::Info,
            EventKind::Opened { .. } | EventKind::Renewed | EventKind::Rekeyed { .. } | EventKind::Sealed { .. } => {
                Weight::Trace
            }
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
