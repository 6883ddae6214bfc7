//! Counts of events, for a metrics endpoint.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::{Event, EventKind, Observer};
use crate::id::KeyId;

/// At most so many different counts are kept: event names, reasons and keys of the ring are few, and what a client chooses freely,
/// such as the key id of a cookie that is not ours, must not fill the memory.
const MOST: usize = 1024;

/// Counts events by cookie, name, reason and key. Share it through an `Arc`: give one clone to `Builder::observer`, and read the
/// other.
#[derive(Debug, Default)]
pub struct Counters(Mutex<Snapshot>);

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
    /// Why a cookie was refused or held, else empty.
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Observer for Counters {
    fn observe(&self, event: &Event<'_>) {
        let reason = match event.kind {
            EventKind::Refused(refusal) | EventKind::Held(refusal) => refusal.name(),
            _ => "",
        };
        let count = Count { cookie: event.cookie.to_owned(), event: event.kind.name(), reason, key_id: event.key_id };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < MOST || counts.contains_key(&count) {
            let counted = counts.entry(count).or_default();
            *counted = counted.saturating_add(1);
        }
    }
}
