//! The steps of a key's life: it comes into the ring, takes over, makes room, and goes. Each step is checked before it is taken.

use time::OffsetDateTime;

use super::{
    draft::Draft,
    rules::{may_seal_from, must_open_until, schedule, taken_at, until},
};
use crate::{
    clock::unix_seconds,
    crypto::{
        key::Key,
        keyring::Keyring,
        rotation_policy::RotationPolicy,
        schedule::{KeyState, Schedule},
    },
    error::{KeyError, RotationError},
    id::KeyId,
};

impl Keyring {
    /// A new ring of one key, which seals from now on.
    ///
    /// # Errors
    /// [`KeyError::Policy`] for a policy out of its ranges, [`KeyError::Contradiction`] if the clock is.
    pub fn start(policy: RotationPolicy, key: Key, now: OffsetDateTime) -> Result<Self, KeyError> {
        let now = taken_at(now);
        let first = schedule(&policy, now, now);
        Self::scheduled(policy, [(key, first)])
    }

    /// A list without times as a schedule: its primary seals on, the others open until the last that they can have sealed has
    /// expired. What the schedule says of the time before now is made up. A ring that has times already keeps them, under this
    /// policy.
    ///
    /// # Errors
    /// As [`Keyring::start`].
    pub fn with_schedule(self, policy: RotationPolicy, now: OffsetDateTime) -> Result<Self, KeyError> {
        let entries = self.timeline().entries();
        let times = if self.rotation_policy().is_some() {
            entries.to_vec()
        } else {
            let now = taken_at(now);
            entries.iter().zip(0..).map(|((id, _), place)| (*id, of_list(&policy, place, now))).collect()
        };
        self.rescheduled(policy, times, None)
    }

    /// Takes a new key in, which seals from `seal_from` on, or as soon as every node has it; the one that seals until then
    /// makes room for it. Nobody is logged out.
    ///
    /// # Errors
    /// [`RotationError::AlreadyPending`], [`RotationError::TooEarly`], [`RotationError::NoSchedule`], and what
    /// [`Keyring::check_step`] returns.
    pub fn rotate(
        self,
        key: Key,
        seal_from: Option<OffsetDateTime>,
        now: OffsetDateTime,
    ) -> Result<Self, RotationError> {
        let now = taken_at(now);
        let mut draft = Draft::of(&self)?;
        if let Some((key, pending)) = draft.pending(now) {
            return Err(RotationError::AlreadyPending { key: key.0, seal_from: pending.seal_from });
        }
        let earliest = may_seal_from(&draft.policy, now);
        let seal_from = seal_from.map_or(earliest, unix_seconds);
        if seal_from < earliest {
            return Err(RotationError::TooEarly { key: key.id().0, seal_from, earliest });
        }
        let seal_from = draft.free_from(seal_from, key.id());
        draft.stop_active(now, seal_from, seal_from);
        draft.add(key.id(), now, seal_from);
        draft.take(self, Some(key), now)
    }

    /// Lets the key that waits take over now, or as soon as every node has it.
    ///
    /// # Errors
    /// [`RotationError::NothingPending`]; [`RotationError::TooEarly`] if it cannot be sooner than planned;
    /// [`RotationError::NoSchedule`]; and what [`Keyring::check_step`] returns.
    pub fn promote(self, now: OffsetDateTime) -> Result<Self, RotationError> {
        let now = taken_at(now);
        let mut draft = Draft::of(&self)?;
        let (id, pending) = draft.pending(now).ok_or(RotationError::NothingPending)?;
        let earliest = draft.free_from(may_seal_from(&draft.policy, pending.created).max(now), id);
        if earliest >= pending.seal_from {
            return Err(RotationError::TooEarly { key: id.0, seal_from: now, earliest: pending.seal_from });
        }
        // Nodes that hear of it late seal under the old key until the time that was planned.
        draft.stop_active(now, earliest, pending.seal_from);
        draft.bring_forward(id, earliest);
        draft.take(self, None, now)
    }

    /// Lets a key make room: the one that seals for the one that waits, as [`Keyring::promote`]; one that waits is withdrawn
    /// before it seals.
    ///
    /// # Errors
    /// [`RotationError::NotInRing`], [`RotationError::NotSealing`], [`RotationError::TooLate`], and what [`Keyring::promote`]
    /// returns.
    pub fn retire(self, id: KeyId, now: OffsetDateTime) -> Result<Self, RotationError> {
        let seconds = taken_at(now);
        let index = self.timeline().index_of(id).ok_or(RotationError::NotInRing { key: id.0 })?;
        match self.timeline().state(index, seconds) {
            KeyState::Active => self.promote(now),
            KeyState::Pending => self.withdraw(id, seconds),
            _ => Err(RotationError::NotSealing { key: id.0 }),
        }
    }

    fn withdraw(self, id: KeyId, now: u64) -> Result<Self, RotationError> {
        let mut draft = Draft::of(&self)?;
        let seal_from = draft.schedule_of(id).map_or(0, |schedule| schedule.seal_from);
        // The last to hear of it must still see that it is in time.
        let last_hears = may_seal_from(&draft.policy, now);
        if seal_from < may_seal_from(&draft.policy, last_hears) {
            return Err(RotationError::TooLate { key: id.0, seal_from });
        }
        draft.times.retain(|(other, _)| *other != id);
        draft.take(self, None, now)
    }

    /// The ring without the keys that are of no use any more: those that have gone, and those revoked for so long that no cookie
    /// of theirs is good. Also the ids of these.
    ///
    /// # Errors
    /// [`RotationError::NoSchedule`].
    pub fn prune(self, now: OffsetDateTime) -> Result<(Self, Vec<KeyId>), RotationError> {
        let plan = self.plan(now);
        let now = unix_seconds(now);
        let over = |state| matches!(state, KeyState::Gone | KeyState::Revoked);
        let due = plan.iter().filter(|key| over(key.state) && key.may_be_destroyed_from.is_some_and(|at| at <= now));
        let pruned: Vec<_> = due.map(|key| key.key_id).collect();
        let mut draft = Draft::of(&self)?;
        draft.times.retain(|(id, _)| !pruned.contains(id));
        Ok((draft.take(self, None, now)?, pruned))
    }
}

/// The times of a key of a list, by its place there. When it began nobody knows: so long ago that it has by every clock. It seals
/// no more when every node has the ring with times, unless it is the primary.
fn of_list(policy: &RotationPolicy, place: u64, now: u64) -> Schedule {
    let known_from = may_seal_from(policy, now);
    let past = known_from.saturating_sub(now).saturating_mul(2).saturating_add(1);
    let begun = now.saturating_sub(past).saturating_sub(place);
    let mut times = Schedule::new(begun, begun);
    if place == 0 {
        until(policy, &mut times, now.saturating_add(policy.seal_period_seconds()));
    } else {
        times.seal_until = Some(begun.saturating_add(1));
        times.open_until = Some(must_open_until(policy, known_from));
    }
    times
}
