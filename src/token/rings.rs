//! The keys in force for one sealer: swapped as a whole while requests go on, and never back in time.

use core::fmt;
use std::sync::Arc;

use arc_swap::Guard;
use time::OffsetDateTime;

use super::{
    Policy, Sealer,
    latch::{KeyTime, Latch},
    shared::{Generation, Shared},
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

/// One sealer's view of a keyring that others may share.
pub(crate) struct Rings {
    pub(super) shared: Arc<Shared>,
    /// Whose keys these are among all that share.
    place: usize,
    contexts: Contexts,
    /// What this sealer's policy asks of a ring.
    policy: RotationPolicy,
    /// Moved by the readings of this sealer's clock, and by nobody's own times.
    latch: Latch,
}

/// The names and purposes of one sealer: the present ones first, then others.
#[derive(Clone, Debug)]
pub(crate) struct Contexts {
    present: Context,
    others: Vec<Context>,
}

/// One keyring, ready for each of the contexts.
pub(super) struct Ready {
    present: CipherRing,
    others: Vec<CipherRing>,
}

/// The keys in force at one moment. An operation works with one, whatever is swapped meanwhile.
pub(crate) struct Moment {
    generation: Guard<Arc<Generation>>,
    place: usize,
    /// Unix seconds, never before an earlier moment's: for what keys are good for, and for nothing else.
    pub(crate) now: u64,
    /// The time that the clock shows, or that was given.
    pub(super) reading: u64,
    /// The clock has just jumped far ahead of what keys go by. A renewal would carry that time into a token.
    pub(crate) in_doubt: bool,
}

impl Contexts {
    /// Tokens are sealed and opened for this one.
    pub(crate) fn of(present: Context) -> Self {
        Self { present, others: Vec::new() }
    }

    /// Tokens of this one are opened too. Returns its place, for [`Sealer::open_as`].
    pub(crate) fn also(&mut self, other: Context) -> usize {
        let place = self.others.len();
        self.others.push(other);
        place
    }
}

impl Ready {
    pub(super) fn new(keyring: &Keyring, contexts: &Contexts) -> Self {
        let ready = |context: &Context| CipherRing::new(keyring, context);
        Self { present: ready(&contexts.present), others: contexts.others.iter().map(ready).collect() }
    }
}

impl Rings {
    pub(super) fn new(shared: Arc<Shared>, place: usize, contexts: Contexts, policy: &Policy, clock: Clock) -> Self {
        let latch = Latch::new(clock, policy.skew_seconds());
        Self { shared, place, contexts, policy: policy.rotation(), latch }
    }

    /// The keys in force where the clock shows this time.
    fn moment(&self, reading: u64) -> Moment {
        let KeyTime { now, in_doubt } = self.latch.at(reading);
        Moment { generation: self.shared.current(), place: self.place, now, reading, in_doubt }
    }

    /// The keys in force at a time that a caller brings, and which may lie in the future.
    pub(super) fn look_at(&self, time: u64) -> Moment {
        let now = self.latch.at_given(time);
        Moment { generation: self.shared.current(), place: self.place, now, reading: time, in_doubt: false }
    }

    /// Bytes of the present cookie name, or of that of the other context at this place.
    pub(super) fn name_len(&self, context: Option<usize>) -> usize {
        let Contexts { present, others } = &self.contexts;
        context.and_then(|index| others.get(index)).unwrap_or(present).cookie_name().len()
    }

    /// Another ring, ready for this sealer.
    pub(super) fn ready(&self, keyring: &Keyring) -> Arc<Ready> {
        Arc::new(Ready::new(keyring, &self.contexts))
    }

    /// All that speaks against taking another ring now.
    pub(super) fn step_problems(&self, keyring: &Keyring, now: OffsetDateTime) -> Vec<RotationError> {
        let moment = self.moment(unix_seconds(now));
        let step = [moment.ring().timeline(), keyring.timeline()];
        rotation::problems_of_step(step, &self.rotation_policy(keyring), moment.now, moment.now)
    }

    /// Whether a ring is safe to start with, if it has times, for all that is yet to be sealed under this sealer's policy.
    pub(super) fn check_start(&self, keyring: &Keyring, clock: Option<&Clock>) -> Result<(), RotationError> {
        let is_timed = keyring.rotation_policy().is_some();
        match clock.filter(|_| is_timed).map(|clock| unix_seconds(clock.now())) {
            Some(now) => first(rotation::problems(keyring.timeline(), &self.rotation_policy(keyring), now, now)),
            None if is_timed => self.check_lives(keyring),
            None => Ok(()),
        }
    }

    /// Whether every key of a ring opens for as long as this sealer's policy asks, also those that ceased to seal.
    pub(super) fn is_sound(&self, keyring: &Keyring, now: OffsetDateTime) -> bool {
        let now = self.moment(unix_seconds(now)).now;
        rotation::problems(keyring.timeline(), &self.rotation_policy(keyring), now, 0).is_empty()
    }

    /// Whether keys of a ring go while what they have yet to seal is good, as far as that can be known without a clock: what ceased
    /// to seal before the newest key came, did so long ago.
    fn check_lives(&self, keyring: &Keyring) -> Result<(), RotationError> {
        let newest = keyring.timeline().entries().iter().map(|(_, schedule)| schedule.created).max().unwrap_or(0);
        let problems = rotation::problems(keyring.timeline(), &self.rotation_policy(keyring), newest, newest);
        let strands = problems.into_iter().find(|problem| matches!(problem, RotationError::Strands { .. }));
        strands.map_or(Ok(()), Err)
    }

    /// Enough for the ring's own reckoning and for this sealer's policy.
    fn rotation_policy(&self, keyring: &Keyring) -> RotationPolicy {
        keyring.rotation_policy().cloned().unwrap_or_default().and(&self.policy)
    }
}

impl Moment {
    fn ready(&self) -> &Ready {
        self.generation.at(self.place)
    }

    /// The ring of the present context.
    pub(crate) fn ring(&self) -> &CipherRing {
        &self.ready().present
    }

    /// The key that seals for the present context, or for the other one at this place.
    pub(super) fn sealing(&self, context: Option<usize>) -> &ReadyKey {
        self.ring_of(context).sealing(self.now)
    }

    /// The ring of the present context, or of the other one at this place.
    pub(crate) fn ring_of(&self, context: Option<usize>) -> &CipherRing {
        let ready = self.ready();
        context.and_then(|index| ready.others.get(index)).unwrap_or(&ready.present)
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
        self.rings.shared.replace(keyring, now)
    }

    /// As [`Sealer::replace_keyring`], but whatever becomes of the sessions that are out: for an emergency in which keys are not
    /// revoked but simply dropped.
    pub fn force_keyring(&self, keyring: &Keyring) {
        self.rings.shared.force(keyring);
    }

    /// Whether [`Sealer::replace_keyring`] would take this ring now.
    ///
    /// # Errors
    /// As it.
    pub fn check_keyring(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        self.rings.shared.check(keyring, now)
    }

    /// Keys of a ring to start with that open a little too briefly, and by how many seconds.
    pub(crate) fn opening_briefly(&self, keyring: &Keyring, now: OffsetDateTime) -> Vec<(KeyId, u64)> {
        let policy = self.rings.rotation_policy(keyring);
        rotation::opening_briefly(keyring.timeline(), &policy, unix_seconds(now)).collect()
    }

    /// Reads the clock whose readings keys go by. With it, by how many seconds it has jumped, where it just did.
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
}

pub(super) fn first(problems: Vec<RotationError>) -> Result<(), RotationError> {
    problems.into_iter().next().map_or(Ok(()), Err)
}

impl fmt::Debug for Rings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(core::iter::once(&self.shared.current().at(self.place).present)).finish()
    }
}
