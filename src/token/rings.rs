//! The keys in force for one sealer: swapped as a whole while requests go on, and never back in time.

use core::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};
use std::sync::Arc;

use arc_swap::Guard;
use time::OffsetDateTime;

use super::{
    Policy, Sealer,
    shared::{Generation, Shared},
};
use crate::{
    clock::unix_seconds,
    crypto::{cipher_ring::CipherRing, context::Context, keyring::Keyring, rotation_policy::RotationPolicy},
    error::RotationError,
    rotation,
};

/// Ready keys for each name and purpose that a sealer opens tokens under: the present ones first, then others.
pub(crate) struct Rings {
    pub(super) shared: Arc<Shared>,
    /// Whose keys these are among all that share.
    place: usize,
    contexts: Contexts,
    /// What this sealer's policy asks of a ring.
    policy: RotationPolicy,
    /// The latest time that was asked for, in unix seconds: if the clock is set back, a key that has gone stays so, and after a
    /// reading far ahead until the process is started anew. Written once a second at most, so that requests do not contend for it.
    latest: AtomicU64,
}

/// The names and purposes of one sealer.
#[derive(Clone, Debug)]
pub(crate) struct Contexts {
    pub(crate) present: Context,
    pub(crate) others: Vec<Context>,
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
}

impl Ready {
    pub(super) fn new(keyring: &Keyring, contexts: &Contexts) -> Self {
        let ready = |context: &Context| CipherRing::new(keyring, context);
        Self { present: ready(&contexts.present), others: contexts.others.iter().map(ready).collect() }
    }
}

impl Rings {
    pub(super) fn new(shared: Arc<Shared>, place: usize, contexts: Contexts, policy: &Policy) -> Self {
        Self { shared, place, contexts, policy: policy.rotation(), latest: AtomicU64::new(0) }
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
        let now = now.max(self.latest.load(Ordering::Relaxed));
        Moment { generation: self.shared.current(), place: self.place, now }
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

    /// Whether no session of this sealer's is lost by taking another ring now.
    pub(super) fn check_step(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        first(self.step_problems(keyring, now))
    }

    /// All that speaks against taking another ring now.
    pub(super) fn step_problems(&self, keyring: &Keyring, now: OffsetDateTime) -> Vec<RotationError> {
        let now = unix_seconds(now);
        let moment = self.look_at(now);
        let step = [moment.ring().timeline(), keyring.timeline()];
        rotation::problems_of_step(step, &self.rotation_policy(keyring), now, moment.now)
    }

    /// Whether a ring to start with is safe under this sealer's policy, for all that is yet to be sealed.
    pub(super) fn check_start(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        let (policy, now) = (self.rotation_policy(keyring), unix_seconds(now));
        first(rotation::problems(keyring.timeline(), &policy, now, now))
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

    /// The keys in force now.
    pub(crate) fn moment(&self, now: OffsetDateTime) -> Moment {
        self.rings.moment(unix_seconds(now))
    }

    /// The keys in force at this time, for questions.
    pub(super) fn look_at(&self, now: OffsetDateTime) -> Moment {
        self.rings.look_at(unix_seconds(now))
    }
}

fn first(problems: Vec<RotationError>) -> Result<(), RotationError> {
    problems.into_iter().next().map_or(Ok(()), Err)
}

impl fmt::Debug for Rings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(core::iter::once(&self.shared.current().at(self.place).present)).finish()
    }
}
