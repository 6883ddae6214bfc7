//! A clock that the page can turn ahead, so that nobody has to wait for a timeout.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use hardtack::{
    Clock,
    time::{Duration, OffsetDateTime},
};

/// The operating system's time, and the seconds that the page has added. It never goes back.
#[derive(Clone, Default)]
pub(crate) struct DemoClock(Arc<AtomicI64>);

impl DemoClock {
    pub(crate) fn now(&self) -> OffsetDateTime {
        let ahead = Duration::seconds(self.0.load(Ordering::Relaxed));
        OffsetDateTime::now_utc().saturating_add(ahead)
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(by.whole_seconds(), Ordering::Relaxed);
    }

    /// The same clock, as the session layers take it.
    pub(crate) fn for_layers(&self) -> Clock {
        let clock = self.clone();
        Clock::from_fn(move || clock.now())
    }
}

/// A span as people say it: its two largest units.
pub(crate) fn span(span: Duration) -> String {
    let parts = [
        (span.whole_days(), "d"),
        (span.whole_hours().checked_rem(24).unwrap_or(0), "h"),
        (span.whole_minutes().checked_rem(60).unwrap_or(0), "min"),
        (span.whole_seconds().checked_rem(60).unwrap_or(0), "s"),
    ];
    let shown = parts.into_iter().filter(|(count, _)| *count > 0).take(2);
    let words: Vec<_> = shown.map(|(count, unit)| format!("{count} {unit}")).collect();
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}
