//! When a source is looked at, and what is made of what it holds. One look at a time.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;

use time::OffsetDateTime;

use super::{Live, thread};
use crate::{
    clock::{Clock, unix_seconds},
    crypto::keyring::Keyring,
    error::KeySourceError,
    event::EventKind,
    keysource::KeySource,
};

/// Seconds after which a look that did not come back is given up.
const GIVEN_UP: u64 = 60;
/// How many looks may hang at once, each in a thread that does not come back.
const MAX_HANGING: u64 = 3;
/// How often the time between two looks is doubled at the most.
const MAX_DOUBLINGS: u64 = 3;

/// A source, and when it was looked at. Times are unix seconds.
pub(super) struct Looks {
    source: Arc<dyn KeySource>,
    interval: u64,
    clock: Clock,
    /// When the last look began.
    begun: AtomicU64,
    /// When a look last found a good ring.
    confirmed: AtomicU64,
    /// When an unknown key last asked for a look.
    asked: AtomicU64,
    /// How many looks have failed since then.
    failures: AtomicU64,
    /// When the look that is under way began, plus one; zero if none is.
    busy: AtomicU64,
    /// How many looks have not come back, those that were given up among them.
    under_way: AtomicU64,
    /// The look that a request waited for in vain, as `busy` has it.
    in_vain: AtomicU64,
    told_readable: AtomicBool,
    /// A task looks, so that requests need not.
    has_task: AtomicBool,
}

/// The right to look, until it is dropped.
pub(super) struct Turn {
    live: Arc<Live>,
    stamp: u64,
}

impl Looks {
    pub(super) fn new(source: Arc<dyn KeySource>, interval: u64, clock: Clock, now: u64) -> Self {
        let at = || AtomicU64::new(now);
        let never = || AtomicU64::new(0);
        let (asked, failures, busy, under_way, in_vain) = (never(), never(), never(), never(), never());
        let (told_readable, has_task) = (AtomicBool::new(source.is_readable_by_others()), AtomicBool::new(false));
        Self {
            source,
            interval,
            clock,
            begun: at(),
            confirmed: at(),
            asked,
            failures,
            busy,
            under_way,
            in_vain,
            told_readable,
            has_task,
        }
    }

    pub(super) fn source(&self) -> &dyn KeySource {
        &*self.source
    }

