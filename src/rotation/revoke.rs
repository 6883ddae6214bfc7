//! Revoking keys: the one step that ends sessions. What has to go on sealing, does.

use time::OffsetDateTime;

use super::{
    draft::Draft,
    rules::{may_seal_from, taken_at},
};
use crate::{
    clock::unix_seconds,
    crypto::{
        key::Key,
        keyring::Keyring,
        schedule::{KeyState, Schedule},
    },
    error::RotationError,
    id::KeyId,
};

/// What a revocation did, beside revoking.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revocation {
    /// The keys that were revoked, with their times before. Sessions whose cookie was sealed last under one of them end; those
    /// sealed anew under another key since then go on.
    pub revoked: Vec<(KeyId, Schedule)>,
    /// The key that seals from now on.
    pub seals: KeyId,
    /// The spare key, if it was taken in, and from when it seals (unix seconds).
    pub added: Option<(KeyId, u64)>,
    /// Some nodes may not have the key that seals: until they have this ring, sessions sealed on others wait there.
    pub at_once: bool,
}

impl Keyring {
    /// Revokes these keys at once: whatever was sealed under them opens no more. If the key that seals is among them, one that
    /// every node has takes its place, and `spare` comes into the ring to follow it; if there is none, `spare` seals at once.
    ///
    /// # Errors
    /// [`RotationError::NotInRing`]; [`RotationError::NothingToRevoke`] if all of them were revoked already;
    /// [`RotationError::NoSchedule`]; and what [`Keyring::check_step`] returns.
    pub fn revoke(self, ids: &[KeyId], spare: Key, now: OffsetDateTime) -> Result<(Self, Revocation), RotationError> {
        let now = taken_at(now);
        let mut draft = Draft::of(&self)?;
        let mut revoked = Vec::new();
        for id in ids {
            let before = *draft.schedule_of(*id).ok_or(RotationError::NotInRing { key: id.0 })?;
            if before.revoked.is_none() {
                draft.set(*id, Schedule { revoked: Some(now), ..before });
                revoked.push((*id, before));
            }
        }
        if revoked.is_empty() {
            return Err(RotationError::NothingToRevoke);
        }
        let succession = Succession::of(&self, &draft, now);
        let added = succession.carry_out(&mut draft, spare.id(), now);
        let at_once = matches!(succession, Succession::AtOnce(_));
        let spare = added.map(|_| spare);
        let ring = draft.take(self, spare, now)?;
        let seals = ring.sealing(now);
        Ok((ring, Revocation { revoked, seals, added, at_once }))
    }

    /// Revokes every key that came into the ring before this time, as [`Keyring::revoke`].
    ///
    /// # Errors
    /// As [`Keyring::revoke`]; [`RotationError::NothingToRevoke`] if there is none.
    pub fn revoke_created_before(
        self,
        created_before: OffsetDateTime,
        spare: Key,
        now: OffsetDateTime,
    ) -> Result<(Self, Revocation), RotationError> {
        let limit = unix_seconds(created_before);
        let older = |(_, schedule): &&(KeyId, Schedule)| schedule.created < limit && schedule.revoked.is_none();
        let ids: Vec<_> = self.timeline().entries().iter().filter(older).map(|(id, _)| *id).collect();
        self.revoke(&ids, spare, now)
    }
}

/// Who seals after a revocation.
enum Succession {
    /// The key that did; until the one that follows it now.
    Unchanged(KeyId),
    /// One that waits, which every node has.
    Waiting(KeyId),
    /// One that sealed before and still opens, until the one that waits has reached every node, or else the spare key.
    Resumed(KeyId, Option<(KeyId, Schedule)>),
    /// One that some nodes may not have: the one that waits, or else the spare key.
    AtOnce(Option<(KeyId, Schedule)>),
}

impl Succession {
    /// `ring` is as it was before, `draft` has the revocations.
    fn of(ring: &Keyring, draft: &Draft, now: u64) -> Self {
        let is_revoked = |id: KeyId| draft.schedule_of(id).is_none_or(|schedule| schedule.revoked.is_some());
        if !is_revoked(ring.sealing(now)) {
            return Self::Unchanged(ring.sealing(now));
        }
        let entries = ring.timeline().entries().iter().enumerate();
        let kept: Vec<_> = entries
            .filter(|(_, (id, _))| !is_revoked(*id))
            .map(|(index, entry)| (ring.timeline().state(index, now), *entry))
            .collect();
        let waiting = kept.iter().find(|(state, _)| *state == KeyState::Pending).map(|(_, entry)| *entry);
        let before = kept.iter().rfind(|(state, _)| *state != KeyState::Pending);
        // What it seals has to open on nodes that do not know of it yet.
        let known_from = may_seal_from(&draft.policy, now);
        let lasts = |schedule: &Schedule| schedule.open_until.is_none_or(|open_until| open_until > known_from);
        match (waiting, before) {
            (Some((id, waiting)), _) if may_seal_from(&draft.policy, waiting.created) <= now => Self::Waiting(id),
            (waiting, Some((KeyState::Retiring, (id, before)))) if lasts(before) => Self::Resumed(*id, waiting),
            (waiting, _) => Self::AtOnce(waiting),
        }
    }

    /// Changes the times. The spare key and its time, if it is taken in.
    fn carry_out(&self, draft: &mut Draft, spare: KeyId, now: u64) -> Option<(KeyId, u64)> {
        let (follows, seal_from) = match *self {
            Self::Unchanged(id) => {
                draft.seal_on(id);
                return None;
            }
            Self::Waiting(id) => (Some(id), draft.free_from(now, id)),
            // It may have come by a clock that is ahead of this one.
            Self::AtOnce(Some((id, waiting))) => (Some(id), draft.free_from(now.max(waiting.created), id)),
            Self::AtOnce(None) => (None, draft.free_from(now, spare)),
            Self::Resumed(id, waiting) => {
                let known_from = |created| may_seal_from(&draft.policy, created);
                let stop = waiting.map_or(known_from(now), |(_, key)| known_from(key.created).min(key.seal_from));
                let follows = waiting.map(|(id, _)| id);
                let stop = draft.free_from(stop, follows.unwrap_or(spare));
                draft.resume(id, stop);
                (follows, stop)
            }
        };
        match follows {
            Some(id) => {
                draft.bring_forward(id, seal_from);
                None
            }
            None => Some(draft.add(spare, now, seal_from)),
        }
    }
}
