//! One keyring for any number of sealers: replaced for all of them in one step.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use arc_swap::{ArcSwap, Guard};
use time::OffsetDateTime;

use super::{
    Policy,
    rings::{Contexts, Ready, Rings},
};
use crate::{
    crypto::{context::Context, keyring::Keyring},
    error::RotationError,
};

/// A keyring, and everybody who works with it.
pub(crate) struct Shared {
    current: ArcSwap<Generation>,
    /// Locked while a ring or a sealer comes. Requests have no part in it.
    registry: Mutex<Registry>,
}

#[derive(Default)]
struct Registry {
    /// What sealers that come later are made ready from; `None` where none can come.
    keyring: Option<Arc<Keyring>>,
    /// By their place, which a sealer takes over from one that is gone.
    sealers: Vec<Weak<Rings>>,
}

/// One keyring, ready for everybody.
pub(super) struct Generation {
    /// That of the first place.
    first: Arc<Ready>,
    rest: Vec<Arc<Ready>>,
}

impl Generation {
    /// What stands at this place. Every sealer has one, so the first stands in for nobody.
    pub(super) fn at(&self, place: usize) -> &Ready {
        place.checked_sub(1).and_then(|place| self.rest.get(place)).unwrap_or(&self.first)
    }
}

impl Shared {
    /// A keyring for one sealer only.
    pub(super) fn alone(keyring: &Keyring, contexts: Contexts, policy: &Policy) -> Arc<Rings> {
        let shared = Arc::new(Self::of(keyring, &contexts));
        let rings = Arc::new(Rings::new(Arc::clone(&shared), 0, contexts, policy));
        shared.registry().sealers.push(Arc::downgrade(&rings));
        rings
    }

    /// A keyring for all who come.
    pub(crate) fn for_many(keyring: Arc<Keyring>) -> Arc<Self> {
        let shared = Self::of(&keyring, &nobodys());
        // The first place stays nobody's.
        *shared.registry() = Registry { keyring: Some(keyring), sealers: vec![Weak::new()] };
        Arc::new(shared)
    }

    fn of(keyring: &Keyring, contexts: &Contexts) -> Self {
        let first = Arc::new(Ready::new(keyring, contexts));
        Self {
            current: ArcSwap::from_pointee(Generation { first, rest: Vec::new() }),
            registry: Mutex::new(Registry::default()),
        }
    }

    /// Another sealer works with this keyring from now on, if that is safe under its policy.
    pub(super) fn join(
        self: &Arc<Self>,
        contexts: Contexts,
        policy: &Policy,
        now: Option<OffsetDateTime>,
    ) -> Result<Arc<Rings>, RotationError> {
        let mut registry = self.registry();
        let place = registry.free_place();
        let rings = Arc::new(Rings::new(Arc::clone(self), place, contexts, policy));
        let Some(keyring) = registry.keyring.clone() else { return Ok(rings) };
        if let Some(now) = now.filter(|_| keyring.rotation_policy().is_some()) {
            rings.check_start(&keyring, now)?;
        }
        registry.put(place, &rings);
        let current = self.current.load();
        let ready = |other: usize| current.rest.get(other.saturating_sub(1)).unwrap_or(&current.first);
        let rest = (1..registry.sealers.len())
            .map(|other| if other == place { rings.ready(&keyring) } else { Arc::clone(ready(other)) });
        self.current.store(Arc::new(Generation { first: Arc::clone(&current.first), rest: rest.collect() }));
        Ok(rings)
    }

    pub(super) fn current(&self) -> Guard<Arc<Generation>> {
        self.current.load()
    }

    /// Gives everybody another ring in one step, if no session of anybody's is lost by it.
    pub(crate) fn replace(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        let mut registry = self.registry();
        registry.check(keyring, now)?;
        self.swap(&mut registry, keyring);
        Ok(())
    }

    /// The same for a ring that all other nodes may have already. This node is late if its only fault is that it sealed under a
    /// key after the others had stopped. To wait would make that worse, and hold everybody else's sessions here.
    pub(crate) fn replace_late(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        let mut registry = self.registry();
        if let Err(error) = registry.check(keyring, now)
            && !registry.is_only_late(keyring, now)
        {
            return Err(error);
        }
        self.swap(&mut registry, keyring);
        Ok(())
    }

    /// The same, whatever becomes of sessions.
    pub(crate) fn force(&self, keyring: &Keyring) {
        self.swap(&mut self.registry(), keyring);
    }

    /// Whether [`Shared::replace`] would take this ring now.
    pub(crate) fn check(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        self.registry().check(keyring, now)
    }

    /// The ring that those who come are given; `None` where none can come.
    pub(crate) fn keyring(&self) -> Option<Arc<Keyring>> {
        self.registry().keyring.clone()
    }

    fn swap(&self, registry: &mut Registry, keyring: &Keyring) {
        let mut sealers = registry.sealers.iter().map(Weak::upgrade);
        let nobodys = || Arc::new(Ready::new(keyring, &nobodys()));
        let first = sealers.next().flatten().map_or_else(nobodys, |rings| rings.ready(keyring));
        // One that is gone leaves no key of the old ring behind.
        let rest = sealers.map(|rings| rings.map_or_else(|| Arc::clone(&first), |rings| rings.ready(keyring)));
        let rest = rest.collect();
        self.current.store(Arc::new(Generation { first, rest }));
        if registry.keyring.is_some() {
            registry.keyring = Some(Arc::new(keyring.duplicate()));
        }
    }

    fn registry(&self) -> std::sync::MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands at the first place of a keyring that many share.
fn nobodys() -> Contexts {
    Contexts { present: Context::of_nothing(), others: Vec::new() }
}

impl Registry {
    fn check(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        if let Some(before) = &self.keyring {
            before.check_step(keyring, now)?;
        }
        let mut sealers = self.sealers.iter().filter_map(Weak::upgrade);
        sealers.try_for_each(|rings| rings.check_step(keyring, now))
    }

    /// Whether the ring is sound by itself and keeps every key, and only comes late to this node.
    fn is_only_late(&self, keyring: &Keyring, now: OffsetDateTime) -> bool {
        let late = |problem: &RotationError| matches!(problem, RotationError::Strands { opens_until: Some(_), .. });
        let before = self.keyring.as_ref().is_none_or(|before| before.step_problems(keyring, now).iter().all(late));
        let sound = |rings: Arc<Rings>| {
            rings.check_start(keyring, now).is_ok() && rings.step_problems(keyring, now).iter().all(late)
        };
        before && keyring.check(now).is_ok() && self.sealers.iter().filter_map(Weak::upgrade).all(sound)
    }

    /// A place that nobody has, but for the first.
    fn free_place(&self) -> usize {
        let gone = self.sealers.iter().skip(1).position(|sealer| sealer.strong_count() == 0);
        gone.map_or(self.sealers.len(), |place| place.saturating_add(1))
    }

    fn put(&mut self, place: usize, rings: &Arc<Rings>) {
        match self.sealers.get_mut(place) {
            Some(sealer) => *sealer = Arc::downgrade(rings),
            None => self.sealers.push(Arc::downgrade(rings)),
        }
    }
}
