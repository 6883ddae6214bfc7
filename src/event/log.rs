//! Events as `tracing` events (feature `tracing`).

use tracing::Level;

use super::{
    Event, EventKind, Observer,
    per_minute::{Admission, PerMinute},
};
use crate::clock::{Clock, unix_seconds};

/// At most so many of a kind in a minute.
const MOST: u64 = 60;

/// Writes events to `tracing`, target `hardtack`.
///
/// | level | events | lines a minute |
/// | --- | --- | --- |
/// | `TRACE` | what every request does | no limit |
/// | `DEBUG` | what anybody can cause with made-up cookies, or without any | no limit |
/// | `INFO` | the life of sessions | 60 of each kind |
/// | `WARN` | what needs somebody's eye | 60 of each kind; 1 of an overdue rotation |
///
/// If lines were left out, the next one of that kind comes after a count of them. The limit is there because anybody can cause any number of
/// events if a page begins an anonymous session, as for a flash message. So no made-up cookie writes a line at `INFO`, and no kind hides
/// another.
///
/// Each `Tracing` counts for itself. Give each layer one of its own: flash messages then use up no line of a login's. [`super::Counters`]
/// beside it count what is left out here, too.
#[derive(Debug, Default)]
pub struct Tracing {
    clock: Clock,
    limits: Limits,
}

/// What was written in this minute, by kind: whoever holds one good cookie, or gets an anonymous one, can bring about any number of
/// some.
#[derive(Debug, Default)]
struct Limits {
    layout_changed: PerMinute,
    large_cookie: PerMinute,
    too_large: PerMinute,
    not_written: PerMinute,
    hook_failed: PerMinute,
    denied_returned: PerMinute,
    retired_returned: PerMinute,
    went_backwards: PerMinute,
    facts_changed: PerMinute,
    clock_jumped: PerMinute,
    key_opens_too_briefly: PerMinute,
    rotation_overdue: PerMinute,
    verb_failed: PerMinute,
    may_be_dropped: PerMinute,
    plain_http: PerMinute,
    begun: PerMinute,
    cycled: PerMinute,
    ended: PerMinute,
    keyring_replaced: PerMinute,
    device_bound: PerMinute,
    keyring_refused: PerMinute,
    keyring_late: PerMinute,
    key_source_failed: PerMinute,
    key_source: PerMinute,
    key_file_readable: PerMinute,
    slow_polling: PerMinute,
}

