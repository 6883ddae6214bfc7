//! A deny-list in this process's memory.

use core::fmt;
use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
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
    capacity: usize,
    len: AtomicUsize,
    /// Unix seconds: no entry ends before. A full list is not searched in vain.
    first_end: AtomicI64,
    /// One at a time, so that whoever finds the list full waits for the room that another makes.
    pruning: Mutex<()>,
}

/// The list is full of sessions that have not ended.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DenyListFull;

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for DenyListFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for DenyListFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the deny-list is full of sessions that have not ended: raise its capacity")
    }
}

impl core::error::Error for DenyListFull {}

impl MemoryDenyList {
    /// A list of at most this many sessions.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let parts = (0..PARTS).map(|_| Mutex::default()).collect();
        let (len, first_end) = (AtomicUsize::new(0), AtomicI64::new(i64::MAX));
        Self { parts, capacity, len, first_end, pruning: Mutex::default() }
    }

    fn part(&self, session: SessionId) -> Option<MutexGuard<'_, HashMap<SessionId, OffsetDateTime>>> {
        // The id is random, so any of its bytes spreads.
        let index = usize::from(*session.as_bytes().first()?).checked_rem(self.parts.len())?;
        Some(self.parts.get(index)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn insert(&self, session: SessionId, ends_at: OffsetDateTime) -> Result<(), DenyListFull> {
        let mut part = self.part(session).ok_or(DenyListFull)?;
        if let Some(known) = part.get_mut(&session) {
            *known = ends_at.max(*known);
            return Ok(());
        }
        let one_more = |len: usize| (len < self.capacity).then(|| len.saturating_add(1));
        self.len.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).map_err(|_| DenyListFull)?;
        part.insert(session, ends_at);
        self.first_end.fetch_min(ends_at.unix_timestamp(), Ordering::SeqCst);
        Ok(())
    }

    /// Drops the entries of sessions that have ended by `now`. Called for you when the list is full.
    pub fn prune(&self, now: OffsetDateTime) {
        let _one = self.pruning.lock().unwrap_or_else(PoisonError::into_inner);
        if self.first_end.load(Ordering::SeqCst) > now.unix_timestamp() {
            return;
        }
        // What comes in meanwhile lowers it, under the lock of its part.
        self.first_end.store(i64::MAX, Ordering::SeqCst);
        for part in &self.parts {
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            let before = part.len();
            part.retain(|_, ends_at| *ends_at > now);
            self.len.fetch_sub(before.saturating_sub(part.len()), Ordering::Relaxed);
            let first = part.values().map(|ends_at| ends_at.unix_timestamp()).min();
            self.first_end.fetch_min(first.unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }

    /// How many sessions are in the list, ended ones that were not dropped yet among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
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
