//! Counts of events, for a metrics endpoint.

use core::{
    cell::Cell,
    sync::atomic::{AtomicUsize, Ordering},
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::{Event, EventKind, Observer};
use crate::id::KeyId;

/// Parts with a lock each, given to threads in turn, so that requests do not wait for one another.
const PARTS: usize = 16;

/// Counts events by cookie, name, reason and key. Share it through an `Arc`: give one clone to `Builder::observer`, and read the
/// other.
#[derive(Debug, Default)]
pub struct Counters {
    /// Few enough to look through: event names, reasons and keys of the ring. What a client makes up is not among them.
    parts: [Mutex<Vec<(Count, u64)>>; PARTS],
}

/// The counts at a moment.
pub type Snapshot = BTreeMap<Count, u64>;

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Count {
    /// The cookie's name.
    pub cookie: String,
    /// The event's name.
    pub event: &'static str,
    /// Why a cookie was refused or held, or a device; else empty.
    pub reason: &'static str,
    /// The key, where it is one of ours.
    pub key_id: Option<KeyId>,
}

impl Counters {
    /// No counts yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The counts at this moment.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let mut sum = Snapshot::new();
        for part in &self.parts {
            for (count, times) in part.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                let counted = sum.entry(count.clone()).or_default();
                *counted = counted.saturating_add(*times);
            }
        }
        sum
    }
}

impl Observer for Counters {
    fn observe(&self, event: &Event<'_>) {
        let (name, reason) = (event.kind.name(), reason(&event.kind));
        let Some(part) = self.parts.get(part_of_this_thread()) else { return };
        let mut counts = part.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |(count, _): &&mut (Count, u64)| {
            count.event == name
                && count.reason == reason
                && count.key_id == event.key_id
                && count.cookie == event.cookie
        };
        if let Some((_, times)) = counts.iter_mut().find(same) {
            *times = times.saturating_add(1);
        } else {
            counts.push((Count { cookie: event.cookie.to_owned(), event: name, reason, key_id: event.key_id }, 1));
        }
    }
}

fn reason(kind: &EventKind<'_>) -> &'static str {
    match kind {
        EventKind::Refused(refusal) | EventKind::Held(refusal) => refusal.name(),
        EventKind::DeviceRefused(reason) | EventKind::DeviceEnded(reason) => reason.name(),
        EventKind::DeviceSkipped(skip) => skip.name(),
        _ => "",
    }
}

fn part_of_this_thread() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static PART: Cell<Option<usize>> = const { Cell::new(None) };
    }
    PART.with(|part| {
        let index = part.get().unwrap_or_else(|| NEXT.fetch_add(1, Ordering::Relaxed).checked_rem(PARTS).unwrap_or(0));
        part.set(Some(index));
        index
    })
}
