//! What comes next for a ring: what an operator has to do, and what happens by itself.

use time::OffsetDateTime;

use super::plan::KeyPlan;
use crate::{
    clock::unix_seconds,
    crypto::{keyring::Keyring, rotation_policy::RotationPolicy, schedule::KeyState},
    id::KeyId,
};

/// Something that is due for a ring, by itself or by its operator. Times are unix seconds; one that is past is due now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextStep {
    /// Every node has to have the ring with this key by then.
    Distribute {
        /// The key that waits.
        key_id: KeyId,
        /// The propagation delay after it was created.
        by: u64,
    },
    /// This key begins to seal, by itself.
    TakesOver {
        /// The key that waits.
        key_id: KeyId,
        /// When it seals.
        at: u64,
    },
    /// The newest key is to make room: rotate by then, so that the next one can reach every node in time.
    Rotate {
        /// The newest key.
        key_id: KeyId,
        /// The propagation delay and the skew before it should cease to seal.
        by: u64,
    },
    /// This key is of no use any more from then on: prune it.
    Prune {
        /// The key.
        key_id: KeyId,
        /// From when it may be destroyed.
        from: u64,
    },
}

impl NextStep {
    /// When it is due, in unix seconds.
    #[must_use]
    pub fn due(&self) -> u64 {
        match self {
            Self::Distribute { by, .. } | Self::Rotate { by, .. } => *by,
            Self::TakesOver { at, .. } => *at,
            Self::Prune { from, .. } => *from,
        }
    }
}

impl Keyring {
    /// What comes next for this ring, what is due first at the front. Nothing is known of a list without times.
    #[must_use]
    pub fn next_steps(&self, now: OffsetDateTime) -> Vec<NextStep> {
        let Some(policy) = self.rotation_policy() else { return Vec::new() };
        let (plan, now) = (self.plan(now), unix_seconds(now));
        let mut steps: Vec<_> = plan.iter().flat_map(|key| steps_of(key, policy, now)).collect();
        steps.extend(rotation(&plan, policy));
        steps.sort_by_key(NextStep::due);
        steps
    }
}

/// A rotation is due this part of the seal period before it has to be made, so that a job that runs now and then may fail.
const AHEAD: u64 = 10;

impl Keyring {
    /// Whether it is time for [`Keyring::rotate`]: no key waits, and the newest has to make room within a tenth of the seal
    /// period. Never for a list without times.
    #[must_use]
    pub fn is_rotation_due(&self, now: OffsetDateTime) -> bool {
        let Some(policy) = self.rotation_policy() else { return false };
        let (plan, ahead) = (self.plan(now), policy.seal_period_seconds().div_euclid(AHEAD));
        let waits = plan.iter().any(|key| key.state == KeyState::Pending);
        let due = rotation(&plan, policy).is_some_and(|step| step.due().saturating_sub(ahead) <= unix_seconds(now));
        due && !waits
    }
}

/// What comes next for one key, but for its successor.
fn steps_of(key: &KeyPlan, policy: &RotationPolicy, now: u64) -> impl Iterator<Item = NextStep> {
    let key_id = key.key_id;
    let waits = key.state == KeyState::Pending;
    let by = key.schedule.created.saturating_add(policy.propagation_delay_seconds());
    let distribute = (waits && now < by).then_some(NextStep::Distribute { key_id, by });
    let takes_over = waits.then_some(NextStep::TakesOver { key_id, at: key.schedule.seal_from });
    let over = !matches!(key.state, KeyState::Pending | KeyState::Active);
    let prune = key.may_be_destroyed_from.filter(|_| over).map(|from| NextStep::Prune { key_id, from });
    [distribute, takes_over, prune].into_iter().flatten()
}

/// When the newest key is to make room.
fn rotation(plan: &[KeyPlan], policy: &RotationPolicy) -> Option<NextStep> {
    let newest = plan.iter().rfind(|key| key.schedule.revoked.is_none())?;
    let ahead = policy.propagation_delay_seconds().saturating_add(policy.skew_seconds());
    let by = newest.schedule.seal_until?.saturating_sub(ahead);
    Some(NextStep::Rotate { key_id: newest.key_id, by })
}
