//! The keys in force: swapped as a whole while requests go on, and never back in time.

use core::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};
use time::OffsetDateTime;

use super::Sealer;
use crate::{
    clock::unix_seconds,
    crypto::{
        cipher_ring::{CipherRing, ReadyKey},
        context::Context,
        keyring::Keyring,
        rotation_policy::RotationPolicy,
    },
    error::RotationError,
    rotation,
};

/// Ready keys for each name and purpose that tokens are opened under: the present ones first, then others.
pub(crate) struct Rings {
    current: ArcSwap<Ready>,
    present: Context,
    others: Vec<Context>,
    /// The latest time that was asked for, in unix seconds: if the clock is set back, a key that has gone stays so, and after a
    /// reading far ahead until the process is started anew. Written once a second at most, so that requests do not contend for it.
    latest: AtomicU64,
    /// Held while a ring is replaced; requests have no part in it.
    replacing: Mutex<()>,
}

/// One keyring, ready for each of the contexts.
struct Ready {
    present: CipherRing,
    others: Vec<CipherRing>,
}

/// The keys in force at one moment. An operation works with one, whatever is swapped meanwhile.
pub(crate) struct Moment {
    ready: Guard<Arc<Ready>>,
    /// Unix seconds, never before an earlier moment's: for what keys are good for, and for nothing else.
    pub(crate) now: u64,
}

impl Rings {
    pub(super) fn new(keyring: &Keyring, context: &Context) -> Self {
        let ready = Ready { present: CipherRing::new(keyring, context), others: Vec::new() };
        Self {
            current: ArcSwap::from_pointee(ready),
            present: context.clone(),
            others: Vec::new(),
            latest: AtomicU64::new(0),
            replacing: Mutex::new(()),
        }
    }

    /// Opens tokens of another context too.
    pub(super) fn also_open(&mut self, keyring: &Keyring, context: &Context) -> usize {
        let place = self.others.len();
        self.others.push(context.clone());
        self.swap(keyring);
        place
    }

    /// The keys in force now: for operations, which time passes by.
    pub(crate) fn moment(&self, now: u64) -> Moment {
        if now > self.latest.load(Ordering::Relaxed) {
            self.latest.fetch_max(now, Ordering::Relaxed);
        }
        self.look_at(now)
    }

    /// The keys in force at this time: for questions, which may be about the future.
    fn look_at(&self, now: u64) -> Moment {
        Moment { ready: self.current.load(), now: now.max(self.latest.load(Ordering::Relaxed)) }
    }

    /// Bytes of the present cookie name, or of that of the other context at this place.
    pub(super) fn name_len(&self, context: Option<usize>) -> usize {
        context.and_then(|index| self.others.get(index)).unwrap_or(&self.present).cookie_name().len()
    }

    fn swap(&self, keyring: &Keyring) {
        let ready = |context: &Context| CipherRing::new(keyring, context);
        let others = self.others.iter().map(ready).collect();
        self.current.store(Arc::new(Ready { present: ready(&self.present), others }));
    }
}

impl Moment {
    /// The ring of the present context.
    pub(crate) fn ring(&self) -> &CipherRing {
        &self.ready.present
    }

    /// The key that seals for the present context, or for the other one at this place.
    pub(super) fn sealing(&self, context: Option<usize>) -> &ReadyKey {
        self.ring_of(context).sealing(self.now)
    }

    /// The ring of the present context, or of the other one at this place.
    pub(crate) fn ring_of(&self, context: Option<usize>) -> &CipherRing {
        context.and_then(|index| self.ready.others.get(index)).unwrap_or(&self.ready.present)
    }
}

impl Sealer {
    /// Gives a running sealer another ring, in one step: every operation works with the one or with the other. Keys are derived
    /// before; no operation waits.
    ///
    /// # Errors
    /// [`RotationError`] if sessions would be lost by it, by [`Keyring::check_step`] and this sealer's policy; the ring then
    /// stays as it was.
    pub fn replace_keyring(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        let _alone = self.rings.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_keyring(keyring, now)?;
        self.rings.swap(keyring);
        Ok(())
    }

    /// As [`Sealer::replace_keyring`], but whatever becomes of the sessions that are out: for an emergency in which keys are not
    /// revoked but simply dropped.
    pub fn force_keyring(&self, keyring: &Keyring) {
        let _alone = self.rings.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        self.rings.swap(keyring);
    }

    /// Whether [`Sealer::replace_keyring`] would take this ring now.
    ///
    /// # Errors
    /// As it.
    pub fn check_keyring(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        let moment = self.look_at(now);
        let step = [moment.ring().timeline(), keyring.timeline()];
        first(rotation::problems_of_step(step, &self.rotation_policy(keyring), unix_seconds(now), moment.now))
    }

    /// Whether a ring to start with is safe under this sealer's policy, for all that is yet to be sealed.
    pub(crate) fn check_own_keyring(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        let (policy, now) = (self.rotation_policy(keyring), unix_seconds(now));
        first(rotation::problems(keyring.timeline(), &policy, now, now))
    }

    /// Enough for the ring's own reckoning and for this sealer's policy.
    fn rotation_policy(&self, keyring: &Keyring) -> RotationPolicy {
        keyring.rotation_policy().cloned().unwrap_or_default().and(&self.policy.rotation())
    }

    /// The keys in force now.
    pub(crate) fn moment(&self, now: OffsetDateTime) -> Moment {
        self.rings.moment(unix_seconds(now))
    }

    /// The keys in force at this time, for questions.
    pub(super) fn look_at(&self, now: OffsetDateTime) -> Moment {
        self.rings.look_at(unix_seconds(now))
    }

    /// Opens tokens of another context too, such as another name of the cookie, by [`Sealer::open_as`]. Returns its place.
    pub(crate) fn also_open(&mut self, keyring: &Keyring, context: &Context) -> usize {
        self.rings.also_open(keyring, context)
    }
}

fn first(problems: Vec<RotationError>) -> Result<(), RotationError> {
    problems.into_iter().next().map_or(Ok(()), Err)
}

impl fmt::Debug for Rings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(core::iter::once(&self.current.load().present)).finish()
    }
}
