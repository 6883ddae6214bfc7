//! A subscriber that keeps lines.

use std::{
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex},
};

use hardtack::Clock;
use time::format_description::well_known::Rfc3339;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// What was written: `level target: message field=value ...`.
#[derive(Clone)]
pub(crate) struct Log {
    level: Level,
    clock: Clock,
    lines: Arc<Mutex<Vec<(String, String)>>>,
}

impl Log {
    pub(crate) fn new(level: Level, clock: Clock) -> Self {
        Self { level, clock, lines: Arc::default() }
    }

    /// The lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().iter().map(|(_, line)| line.clone()).collect()
    }

    /// The lines so far, each with the time it was written at in front.
    #[cfg(feature = "axum")]
    pub(crate) fn timed(&self) -> Vec<String> {
        self.lines.lock().unwrap().iter().map(|(time, line)| format!("{time} {line}")).collect()
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "hardtack" && *metadata.level() <= self.level
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        let line = format!("{:>5} {}: {}{}", metadata.level(), metadata.target(), fields.message, fields.others);
        let time = self.clock.now().format(&Rfc3339).unwrap();
        self.lines.lock().unwrap().push((time, line));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Fields {
    message: String,
    others: String,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            write!(self.others, " {}={value:?}", field.name()).unwrap();
        }
    }
}
