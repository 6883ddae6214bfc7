//! Events as `tracing` events (feature `tracing`).

use core::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::{Event, EventKind, Observer};

/// At most so many warnings in a minute: whoever holds one good cookie can bring about any number.
const WARNINGS_A_MINUTE: u64 = 60;

/// Writes events to `tracing`, target `hardtack`.
///
/// What anybody can bring about with rubbish cookies is at `DEBUG`, what every request does at `TRACE`, the life of sessions at
/// `INFO`, and what needs somebody's eye at `WARN`: at most 60 of those in a minute, and then a count of those left out. So a
/// subscriber at `INFO` writes a line for what users do, and none for what they send.
#[derive(Debug)]
pub struct Tracing {
    started: Instant,
    /// The minute in the upper half, the warnings in it in the lower.
    warned: AtomicU64,
}

impl Default for Tracing {
    fn default() -> Self {
        Self { started: Instant::now(), warned: AtomicU64::new(0) }
    }
}

impl Tracing {
    /// An observer for `Builder::observer`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn warn(&self, event: &Event<'_>) {
        let minute = self.started.elapsed().as_secs().div_euclid(60);
        let before = self.warned.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |warned| {
            let same = warned >> 32 == minute;
            Some(if same { warned.saturating_add(1) } else { (minute << 32) | 1 })
        });
        let before = before.unwrap_or_default();
        let count = if before >> 32 == minute { before & u64::from(u32::MAX) } else { 0 };
        if count == 0 && before & u64::from(u32::MAX) > WARNINGS_A_MINUTE {
            let left_out = (before & u64::from(u32::MAX)).saturating_sub(WARNINGS_A_MINUTE);
            tracing::warn!(target: "hardtack", left_out, "warnings left out in an earlier minute");
        }
        if count < WARNINGS_A_MINUTE {
            let (session, key_id, detail) = described(event);
            tracing::warn!(target: "hardtack", cookie = event.cookie, session, key_id, detail, "{}", event.kind.name());
        }
    }
}

impl Observer for Tracing {
    fn observe(&self, event: &Event<'_>) {
        if is_warning(&event.kind) {
            return self.warn(event);
        }
        // What is said is worked out only if it will be written.
        match event.kind {
            EventKind::Refused(_) | EventKind::Held(_) | EventKind::SeveralCookies(_) => {
                if tracing::enabled!(target: "hardtack", tracing::Level::DEBUG) {
                    let (session, key_id, detail) = described(event);
                    let name = event.kind.name();
                    tracing::debug!(target: "hardtack", cookie = event.cookie, session, key_id, detail, "{name}");
                }
            }
            EventKind::Begun { .. } | EventKind::Cycled { .. } | EventKind::Ended => {
                let (session, key_id, detail) = described(event);
                let name = event.kind.name();
                tracing::info!(target: "hardtack", cookie = event.cookie, session, key_id, detail, "{name}");
            }
            _ => {
                if tracing::enabled!(target: "hardtack", tracing::Level::TRACE) {
                    let (session, key_id, detail) = described(event);
                    let name = event.kind.name();
                    tracing::trace!(target: "hardtack", cookie = event.cookie, session, key_id, detail, "{name}");
                }
            }
        }
    }
}

fn is_warning(kind: &EventKind<'_>) -> bool {
    matches!(
        kind,
        EventKind::LargeCookie { .. }
            | EventKind::TooLarge { .. }
            | EventKind::NotWritten(_)
            | EventKind::HookFailed(_)
            | EventKind::DeniedReturned
            | EventKind::RetiredReturned
            | EventKind::WentBackwards { .. }
            | EventKind::FactsChanged { .. }
    )
}

/// Session, key and particulars as text; empty where there are none.
fn described(event: &Event<'_>) -> (String, String, String) {
    let text = |value: Option<String>| value.unwrap_or_default();
    let detail = match event.kind {
        EventKind::Refused(refusal) | EventKind::Held(refusal) => refusal.to_string(),
        EventKind::NotWritten(error) => error.to_string(),
        EventKind::HookFailed(failure) => failure.to_string(),
        EventKind::SeveralCookies(count) | EventKind::FactsChanged { count } => count.to_string(),
        EventKind::Sealed { size } | EventKind::LargeCookie { size } | EventKind::TooLarge { size } => {
            format!("{size} bytes")
        }
        EventKind::Begun { replaces: Some(tag) } => format!("replaces {tag}"),
        EventKind::Cycled { from: Some(tag) } => format!("from {tag}"),
        EventKind::Rekeyed { from } => format!("from {from}"),
        EventKind::WentBackwards { seconds } => format!("by {seconds} s"),
        _ => String::new(),
    };
    (text(event.session.map(|tag| tag.to_string())), text(event.key_id.map(|id| id.to_string())), detail)
}
