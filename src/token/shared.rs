//! One keyring for any number of sealers: replaced for all of them in one step.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use arc_swap::{ArcSwap, Guard};
use time::OffsetDateTime;

use super::{
    Policy,
    rings::{Contexts, Ready, Rings, first},
};
use crate::{
    clock::Clock,
    crypto::{context::Context, keyring::Keyring},
    error::RotationError,
};

/// A keyring, and everybody who works with it.
pub(crate) struct Shared {
    current: ArcSwap<Generation>,
    /// Locked while a ring or a sealer comes. Requests have no part in it.
    registry: Mutex<Registry>,
}

struct Registry {
    /// What sealers that come later are made ready from.
    keyring: Arc<Keyring>,
    /// By their place, which a sealer takes over from one that is gone.
    sealers: Vec<Weak<Rings>>,
}

/// One keyring, ready for everybody.
pub(super) struct Generation {
    /// By the sealers' places.
    ready: Vec<Arc<Ready>>,
    /// For nobody: stands where a sealer is gone.
    spare: Arc<Ready>,
}

/// What a sealer works by.
pub(super) struct Terms<'a> {
    pub(super) contexts: Contexts,
    pub(super) policy: &'a Policy,
    /// `None` where every time is a caller's.
    pub(super) clock: Option<&'a Clock>,
}

impl Terms<'_> {
    /// A view of the keyring that is shared, if that is safe to start with.
    fn rings(self, shared: Arc<Shared>, place: usize, keyring: &Keyring) -> Result<Arc<Rings>, RotationError> {
        let clock = self.clock.cloned().unwrap_or_default();
        let rings = Rings::new(shared, place, self.contexts, self.policy, clock);
        rings.check_start(keyring, self.clock)?;
        Ok(Arc::new(rings))
    }
}

impl Generation {
    fn new(keyring: &Keyring, sealers: &[Weak<Rings>]) -> Self {
        let spare = Arc::new(Ready::new(keyring, &Contexts::of(Context::of_nothing())));
        // One that is gone leaves no key of another ring behind.
        let ready =
            |sealer: &Weak<Rings>| sealer.upgrade().map_or_else(|| Arc::clone(&spare), |rings| rings.ready(keyring));
        Self { ready: sealers.iter().map(ready).collect(), spare }
    }

    /// The same with another at this place, or behind the last.
    fn with(&self, place: usize, another: Arc<Ready>) -> Self {
        let mut ready = self.ready.clone();
        match ready.get_mut(place) {
            Some(ready) => *ready = another,
            None => ready.push(another),
        }
        Self { ready, spare: Arc::clone(&self.spare) }
    }

    /// What stands at this place. Every sealer has one.
    pub(super) fn at(&self, place: usize) -> &Ready {
        self.ready.get(place).unwrap_or(&self.spare)
    }
}

impl Shared {
    pub(crate) fn new(keyring: Arc<Keyring>) -> Arc<Self> {
        let current = ArcSwap::from_pointee(Generation::new(&keyring, &[]));
        Arc::new(Self { current, registry: Mutex::new(Registry { keyring, sealers: Vec::new() }) })
    }

    /// Another sealer works with this keyring from now on, if that is safe under its policy.
    pub(super) fn join(self: &Arc<Self>, terms: Terms<'_>) -> Result<Arc<Rings>, RotationError> {
        let mut registry = self.registry();
        let (place, keyring) = (registry.free_place(), Arc::clone(&registry.keyring));
        let rings = terms.rings(Arc::clone(self), place, &keyring)?;
        registry.put(place, &rings);
        self.current.store(Arc::new(self.current.load().with(place, rings.ready(&keyring))));
        Ok(rings)
    }

    pub(super) fn current(&self) -> Guard<Arc<Generation>> {
        self.current.load()
    }

    /// The ring that those who come are given.
    pub(crate) fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.registry().keyring)
    }

    /// Gives everybody another ring in one step, if no session of anybody's is lost by it.
    pub(crate) fn replace(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        let mut registry = self.registry();
        first(registry.problems(keyring, now))?;
        self.swap(&mut registry, keyring);
        Ok(())
    }

    /// The same for a ring that all other nodes may have already. This node is late if its only fault is that it sealed under a
    /// key after the others had stopped. To wait would make that worse, and hold everybody else's sessions here. Returns by how many
    /// seconds it is late: what it sealed meanwhile may end earlier by that.
    pub(crate) fn replace_late(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<u64, RotationError> {
        let mut registry = self.registry();
        let problems = registry.problems(keyring, now);
        let late = problems.iter().map(seconds_late).try_fold(0, |most, late| Some(late?.max(most)));
        match late.filter(|late| *late == 0 || registry.is_sound(keyring, now)) {
            Some(late) => {
                self.swap(&mut registry, keyring);
                Ok(late)
            }
            None => first(problems).map(|()| 0),
        }
    }

    /// The same, whatever becomes of sessions.
    pub(crate) fn force(&self, keyring: &Keyring) {
        self.swap(&mut self.registry(), keyring);
    }

    /// Whether [`Shared::replace`] would take this ring now.
    pub(crate) fn check(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        first(self.registry().problems(keyring, now))
    }

    fn swap(&self, registry: &mut Registry, keyring: &Keyring) {
        self.current.store(Arc::new(Generation::new(keyring, &registry.sealers)));
        registry.keyring = Arc::new(keyring.duplicate());
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    fn sealers(&self) -> impl Iterator<Item = Arc<Rings>> {
        self.sealers.iter().filter_map(Weak::upgrade)
    }

    /// All that speaks against taking another ring now, by everybody's policy and by the time that their keys go by. Where nobody
    /// is yet, by the two rings.
    fn problems(&self, keyring: &Keyring, now: OffsetDateTime) -> Vec<RotationError> {
        if self.sealers().next().is_none() {
            return self.keyring.step_problems(keyring, now);
        }
        self.sealers().flat_map(|rings| rings.step_problems(keyring, now)).collect()
    }

    /// Whether the ring keeps every key for as long as it has to by the ring's own times.
    fn is_sound(&self, keyring: &Keyring, now: OffsetDateTime) -> bool {
        keyring.check(now).is_ok() && self.sealers().all(|rings| rings.is_sound(keyring, now))
    }

    /// A place that nobody has.
    fn free_place(&self) -> usize {
        let gone = self.sealers.iter().position(|sealer| sealer.strong_count() == 0);
        gone.unwrap_or(self.sealers.len())
    }

    fn put(&mut self, place: usize, rings: &Arc<Rings>) {
        match self.sealers.get_mut(place) {
            Some(sealer) => *sealer = Arc::downgrade(rings),
            None => self.sealers.push(Arc::downgrade(rings)),
        }
    }
}

/// By how many seconds the ring lets a key open too briefly for what this node sealed; `None` for any other problem.
fn seconds_late(problem: &RotationError) -> Option<u64> {
    match problem {
        RotationError::Strands { opens_until: Some(until), needed_until, .. } => {
            Some(needed_until.saturating_sub(*until))
        }
        _ => None,
    }
}