/// The level that an event is written at, and the count that limits it.
enum Weight<'a> {
    Warn(&'a PerMinute),
    Info(&'a PerMinute),
    Debug,
    Trace,
}

impl Tracing {
    /// An observer for `Builder::observer`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The clock that the minutes are read from; the operating system's by default.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Counts one that is limited. Whether it is to be written, and how many of its kind were not before.
    fn admit(&self, counted: &PerMinute, kind: &EventKind<'_>) -> Admission {
        // Every sealing tells of an overdue rotation, and one line says it all.
        let most = if matches!(kind, EventKind::RotationOverdue { .. }) { 1 } else { MOST };
        counted.count(unix_seconds(self.clock.now()), most)
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

/// Writes an event at a level if it is admitted, and before it how many of its kind were not.
macro_rules! write_limited {
    ($level:expr, $event:expr, $admission:expr, $left_out:literal) => {
        let Admission { admitted, left_out } = $admission;
        if left_out > 0 {
            tracing::event!(target: "hardtack", $level, kind = $event.kind.name(), left_out, $left_out);
        }
        if admitted {
            write_at!($level, $event);
        }
    };
}

impl Observer for Tracing {
    fn observe(&self, event: &Event<'_>) {
        match self.limits.weigh(event) {
            Weight::Warn(counted) => {
                let admission = self.admit(counted, &event.kind);
                write_limited!(Level::WARN, event, admission, "warnings left out in an earlier minute");
            }
            Weight::Info(counted) => {
                let admission = self.admit(counted, &event.kind);
                write_limited!(Level::INFO, event, admission, "events left out in an earlier minute");
            }
            Weight::Debug => write_at!(Level::DEBUG, event),
            Weight::Trace => write_at!(Level::TRACE, event),
        }
    }
}

impl Limits {
    fn weigh(&self, event: &Event<'_>) -> Weight<'_> {
        match event.kind {
            EventKind::LayoutChanged { .. } => Weight::Warn(&self.layout_changed),
            EventKind::LargeCookie { .. } => Weight::Warn(&self.large_cookie),
            EventKind::TooLarge { .. } => Weight::Warn(&self.too_large),
            EventKind::NotWritten(_) => Weight::Warn(&self.not_written),
            EventKind::VerbFailed { .. } => Weight::Warn(&self.verb_failed),
            EventKind::HookFailed(_) => Weight::Warn(&self.hook_failed),
            EventKind::DeniedReturned => Weight::Warn(&self.denied_returned),
            EventKind::RetiredReturned => Weight::Warn(&self.retired_returned),
            EventKind::WentBackwards { .. } => Weight::Warn(&self.went_backwards),
            EventKind::RotationOverdue { .. } => Weight::Warn(&self.rotation_overdue),
            EventKind::FactsChanged { .. } => Weight::Warn(&self.facts_changed),
            EventKind::MayBeDropped => Weight::Warn(&self.may_be_dropped),
            EventKind::PlainHttp => Weight::Warn(&self.plain_http),
            EventKind::ClockJumped { .. } => Weight::Warn(&self.clock_jumped),
            EventKind::KeyOpensTooBriefly { .. } => Weight::Warn(&self.key_opens_too_briefly),
            EventKind::Refused(_)
            | EventKind::Held(_)
            | EventKind::SeveralCookies(_)
            | EventKind::DeviceRefused(_)
            | EventKind::DeviceEnded(_)
            | EventKind::DeviceSkipped(_) => Weight::Debug,
            EventKind::DeviceBound => Weight::Info(&self.device_bound),
            EventKind::KeyringRefused(_) => Weight::Warn(&self.keyring_refused),
            EventKind::KeyringLate { .. } => Weight::Warn(&self.keyring_late),
            EventKind::KeySourceFailed(_) => Weight::Warn(&self.key_source_failed),
            EventKind::KeyFileReadable { .. } => Weight::Warn(&self.key_file_readable),
            EventKind::SlowPolling { .. } => Weight::Warn(&self.slow_polling),
            EventKind::KeySource { .. } => Weight::Info(&self.key_source),
            EventKind::Ended if event.session.is_none() => Weight::Debug,
            EventKind::Begun { .. } => Weight::Info(&self.begun),
            EventKind::Cycled { .. } => Weight::Info(&self.cycled),
            EventKind::Ended => Weight::Info(&self.ended),
            EventKind::KeyringReplaced { .. } => Weight::Info(&self.keyring_replaced),
            EventKind::Opened { .. }
            | EventKind::Renewed
            | EventKind::Rekeyed { .. }
            | EventKind::Sealed { .. }
            | EventKind::DeviceOffered
            | EventKind::DeviceProved
            | EventKind::DeviceHealed => Weight::Trace,
        }
    }
}

/// An event's particulars as text.
fn detail(kind: &EventKind<'_>) -> Option<String> {
    Some(match kind {
        EventKind::Refused(refusal) | EventKind::Held(refusal) => refusal.to_string(),
        EventKind::LayoutChanged { session_type, written, read } => format!(
            "{session_type} was written in layout {written} and is read in layout {read}: \
             append fields at its end, with #[serde(default)], or raise SCHEMA and migrate"
        ),
        EventKind::DeviceRefused(reason) | EventKind::DeviceEnded(reason) => reason.to_string(),
        EventKind::DeviceSkipped(skip) => skip.name().to_owned(),
        EventKind::NotWritten(error) => error.to_string(),
        EventKind::VerbFailed { verb, error } => format!("{verb}: {error}"),
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
        EventKind::MayBeDropped => {
            "the request looks like plain http, where browsers drop this cookie: serve https, or see insecure_plain_http".to_owned()
        }
        EventKind::PlainHttp => "everybody on the way can read and replay this cookie".to_owned(),
        EventKind::KeyringReplaced { keys } => format!("{keys} keys"),
        EventKind::WentBackwards { seconds } | EventKind::KeyOpensTooBriefly { seconds } => format!("by {seconds} s"),
        EventKind::ClockJumped { seconds } => format!("by {seconds} s"),
        EventKind::KeyringLate { seconds } => format!("by {seconds} s: bring rings to this node sooner, or raise the propagation_delay"),
        EventKind::KeyringRefused(error) => error.to_string(),
        EventKind::KeySourceFailed(error) => error.to_string(),
        EventKind::KeySource { name } => (*name).to_owned(),
        EventKind::KeyFileReadable { name } => {
            format!("everybody on this machine can read {name}: take the right away")
        }
        EventKind::SlowPolling { interval, propagation_delay } => {
            format!("every {interval} s, but the keyring has a propagation_delay of {propagation_delay} s")
        }
        _ => return None,
    })
}
