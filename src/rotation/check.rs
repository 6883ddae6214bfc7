//! Whether a ring, or the step from one to the next, keeps every session that is out.

use time::OffsetDateTime;

use super::rules::{is_too_brief, may_seal_from, must_open_until};
use crate::{
    clock::unix_seconds,
    crypto::{
        keyring::Keyring,
        rotation_policy::RotationPolicy,
        schedule::{KeyState, Schedule, Timeline},
    },
    error::RotationError,
    id::KeyId,
};

impl Keyring {
    /// Whether the ring keeps every session that is out, and every node can open what is sealed. A list without times says
    /// nothing that could be checked.
    ///
    /// # Errors
    /// The first of [`Keyring::problems`].
    pub fn check(&self, now: OffsetDateTime) -> Result<(), RotationError> {
        self.problems(now).into_iter().next().map_or(Ok(()), Err)
    }

    /// All that is wrong with the ring's times: keys that seal before every node can have them, cease to open while what they
    /// sealed is good, or come from the future.
    #[must_use]
    pub fn problems(&self, now: OffsetDateTime) -> Vec<RotationError> {
        let policy = self.rotation_policy().cloned().unwrap_or_default();
        problems(self.timeline(), &policy, unix_seconds(now), 0)
    }

    /// Whether nobody is logged out when this ring makes room for `next` now, on one node after the other: as [`Keyring::check`]
    /// of the next ring, and no key goes whose cookies are good, none seals that others cannot have, none comes back.
    ///
    /// # Errors
    /// The first of [`Keyring::step_problems`].
    pub fn check_step(&self, next: &Self, now: OffsetDateTime) -> Result<(), RotationError> {
        self.step_problems(next, now).into_iter().next().map_or(Ok(()), Err)
    }

    /// All that is wrong with the step from this ring to `next`, if it is taken now.
    #[must_use]
    pub fn step_problems(&self, next: &Self, now: OffsetDateTime) -> Vec<RotationError> {
        let policy = match (next.rotation_policy(), self.rotation_policy()) {
            // What is out lives as long as it could under either.
            (Some(next), Some(before)) => next.clone().and(before),
            (policy, other) => policy.or(other).cloned().unwrap_or_default(),
        };
        let now = unix_seconds(now);
        problems_of_step([self.timeline(), next.timeline()], &policy, now, now)
    }
}

/// What is wrong with a ring. Keys that ceased to seal by `settled` are passed over: what they sealed was known when they did.
pub(crate) fn problems(ring: &Timeline, policy: &RotationPolicy, now: u64, settled: u64) -> Vec<RotationError> {
    if ring.is_untimed() {
        return Vec::new();
    }
    let each = ring.entries().iter().enumerate().filter(|(_, (_, schedule))| schedule.revoked.is_none());
    each.flat_map(|(index, (id, schedule))| {
        // It counts from the second after the one in which it came.
        let future = schedule.created > now.saturating_add(policy.skew_seconds()).saturating_add(1);
        let future = future.then_some(RotationError::Future { key: id.0, created: schedule.created });
        let early = too_early(ring, index, policy, now);
        [future, early, strands(ring, index, policy, now, settled)].into_iter().flatten()
    })
    .collect()
}

/// A key seals while it may still be on its way, though the one that makes room for it could.
fn too_early(ring: &Timeline, index: usize, policy: &RotationPolicy, now: u64) -> Option<RotationError> {
    let (id, schedule) = ring.entries().get(index)?;
    let makes_room = |before| ring.stops_sealing(before) == Some(schedule.seal_from);
    let another = (0..index).any(|before| makes_room(before) && ring.state(before, now).opens());
    let earliest = may_seal_from(policy, schedule.created);
    let early = another && schedule.seal_from < earliest && now < earliest;
    early.then_some(RotationError::TooEarly { key: id.0, seal_from: schedule.seal_from, earliest })
}

/// Keys of a ring that is in use which open for longer than rings are refused for, but not for as long as FORMAT.md asks: which,
/// and by how many seconds. Those that ceased to seal by now are passed over.
pub(crate) fn opening_briefly(
    ring: &Timeline,
    policy: &RotationPolicy,
    now: u64,
) -> impl Iterator<Item = (KeyId, u64)> {
    let each = ring.entries().iter().enumerate().filter(|(_, (_, schedule))| schedule.revoked.is_none());
    each.filter_map(move |(index, (id, schedule))| {
        let stop = ring.stops_sealing(index).or(schedule.seal_until).filter(|stop| *stop > now)?;
        let short = must_open_until(policy, stop).saturating_sub(schedule.open_until?);
        (short > 0).then_some((*id, short))
    })
}

/// A key ceases to open while what it sealed is good.
fn strands(ring: &Timeline, index: usize, policy: &RotationPolicy, now: u64, settled: u64) -> Option<RotationError> {
    let (id, schedule) = ring.entries().get(index)?;
    let stop = ring.stops_sealing(index).or(schedule.seal_until)?;
    let opens_until = schedule.open_until?;
    let needed_until = must_open_until(policy, stop);
    let strands = stop > settled && is_too_brief(policy, opens_until, needed_until) && now < needed_until;
    strands.then_some(RotationError::Strands { key: id.0, opens_until: Some(opens_until), needed_until })
}

