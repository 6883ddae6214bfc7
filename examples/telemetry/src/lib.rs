//! Events of sessions, as counts for the `metrics` crate and for OpenTelemetry.
//!
//! Both count by the cookie's name, the event and the reason. None of these is the client's to choose, so the number of series is bounded.

use hardtack::{Event, EventKind, Observer};
use opentelemetry::{KeyValue, metrics::Counter, metrics::Meter};

/// Why a cookie was refused or held; empty for every other event.
fn reason(event: &Event<'_>) -> &'static str {
    match event.kind {
        EventKind::Refused(reason) | EventKind::Held(reason) => reason.name(),
        _ => "",
    }
}

/// For the `metrics` crate: counts to whichever recorder the service has installed.
pub struct Metrics;

impl Observer for Metrics {
    fn observe(&self, event: &Event<'_>) {
        let cookie = event.cookie.to_owned();
        metrics::counter!("sessions_events_total", "cookie" => cookie, "event" => event.kind.name(), "reason" => reason(event))
            .increment(1);
    }
}

/// For OpenTelemetry: counts by an instrument of this meter.
pub struct OpenTelemetry(Counter<u64>);

impl OpenTelemetry {
    /// An instrument named `sessions.events`.
    pub fn new(meter: &Meter) -> Self {
        Self(meter.u64_counter("sessions.events").with_description("Events of sessions").build())
    }
}

impl Observer for OpenTelemetry {
    fn observe(&self, event: &Event<'_>) {
        let cookie = KeyValue::new("cookie", event.cookie.to_owned());
        self.0.add(1, &[cookie, KeyValue::new("event", event.kind.name()), KeyValue::new("reason", reason(event))]);
    }
}
