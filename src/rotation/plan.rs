//! What is to become of each key, for people and programs that look ahead.

use time::OffsetDateTime;

use super::rules::{may_seal_from, must_open_until};
use crate::{
    clock::unix_seconds,
    crypto::{
        keyring::Keyring,
        schedule::{KeyState, Schedule},
    },
    id::KeyId,
};

/// When a key may seal, has to open, and may be destroyed. Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyPlan {
    /// The key.
    pub key_id: KeyId,
    /// What it is good for now.
    pub state: KeyState,
    /// Its times.
    pub schedule: Schedule,
    /// From when it may seal, since every node has it then.
    pub may_seal_from: u64,
    /// When it stops sealing, if a key follows or an end is planned.
    pub stops_sealing: Option<u64>,
    /// Until when it has to open, if it stops sealing.
    pub must_open_until: Option<u64>,
    /// From when it may be destroyed, if it stops sealing or was revoked.
    pub may_be_destroyed_from: Option<u64>,
}

impl Keyring {
    /// What is to become of each key, the oldest first; of a list without times nothing is known, and the plan is empty.
    #[must_use]
    pub fn plan(&self, now: OffsetDateTime) -> Vec<KeyPlan> {
        let Some(policy) = self.rotation_policy() else { return Vec::new() };
        let (ring, now) = (self.timeline(), unix_seconds(now));
        let each = ring.entries().iter().enumerate().map(|(index, (key_id, schedule))| {
            let stops_sealing = ring.stops_sealing(index).or(schedule.seal_until);
            let needed = stops_sealing.map(|stop| must_open_until(policy, stop));
            let ended = match schedule.revoked {
                // Until then its cookies are told apart from those of a key that is not here yet.
                Some(revoked) => Some(must_open_until(policy, may_seal_from(policy, revoked))),
                None => needed.map(|needed| needed.max(schedule.open_until.unwrap_or(needed))),
            };
            KeyPlan {
                key_id: *key_id,
                state: ring.state(index, now),
                schedule: *schedule,
                may_seal_from: may_seal_from(policy, schedule.created),
                stops_sealing,
                must_open_until: needed.filter(|_| schedule.revoked.is_none()),
                may_be_destroyed_from: ended.map(|ended| ended.saturating_add(policy.skew_seconds())),
            }
        });
        each.collect()
    }
}