/// What is wrong with the step from the first ring to the second.
///
/// `latest` is the latest time that the old ring was asked about: what had ended then, has.
pub(crate) fn problems_of_step(
    rings: [&Timeline; 2],
    policy: &RotationPolicy,
    now: u64,
    latest: u64,
) -> Vec<RotationError> {
    let [old, new] = rings;
    let each = || old.entries().iter().enumerate().map(|(index, (id, _))| (index, *id));
    let returning = each().filter(|(index, id)| returns(old, *index, new, *id, latest));
    let mut found: Vec<_> = returning.map(|(_, id)| RotationError::Returns { key: id.0 }).collect();
    found.extend(problems(new, policy, now, now));
    found.extend(unannounced(rings, policy, now));
    let known_from = known_from(rings, policy, now);
    found.extend(each().filter_map(|(index, id)| {
        let needed_until = must_open_until(policy, last_seal(old, index, known_from, now)?);
        cut_short(new, id, policy, now, needed_until)
    }));
    found.extend(pruned_keys_return(rings, policy, now));
    found
}

/// In a list without times, the primary is one that the ring before had, and that every node has.
fn unannounced([old, new]: [&Timeline; 2], policy: &RotationPolicy, now: u64) -> Option<RotationError> {
    let (id, _) = new.entries().get(new.sealing(now)).filter(|(_, schedule)| schedule.is_untimed())?;
    let Some(index) = old.index_of(*id) else { return Some(RotationError::Unannounced { key: id.0 }) };
    let earliest = old.schedule_of(*id).map_or(0, |before| may_seal_from(policy, before.created));
    let early = old.state(index, now) == KeyState::Pending && now < earliest;
    early.then_some(RotationError::TooEarly { key: id.0, seal_from: now, earliest })
}

/// A key that has ended opens again. One whose time is over by the old ring, but that seals on in the new one since the key
/// after it was revoked in time, has not ended: this node hears of it late.
fn returns(old: &Timeline, index: usize, new: &Timeline, id: KeyId, now: u64) -> bool {
    let opens = new.index_of(id).is_some_and(|index| new.state(index, now).opens());
    opens
        && match old.state(index, now) {
            KeyState::Revoked => true,
            KeyState::Gone => !revoked_in_time(old, index, new),
            _ => false,
        }
}

/// Whether a key after this one was revoked while this one still opened.
fn revoked_in_time(old: &Timeline, index: usize, new: &Timeline) -> bool {
    let opened_until = old.entries().get(index).and_then(|(_, schedule)| schedule.open_until).unwrap_or(u64::MAX);
    let later = old.entries().iter().skip(index.saturating_add(1)).filter(|(_, schedule)| schedule.revoked.is_none());
    later.filter_map(|(id, _)| new.schedule_of(*id)?.revoked).any(|revoked| revoked < opened_until)
}

/// A key that the old ring does not know is older than one that it knows: it was there once, and was pruned. A new key comes when
/// no other waits, so it is not, but for the skew between two operators' clocks.
fn pruned_keys_return(
    [old, new]: [&Timeline; 2],
    policy: &RotationPolicy,
    now: u64,
) -> impl Iterator<Item = RotationError> {
    let newest = old.entries().iter().map(|(_, schedule)| schedule.created).max().unwrap_or(0);
    let older_than = newest.saturating_sub(policy.skew_seconds());
    let unknown = new.entries().iter().enumerate().filter(|(_, (id, _))| old.index_of(*id).is_none());
    let returns = unknown.filter(move |(index, (_, schedule))| {
        !schedule.is_untimed() && schedule.created < older_than && new.state(*index, now).opens()
    });
    returns.map(|(_, (id, _))| RotationError::Returns { key: id.0 })
}

/// From when on every node works with the new ring: it is on its way since the first key that is new in it came, or since now.
fn known_from([old, new]: [&Timeline; 2], policy: &RotationPolicy, now: u64) -> u64 {
    let added = new.entries().iter().filter(|(id, schedule)| old.index_of(*id).is_none() && !schedule.is_untimed());
    let since = added.map(|(_, schedule)| schedule.created).min();
    may_seal_from(policy, since.unwrap_or(now)).max(now)
}

/// Until when a node may seal under this key while it still works with the old ring; `None` if none can have or will.
fn last_seal(old: &Timeline, index: usize, known_from: u64, now: u64) -> Option<u64> {
    let (_, schedule) = old.entries().get(index)?;
    if matches!(old.state(index, now), KeyState::Gone | KeyState::Revoked) {
        return None;
    }
    if !schedule.ever_seals() {
        // A list does not say when this one ceased to seal: perhaps just now.
        return Some(now);
    }
    let seals = schedule.seal_from < known_from || old.sealing(now) == index;
    seals.then_some(old.stops_sealing(index).map_or(known_from, |stop| stop.min(known_from)))
}

/// The new ring ceases to open this key's cookies while they are good. That a revocation does, is its purpose.
fn cut_short(new: &Timeline, id: KeyId, policy: &RotationPolicy, now: u64, needed_until: u64) -> Option<RotationError> {
    if now >= needed_until {
        return None;
    }
    let opens_until = match new.schedule_of(id) {
        None => None,
        Some(Schedule { revoked: Some(_), .. }) => return None,
        Some(Schedule { open_until, .. }) => Some((*open_until)?),
    };
    // The last key of a ring goes on opening.
    let is_last = new.index_of(id).is_some_and(|index| new.stops_sealing(index).is_none());
    let short = !is_last && opens_until.is_none_or(|until| is_too_brief(policy, until, needed_until));
    short.then_some(RotationError::Strands { key: id.0, opens_until, needed_until })
}
