//! A deny-list in this process's memory.

use core::fmt;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use time::OffsetDateTime;

use super::{DenyList, HookFuture};
use crate::id::SessionId;

/// Parts with a lock each, so that requests do not wait for one another.
const PARTS: usize = 64;

/// A bounded list of denied sessions in this process's memory: for a single node, for tests, or in front of a shared one.
///
/// An entry takes some 50 bytes, is kept until its session's end, and goes when room is needed after that. A list full of
/// sessions that have not ended takes no more, and says so: nothing is dropped silently.
pub struct MemoryDenyList {
    parts: Vec<Mutex<HashMap<SessionId, OffsetDateTime>>>,
    part_capacity: usize,
}

/// The list is full of sessions that have not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DenyListFull;

impl fmt::Display for DenyListFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the deny-list is full of sessions that have not ended: raise its capacity")
    }
}

impl core::error::Error for DenyListFull {}

impl MemoryDenyList {
    /// A list of about this many sessions, rounded up.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let part = || Mutex::new(HashMap::new());
        Self { parts: (0..PARTS).map(|_| part()).collect(), part_capacity: capacity.div_ceil(PARTS).max(1) }
    }

    fn part(&self, session: SessionId) -> Option<MutexGuard<'_, HashMap<SessionId, OffsetDateTime>>> {
        // The id is random, so any of its bytes spreads.
        let index = usize::from(*session.as_bytes().first()?).checked_rem(self.parts.len())?;
        Some(self.parts.get(index)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn insert(&self, session: SessionId, ends_at: OffsetDateTime) -> Result<(), DenyListFull> {
        let mut part = self.part(session).ok_or(DenyListFull)?;
        if part.len() >= self.part_capacity && !part.contains_key(&session) {
            return Err(DenyListFull);
        }
        let entry = part.entry(session).or_insert(ends_at);
        *entry = ends_at.max(*entry);
        Ok(())
    }

    /// Drops the entries of sessions that have ended by `now`. Called for you when a part is full.
    pub fn prune(&self, now: OffsetDateTime) {
        for part in &self.parts {
            part.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, ends_at| *ends_at > now);
        }
    }

    /// How many sessions are in the list, ended ones that were not dropped yet among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl DenyList for MemoryDenyList {
    fn deny(&self, session: SessionId, ends_at: OffsetDateTime, now: OffsetDateTime) -> HookFuture<'_, ()> {
        let denied = self.insert(session, ends_at).or_else(|_| {
            self.prune(now);
            self.insert(session, ends_at)
        });
        Box::pin(core::future::ready(denied.map_err(Into::into)))
    }

    fn is_denied(&self, session: SessionId, now: OffsetDateTime) -> HookFuture<'_, bool> {
        let denied = self.part(session).is_some_and(|part| part.get(&session).is_some_and(|ends_at| *ends_at > now));
        Box::pin(core::future::ready(Ok(denied)))
    }
}

impl fmt::Debug for MemoryDenyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryDenyList").field("len", &self.len()).finish_non_exhaustive()
    }
}
