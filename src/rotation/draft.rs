//! A ring's times while a step changes them.

use super::{
    check::problems_of_step,
    rules::{must_open_until, schedule, until},
};
use crate::{
    crypto::{
        key::Key,
        keyring::Keyring,
        rotation_policy::RotationPolicy,
        schedule::{KeyState, Schedule, Timeline},
    },
    error::RotationError,
    id::KeyId,
};

/// The times to be, beside the ring as it is.
pub(super) struct Draft {
    pub(super) policy: RotationPolicy,
    pub(super) times: Vec<(KeyId, Schedule)>,
    before: Timeline,
}

impl Draft {
    pub(super) fn of(ring: &Keyring) -> Result<Self, RotationError> {
        let policy = ring.rotation_policy().ok_or(RotationError::NoSchedule)?.clone();
        let before = ring.timeline().clone();
        Ok(Self { policy, times: before.entries().to_vec(), before })
    }

    /// The first key that waits for its time.
    pub(super) fn pending(&self, now: u64) -> Option<(KeyId, Schedule)> {
        let entries = self.before.entries().iter().enumerate();
        entries.filter(|(index, _)| self.before.state(*index, now) == KeyState::Pending).map(|(_, entry)| *entry).next()
    }

    pub(super) fn schedule_of(&self, id: KeyId) -> Option<&Schedule> {
        self.times.iter().find(|(other, _)| *other == id).map(|(_, schedule)| schedule)
    }

    pub(super) fn set(&mut self, id: KeyId, schedule: Schedule) {
        self.times.iter_mut().filter(|(other, _)| *other == id).for_each(|(_, old)| *old = schedule);
    }

    /// The first second from `at` on in which no other key begins.
    pub(super) fn free_from(&self, at: u64, key: KeyId) -> u64 {
        let taken = |at| self.times.iter().any(|(id, schedule)| *id != key && schedule.seal_from == at);
        let enough = at.saturating_add(self.times.len() as u64);
        (at..=enough).find(|at| !taken(*at)).unwrap_or(at)
    }

    /// Lets a key that waits seal from then on, sooner than planned. If none follows it, its period begins then too.
    pub(super) fn bring_forward(&mut self, id: KeyId, seal_from: u64) {
        let Some(planned) = self.schedule_of(id).copied() else { return };
        let last = self.before.index_of(id).is_some_and(|index| self.before.stops_sealing(index).is_none());
        let sooner =
            if last { schedule(&self.policy, planned.created, seal_from) } else { Schedule { seal_from, ..planned } };
        self.set(id, sooner);
    }

    /// Takes a key in: its id, and from when it seals.
    pub(super) fn add(&mut self, id: KeyId, now: u64, seal_from: u64) -> (KeyId, u64) {
        self.times.push((id, schedule(&self.policy, now, seal_from)));
        (id, seal_from)
    }

    /// Lets a key seal until the next one that is not revoked, if it was to end earlier.
    pub(super) fn seal_on(&mut self, id: KeyId) {
        let Some(active) = self.schedule_of(id).copied() else { return };
        let later = self.times.iter().map(|(_, later)| later).filter(|later| later.seal_from > active.seal_from);
        let next = later.filter(|later| later.revoked.is_none()).map(|later| later.seal_from).min();
        if let Some(stop) = next.filter(|stop| active.seal_until.is_some_and(|until| until < *stop)) {
            self.resume(id, stop);
        }
    }

    /// Lets a key that made room seal again, until `stop`.
    pub(super) fn resume(&mut self, id: KeyId, stop: u64) {
        if let Some((_, resumed)) = self.times.iter_mut().find(|(other, _)| *other == id) {
            until(&self.policy, resumed, stop);
        }
    }

    /// The key that seals now stops at `stop`, on the last node at `last`.
    pub(super) fn stop_active(&mut self, now: u64, stop: u64, last: u64) {
        let Some((id, active)) = self.before.entries().get(self.before.sealing(now)) else { return };
        let mut active = *active;
        until(&self.policy, &mut active, stop);
        active.open_until = Some(must_open_until(&self.policy, last.max(stop)));
        self.set(*id, active);
    }

    /// The ring with these times, if nobody is logged out by the step to it.
    pub(super) fn take(self, ring: Keyring, new: Option<Key>, now: u64) -> Result<Keyring, RotationError> {
        let next = ring.rescheduled(self.policy.clone(), self.times, new)?;
        let problems = problems_of_step([&self.before, next.timeline()], &self.policy, now, now);
        problems.into_iter().next().map_or(Ok(next), Err)
    }
}
