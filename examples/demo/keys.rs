//! The keyring, and how a running service changes it.

use std::sync::{Mutex, PoisonError};

use hardtack::{
    Context, Key, KeyError, KeyPlan, Keyring, Policy, RotationPolicy, Sealer, SessionData,
    time::{Duration, OffsetDateTime},
};

use super::{
    app::Failure,
    visitor::{Visitor, policy},
};

/// The ring, and a seal under a key that has gone.
pub(crate) struct Keys {
    ring: Mutex<Keyring>,
    /// Seals under the ring's first key, which opens nothing any more.
    gone: Sealer,
}

impl Keys {
    /// A ring as it looks some weeks after its first rotation: one key is gone, one seals.
    pub(crate) fn new(now: OffsetDateTime) -> Result<Self, Failure> {
        let weeks_ago = now.saturating_sub(Duration::days(20));
        let first = Key::generate()?;
        let copy = Key::parse(first.expose_text().as_str())?;
        let ring = Keyring::start(rotation_policy(), first, weeks_ago)?.rotate(Key::generate()?, None, weeks_ago)?;
        let gone = Sealer::new(&Keyring::new([copy])?, &cookie()?, policy())?;
        Ok(Self { ring: Mutex::new(ring), gone })
    }

    /// The ring as it is now.
    pub(crate) fn ring(&self) -> Result<Keyring, KeyError> {
        copy(&self.ring.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Seals and opens what the session layer seals and opens.
    pub(crate) fn sealer(&self) -> Result<Sealer, Failure> {
        Ok(Sealer::new(&self.ring()?, &cookie()?, policy())?)
    }

    pub(crate) fn gone(&self) -> &Sealer {
        &self.gone
    }

    /// The past and future of each key.
    pub(crate) fn plan(&self, now: OffsetDateTime) -> Vec<KeyPlan> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner).plan(now)
    }

    /// Takes a new key in, once `give` has handed the ring to every layer.
    pub(crate) fn rotate(
        &self,
        now: OffsetDateTime,
        give: impl FnOnce(&Keyring) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let next = copy(&ring)?.rotate(Key::generate()?, None, now)?;
        give(&next)?;
        *ring = next;
        Ok(())
    }
}

/// After this time the key of a rotation seals: the clocks of two nodes may differ by so much.
pub(crate) const TAKES_OVER_AFTER: Duration = Duration::seconds(62);

/// There is one node, so a new ring reaches every node at once.
fn rotation_policy() -> RotationPolicy {
    RotationPolicy::default().propagation_delay(Duration::ZERO)
}

fn cookie() -> Result<Context, hardtack::ConfigError> {
    Context::cookie(Visitor::COOKIE, "")
}

/// A seal of another service that shares the keys.
pub(crate) fn other_service(ring: &Keyring) -> Result<Sealer, hardtack::ConfigError> {
    Sealer::new(ring, &Context::cookie(Visitor::COOKIE, "another service")?, Policy::default())
}

/// A seal under a key that nobody but its owner has.
pub(crate) fn stranger() -> Result<Sealer, Failure> {
    Ok(Sealer::new(&Keyring::generate()?, &cookie()?, policy())?)
}

/// A ring is no `Clone`, because keys are secrets. A copy has to say so.
fn copy(ring: &Keyring) -> Result<Keyring, KeyError> {
    let keys: Result<Vec<_>, KeyError> = ring
        .keys()
        .map(|(key, schedule)| {
            let schedule = schedule.copied().ok_or(KeyError::Empty)?;
            Ok((Key::parse(key.expose_text().as_str())?, schedule))
        })
        .collect();
    Keyring::scheduled(rotation_policy(), keys?)
}