    pub(super) fn interval(&self) -> u64 {
        self.interval
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(super) fn has_task(&self) {
        self.has_task.store(true, Ordering::Relaxed);
    }

    /// Seconds until the next look after one that began.
    pub(super) fn pause(&self) -> u64 {
        let doublings = self.failures.load(Ordering::Relaxed).saturating_sub(1).min(MAX_DOUBLINGS);
        (0..doublings).fold(self.interval, |pause, _| pause.saturating_mul(2))
    }

    /// Whether nobody has looked for longer than the pause. A task gets twice as long.
    pub(super) fn is_late(&self, now: u64) -> bool {
        let patience = if self.has_task.load(Ordering::Relaxed) { 2 } else { 1 };
        now.abs_diff(self.begun.load(Ordering::Relaxed)) >= self.pause().saturating_mul(patience)
    }

    /// Whether an unknown key may have a look of its own: one an interval.
    pub(super) fn asked(&self, now: u64) -> bool {
        let before = self.asked.load(Ordering::Relaxed);
        let due = before == 0 || now.abs_diff(before) >= self.interval;
        due && self.asked.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    pub(super) fn unconfirmed_for(&self, now: u64) -> u64 {
        now.abs_diff(self.confirmed.load(Ordering::Relaxed))
    }

    /// Whether a look is under way that nobody has waited for in vain.
    pub(super) fn is_promising(&self) -> bool {
        let busy = self.busy.load(Ordering::Acquire);
        busy != 0 && busy != self.in_vain.load(Ordering::Relaxed)
    }

    pub(super) fn waited_in_vain(&self) {
        self.in_vain.store(self.busy.load(Ordering::Acquire), Ordering::Relaxed);
    }

    /// Whether a look may begin: none is under way, or the one that is takes too long.
    fn begin(&self, now: u64) -> Option<Begun> {
        let before = self.busy.load(Ordering::Acquire);
        let given_up = before != 0;
        if given_up && now.abs_diff(before) <= GIVEN_UP {
            return None;
        }
        let stamp = now.saturating_add(1);
        self.busy.compare_exchange(before, stamp, Ordering::AcqRel, Ordering::Acquire).ok()?;
        self.begun.store(now, Ordering::Relaxed);
        Some(Begun { stamp, given_up })
    }
}

/// A look that may begin.
struct Begun {
    stamp: u64,
    /// The one before did not come back.
    given_up: bool,
}

impl Turn {
    pub(super) fn take(live: &Arc<Live>, now: u64) -> Option<Self> {
        let looks = live.looks.as_ref()?;
        let Begun { stamp, given_up } = looks.begin(now)?;
        if given_up {
            live.timed_out();
        }
        if looks.under_way.load(Ordering::Relaxed) >= MAX_HANGING {
            return None;
        }
        looks.under_way.fetch_add(1, Ordering::Relaxed);
        Some(Self { live: Arc::clone(live), stamp })
    }

    /// Looks, and takes what is found.
    pub(super) async fn look(self, now: OffsetDateTime) -> Result<bool, KeySourceError> {
        let Some(looks) = &self.live.looks else { return Err(KeySourceError::NoSource) };
        let read = thread::guarded(looks.source()).await;
        // Given up meanwhile: another look is under way, and knows better.
        if looks.busy.load(Ordering::Acquire) != self.stamp {
            return Err(KeySourceError::TimedOut);
        }
        self.live.found(looks, read, now)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(looks) = &self.live.looks {
            looks.under_way.fetch_sub(1, Ordering::Relaxed);
            let _ = looks.busy.compare_exchange(self.stamp, 0, Ordering::AcqRel, Ordering::Relaxed);
        }
    }
}

impl Live {
    /// One look now, unless one is under way.
    pub(super) async fn look(self: &Arc<Self>, now: OffsetDateTime) -> Result<bool, KeySourceError> {
        if self.looks.is_none() {
            return Err(KeySourceError::NoSource);
        }
        match Turn::take(self, unix_seconds(now)) {
            Some(turn) => turn.look(now).await,
            None => Ok(false),
        }
    }

    fn found(
        self: &Arc<Self>,
        looks: &Looks,
        read: Result<Keyring, KeySourceError>,
        now: OffsetDateTime,
    ) -> Result<bool, KeySourceError> {
        let taken = read.and_then(|ring| self.take(&ring, now));
        match &taken {
            Ok(_) => {
                looks.failures.store(0, Ordering::Relaxed);
                looks.confirmed.store(unix_seconds(now), Ordering::Relaxed);
                self.tell_readable(looks);
            }
            Err(error) => self.failed(looks, error),
        }
        taken
    }

    fn failed(&self, looks: &Looks, error: &KeySourceError) {
        looks.failures.fetch_add(1, Ordering::Relaxed);
        // A ring that was refused has been told.
        if !matches!(error, KeySourceError::Refused(_)) {
            self.tell(EventKind::KeySourceFailed(error), None);
        }
    }

    /// A look took longer than it may.
    pub(super) fn timed_out(&self) {
        if let Some(looks) = &self.looks {
            self.failed(looks, &KeySourceError::TimedOut);
        }
    }

    /// Takes a ring over, if it is another than the one in force.
    fn take(self: &Arc<Self>, ring: &Keyring, now: OffsetDateTime) -> Result<bool, KeySourceError> {
        if self.shared.keyring().is_same_as(ring) {
            return Ok(false);
        }
        let replaced = self.shared.replace_late(ring, now);
        self.tell_replacing(&replaced, ring, now);
        match replaced? {
            0 => {}
            seconds => self.tell(EventKind::KeyringLate { seconds }, None),
        }
        Ok(true)
    }

    fn tell_readable(&self, looks: &Looks) {
        let readable = looks.source.is_readable_by_others();
        if readable && !looks.told_readable.swap(true, Ordering::Relaxed) {
            self.tell(EventKind::KeyFileReadable { name: looks.source.name() }, None);
        }
    }
}
