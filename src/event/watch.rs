//! Signals that somebody uses a copy of a session's cookie. Signals, never gates.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::{Event, EventKind, Observer};
use crate::id::SessionTag;

/// An observer that notices copied cookies. It remembers what it saw of sessions on this node, passes all events on to the observer inside it,
/// and adds two of its own:
///
/// | event | means |
/// | --- | --- |
/// | [`EventKind::RetiredReturned`] | an id came back after it was cycled, replaced or ended |
/// | [`EventKind::WentBackwards`] | a session arrived with an older token than before |
///
/// Both are signals, and refuse nothing. Parallel requests cause them for a moment, and so does whoever restores an old cookie. A thief causes them
/// again and again. A `Watch` has room for as many sessions as you give it. If a part is full, it forgets a 64th of them at once.
#[derive(Debug)]
pub struct Watch<O> {
    inner: O,
    /// Parts with a lock each, so that requests do not wait for one another.
    parts: Vec<Mutex<HashMap<SessionTag, Seen>>>,
    part_capacity: usize,
}

const PARTS: usize = 64;

#[derive(Clone, Copy, Debug)]
enum Seen {
    IssuedAt(u64),
    Retired,
}

impl<O: Observer> Watch<O> {
    /// A watch over this many sessions, some 40 bytes each, that tells `inner`.
    #[must_use]
    pub fn new(capacity: usize, inner: O) -> Self {
        let parts = (0..PARTS).map(|_| Mutex::default()).collect();
        Self { inner, parts, part_capacity: capacity.div_ceil(PARTS).max(1) }
    }

    fn remember(&self, session: SessionTag, now: Seen) -> Option<Seen> {
        // The tag is a hash, so any of its bytes spreads.
        let index = usize::from(*session.as_bytes().first()?).checked_rem(PARTS)?;
        let mut seen = self.parts.get(index)?.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= self.part_capacity && !seen.contains_key(&session) {
            seen.clear();
        }
        let before = seen.get(&session).copied();
        let kept = match (before, now) {
            (Some(Seen::Retired), _) => Seen::Retired,
            (Some(Seen::IssuedAt(before)), Seen::IssuedAt(now)) => Seen::IssuedAt(before.max(now)),
            _ => now,
        };
        seen.insert(session, kept);
        before
    }

    fn look(&self, event: &Event<'_>) -> Option<EventKind<'static>> {
        let retired = match event.kind {
            EventKind::Opened { issued_at } => {
                return match self.remember(event.session?, Seen::IssuedAt(issued_at))? {
                    Seen::Retired => Some(EventKind::RetiredReturned),
                    Seen::IssuedAt(before) if issued_at < before => {
                        Some(EventKind::WentBackwards { seconds: before.saturating_sub(issued_at) })
                    }
                    Seen::IssuedAt(_) => None,
                };
            }
            EventKind::Cycled { from } => from,
            EventKind::Begun { replaces } => replaces,
            EventKind::Ended => event.session,
            _ => None,
        };
        self.remember(retired?, Seen::Retired);
        None
    }
}

impl<O: Observer> Observer for Watch<O> {
    fn observe(&self, event: &Event<'_>) {
        // First, so that it remembers although the other panics.
        let noticed = self.look(event);
        self.inner.observe(event);
        if let Some(kind) = noticed {
            self.inner.observe(&Event { kind, ..*event });
        }
    }
}
