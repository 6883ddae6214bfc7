//! A deny-list in this process's memory.

use core::fmt;
use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use time::OffsetDateTime;

use super::{Denial, DenyId, DenyList, HookFuture};
use crate::clock::{Clock, unix_seconds, whole_seconds};

/// Parts with a lock each, so that requests do not wait for one another.
const PARTS: usize = 64;

/// A bounded list of denied sessions in this process's memory: for a single node, for tests, or in front of a shared one.
///
/// An entry takes some 50 bytes, is kept for the time it was given, and goes when room is needed after that. A logout takes two
/// entries, a cycle one. A list that is full of entries whose time is not over takes no more, and says so: nothing is dropped
/// silently. Time is what passes by a monotonic clock. So a clock that jumps makes the list forget nothing early.
pub struct MemoryDenyList {
    parts: Vec<Mutex<HashMap<DenyId, u64>>>,
    capacity: usize,
    len: AtomicUsize,
    /// No entry ends before this second. A full list is not searched in vain.
    first_end: AtomicU64,
    /// One at a time, so that whoever finds the list full waits for the room that another makes.
    pruning: Mutex<()>,
    clock: Clock,
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
    /// A list of at most this many entries.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let parts = (0..PARTS).map(|_| Mutex::default()).collect();
        let (len, first_end) = (AtomicUsize::new(0), AtomicU64::new(u64::MAX));
        Self { parts, capacity, len, first_end, pruning: Mutex::default(), clock: Clock::system() }
    }

    /// The clock that measures how much time passes; the operating system's by default. For tests.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Seconds that have passed. A clock that measures nothing counts as it reads.
    fn passed(&self) -> u64 {
        self.clock.elapsed().unwrap_or_else(|| unix_seconds(self.clock.now()))
    }

    fn part(&self, id: DenyId) -> Option<MutexGuard<'_, HashMap<DenyId, u64>>> {
        // The id is random, so any of its bytes spreads.
        let index = usize::from(*id.as_bytes().first()?).checked_rem(self.parts.len())?;
        Some(self.parts.get(index)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes all of them, or none.
    fn insert_all(&self, denials: &[Denial], now: u64) -> Result<(), DenyListFull> {
        let is_new = |denial: &&Denial| self.part(denial.id).is_some_and(|part| !part.contains_key(&denial.id));
        let new = denials.iter().filter(is_new).count();
        let more = |len: usize| len.checked_add(new).filter(|sum| new == 0 || *sum <= self.capacity);
        self.len.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more).map_err(|_| DenyListFull)?;
        let inserted = denials.iter().filter(|denial| self.insert(denial, now)).count();
        // What another brought meanwhile needs no room of ours; what was dropped meanwhile takes some more.
        self.len.fetch_sub(new.saturating_sub(inserted), Ordering::SeqCst);
        self.len.fetch_add(inserted.saturating_sub(new), Ordering::SeqCst);
        Ok(())
    }

    /// Whether it was not there.
    fn insert(&self, denial: &Denial, now: u64) -> bool {
        let Some(mut part) = self.part(denial.id) else { return false };
        let end = now.saturating_add(whole_seconds(denial.lasting));
        let before = part.get(&denial.id).copied();
        let end = end.max(before.unwrap_or(0));
        part.insert(denial.id, end);
        self.first_end.fetch_min(end, Ordering::SeqCst);
        before.is_none()
    }

    /// Drops the entries whose time is over. Called for you when the list is full.
    pub fn prune(&self) {
        let _one = self.pruning.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.passed();
        if self.first_end.load(Ordering::SeqCst) > now {
            return;
        }
        // What comes in meanwhile lowers it, under the lock of its part.
        self.first_end.store(u64::MAX, Ordering::SeqCst);
        for part in &self.parts {
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            let before = part.len();
            part.retain(|_, end| *end > now);
            self.len.fetch_sub(before.saturating_sub(part.len()), Ordering::SeqCst);
            self.first_end.fetch_min(part.values().copied().min().unwrap_or(u64::MAX), Ordering::SeqCst);
        }
    }

    /// How many entries are in the list, those among them whose time is over and that were not dropped yet.
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
    fn deny<'a>(&'a self, denials: &'a [Denial], _: OffsetDateTime) -> HookFuture<'a, ()> {
        let now = self.passed();
        let denied = self.insert_all(denials, now).or_else(|_| {
            self.prune();
            self.insert_all(denials, now)
        });
        Box::pin(core::future::ready(denied.map_err(Into::into)))
    }

    fn is_denied(&self, ids: [DenyId; 2], _: OffsetDateTime) -> HookFuture<'_, bool> {
        let now = self.passed();
        let is_denied = |id: DenyId| self.part(id).is_some_and(|part| part.get(&id).is_some_and(|end| *end > now));
        Box::pin(core::future::ready(Ok(ids.into_iter().any(is_denied))))
    }
}

impl fmt::Debug for MemoryDenyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryDenyList").field("len", &self.len()).finish_non_exhaustive()
    }
}
