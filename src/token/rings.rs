//! The keys in force: swapped as a whole while requests go on, and never back in time.

use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};
use time::OffsetDateTime;

use super::{
    Sealer,
    latch::{KeyTime, Latch},
};
use crate::{
    clock::{Clock, unix_seconds},
    crypto::{
        cipher_ring::{CipherRing, ReadyKey},
        context::Context,
        keyring::Keyring,
        rotation_policy::RotationPolicy,
    },
    error::RotationError,
    id::KeyId,
    rotation,
};

/// Ready keys for each name and purpose that tokens are opened under: the present ones first, then others.
pub(crate) struct Rings {
    current: ArcSwap<Ready>,
    present: Context,
    others: Vec<Context>,
    /// Moved by the readings of a layer's clock, and by nobody's own times.
    latch: Latch,
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
    /// The time that the clock shows, or that was given.
    pub(super) reading: u64,
    /// The clock has just jumped far ahead of what keys go by. A renewal would carry that time into a token.
    pub(crate) in_doubt: bool,
}

impl Rings {
    pub(super) fn new(keyring: &Keyring, context: &Context, skew: u64) -> Self {
        let ready = Ready { present: CipherRing::new(keyring, context), others: Vec::new() };
        Self {
            current: ArcSwap::from_pointee(ready),
            present: context.clone(),
            others: Vec::new(),
            latch: Latch::new(Clock::system(), skew),
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

    /// The keys in force where the clock shows this time.
    fn moment(&self, reading: u64) -> Moment {
        let KeyTime { now, in_doubt } = self.latch.at(reading);
        Moment { ready: self.current.load(), now, reading, in_doubt }
    }

    /// The keys in force at a time that a caller brings, and which may lie in the future.
    pub(super) fn look_at(&self, time: u64) -> Moment {
        Moment { ready: self.current.load(), now: self.latch.at_given(time), reading: time, in_doubt: false }
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
        let moment = self.moment(now);
        let step = [moment.ring().timeline(), keyring.timeline()];
        first(rotation::problems_of_step(step, &self.rotation_policy(keyring), moment.now, moment.now))
    }

    /// Whether a ring to start with is safe under this sealer's policy, for all that is yet to be sealed.
    pub(crate) fn check_own_keyring(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        let (policy, now) = (self.rotation_policy(keyring), unix_seconds(now));
        first(rotation::problems(keyring.timeline(), &policy, now, now))
    }

    /// Keys of a ring to start with that open a little too briefly, and by how many seconds.
    pub(crate) fn opening_briefly(&self, keyring: &Keyring, now: OffsetDateTime) -> Vec<(KeyId, u64)> {
        rotation::opening_briefly(keyring.timeline(), &self.rotation_policy(keyring), unix_seconds(now)).collect()
    }

    /// Whether keys of a ring go while what they have yet to seal is good, as far as that can be known without a clock: what ceased
    /// to seal before the newest key came, did so long ago.
    pub(super) fn check_lives(&self, keyring: &Keyring) -> Result<(), RotationError> {
        let newest = keyring.timeline().entries().iter().map(|(_, schedule)| schedule.created).max().unwrap_or(0);
        let problems = rotation::problems(keyring.timeline(), &self.rotation_policy(keyring), newest, newest);
        let strands = problems.into_iter().find(|problem| matches!(problem, RotationError::Strands { .. }));
        strands.map_or(Ok(()), Err)
    }

    /// Enough for the ring's own reckoning and for this sealer's policy.
    fn rotation_policy(&self, keyring: &Keyring) -> RotationPolicy {
        keyring.rotation_policy().cloned().unwrap_or_default().and(&self.policy.rotation())
    }

    /// The clock whose readings keys go by. Before the sealer is used.
    pub(crate) fn clock(&mut self, clock: Clock) {
        self.rings.latch = Latch::new(clock, self.policy.skew_seconds());
    }

    /// Reads that clock. With it, by how many seconds it has jumped, where it just did.
    pub(crate) fn read_clock(&self) -> (OffsetDateTime, Option<i64>) {
        self.rings.latch.read()
    }

    /// The keys in force where the clock shows this time.
    pub(crate) fn moment(&self, now: OffsetDateTime) -> Moment {
        self.rings.moment(unix_seconds(now))
    }

    /// The keys in force at a time that a caller brings.
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
