//! When the keys of a ring seal and open: pure functions of `now`, in unix seconds. States are derived, never stored.

use crate::{error::KeyError, id::KeyId, wire::TIME_END};

/// The `seal_from` of a key that opens only, in a list without times.
const NEVER: u64 = u64::MAX;

/// When a key seals and until when it opens, in unix seconds below 2^40.
///
/// From `seal_from` on the key seals, until the next key of the ring does. `seal_until` is when that was planned for: if no
/// key follows, this one goes on sealing and opening, and rotation is overdue. From `open_until` on it opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// When the key came into the ring, and so began its way to the other nodes.
    pub created: u64,
    /// When it begins to seal. Not before `created`.
    pub seal_from: u64,
    /// When it is to make room for the next key; after `seal_from`. `None`: when that comes.
    pub seal_until: Option<u64>,
    /// From when it no longer opens; not before `seal_until`, and only beside that. `None`: it opens for as long as it is in
    /// the ring.
    pub open_until: Option<u64>,
    /// When it was revoked. A key that was, neither seals nor opens, whatever the clock shows. In its place seals the key before
    /// it; but if that one was to end there by its `seal_until`, and another follows, then the one that follows.
    pub revoked: Option<u64>,
}

impl Schedule {
    /// A key that seals from then on, and opens for as long as it is in the ring.
    #[must_use]
    pub fn new(created: u64, seal_from: u64) -> Self {
        Self { created, seal_from, seal_until: None, open_until: None, revoked: None }
    }

    /// The primary of a list without times.
    pub(super) const PRIMARY: Self =
        Self { created: 0, seal_from: 0, seal_until: None, open_until: None, revoked: None };
    /// Another key of a list without times.
    pub(super) const OPENS_ONLY: Self = Self { seal_from: NEVER, ..Self::PRIMARY };

    /// Whether it is one of the two that stand for no times at all.
    pub(crate) fn is_untimed(&self) -> bool {
        *self == Self::PRIMARY || *self == Self::OPENS_ONLY
    }

    /// Whether it says when it seals: true for all but the keys that open only in a list without times.
    pub(crate) fn ever_seals(&self) -> bool {
        self.seal_from != NEVER
    }

    /// Whether the key ended where that one began, which sealed until it was revoked: it does not come back in its place.
    fn made_room_for(&self, next: &Self) -> bool {
        let sealed = next.revoked.is_some_and(|revoked| revoked >= next.seal_from);
        sealed && self.seal_until.is_some_and(|until| until <= next.seal_from)
    }

    fn check(&self, position: usize) -> Result<(), KeyError> {
        let contradiction = |problem| Err(KeyError::Contradiction { position, problem });
        let Self { created, seal_from, seal_until, open_until, revoked } = *self;
        let times = [Some(created), Some(seal_from), seal_until, open_until, revoked];
        if times.into_iter().flatten().any(|time| time >= TIME_END) {
            return contradiction("a time is beyond the format's range: correct it");
        }
        if seal_from < created {
            return contradiction("seal_from is before created: a key cannot seal before it is in the ring");
        }
        if seal_until.is_some_and(|until| until <= seal_from) {
            return contradiction("seal_until is not after seal_from: correct one of them");
        }
        match (seal_until, open_until) {
            (None, Some(_)) => contradiction("open_until without seal_until: say when it stops sealing, or drop both"),
            (Some(seal), Some(open)) if open < seal => {
                contradiction("open_until is before seal_until: what it seals would not open")
            }
            _ => Ok(()),
        }
    }
}

/// What a key is good for at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// It opens, and does not seal yet.
    Pending,
    /// It seals and opens.
    Active,
    /// It opens, and no longer seals.
    Retiring,
    /// It opens nothing any more.
    Gone,
    /// It was revoked.
    Revoked,
}

impl KeyState {
    /// The state's name, in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Gone => "gone",
            Self::Revoked => "revoked",
        }
    }

    /// Whether a key in this state opens tokens.
    #[must_use]
    pub fn opens(self) -> bool {
        matches!(self, Self::Pending | Self::Active | Self::Retiring)
    }
}

/// The times of a ring's keys, in rising order of `seal_from`; or a list without times, the primary first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    entries: Vec<(KeyId, Schedule)>,
    /// From when on which key seals, worked out once: requests look it up.
    seals: Vec<(u64, usize)>,
}

impl Timeline {
    /// A list without times: the first seals, all open.
    pub(super) fn untimed(ids: impl IntoIterator<Item = KeyId>) -> Self {
        let schedules = core::iter::once(Schedule::PRIMARY).chain(core::iter::repeat(Schedule::OPENS_ONLY));
        Self::of(ids.into_iter().zip(schedules).collect())
    }

    /// Checked: each schedule by itself, their order, that no two seal at once, and that one does.
    pub(crate) fn scheduled(entries: Vec<(KeyId, Schedule)>) -> Result<Self, KeyError> {
        for ((_, schedule), position) in entries.iter().zip(1..) {
            schedule.check(position)?;
        }
        for ((before, after), position) in entries.iter().zip(entries.iter().skip(1)).zip(2..) {
            if after.1.seal_from <= before.1.seal_from {
                return Err(KeyError::OutOfOrder { position });
            }
        }
        let timeline = Self::of(entries);
        timeline.check_overlap()?;
        if timeline.entries.iter().all(|(_, schedule)| schedule.revoked.is_some()) {
            return Err(KeyError::NothingSeals);
        }
        Ok(timeline)
    }

    fn check_overlap(&self) -> Result<(), KeyError> {
        let unrevoked = || self.entries.iter().zip(1..).filter(|((_, schedule), _)| schedule.revoked.is_none());
        for (((_, before), _), ((_, after), position)) in unrevoked().zip(unrevoked().skip(1)) {
            if before.seal_until.is_some_and(|until| until > after.seal_from) {
                return Err(KeyError::Overlap { position });
            }
        }
        Ok(())
    }

    pub(crate) fn entries(&self) -> &[(KeyId, Schedule)] {
        &self.entries
    }

    pub(crate) fn is_untimed(&self) -> bool {
        self.entries.iter().all(|(_, schedule)| schedule.is_untimed())
    }

    pub(crate) fn index_of(&self, id: KeyId) -> Option<usize> {
        self.entries.iter().position(|(other, _)| *other == id)
    }

    pub(crate) fn schedule_of(&self, id: KeyId) -> Option<&Schedule> {
        self.entries.iter().find(|(other, _)| *other == id).map(|(_, schedule)| schedule)
    }

    /// The place of the key that seals.
    pub(crate) fn sealing(&self, now: u64) -> usize {
        self.seals.iter().rev().find(|(from, _)| *from <= now).map_or(0, |(_, index)| *index)
    }

    fn of(entries: Vec<(KeyId, Schedule)>) -> Self {
        let mut timeline = Self { entries, seals: Vec::new() };
        // What seals changes only when a key's time comes.
        let begins = timeline.entries.iter().map(|(_, schedule)| schedule).filter(|schedule| schedule.ever_seals());
        let changes: Vec<u64> = core::iter::once(0).chain(begins.map(|schedule| schedule.seal_from)).collect();
        timeline.seals = changes.into_iter().map(|from| (from, timeline.sealing_by_rule(from))).collect();
        timeline.seals.dedup_by_key(|(_, index)| *index);
        timeline
    }

    /// The key that seals: of those not revoked the last whose time has come, or the first if none's has. If it made room for one
    /// that was revoked since, then the one that follows.
    fn sealing_by_rule(&self, now: u64) -> usize {
        let unrevoked = || self.entries.iter().enumerate().filter(|(_, (_, schedule))| schedule.revoked.is_none());
        let begun = unrevoked().rev().find(|(_, (_, schedule))| schedule.seal_from <= now).map(|(index, _)| index);
        let stopped = begun.filter(|index| self.stops_sealing(*index).is_some_and(|stop| stop <= now));
        let first = stopped.map(|index| index.saturating_add(1)).or(begun).unwrap_or(0);
        unrevoked().map(|(index, _)| index).find(|index| *index >= first).unwrap_or(0)
    }

    /// What the key at this place is good for. One that is not there is gone.
    pub(crate) fn state(&self, index: usize, now: u64) -> KeyState {
        let Some((_, schedule)) = self.entries.get(index) else { return KeyState::Gone };
        if schedule.revoked.is_some() {
            KeyState::Revoked
        } else if self.sealing(now) == index {
            KeyState::Active
        } else if schedule.open_until.is_some_and(|until| now >= until) {
            KeyState::Gone
        } else if schedule.ever_seals() && now < schedule.seal_from {
            KeyState::Pending
        } else {
            KeyState::Retiring
        }
    }

    /// Since when the key that seals should have made room for another, if it should.
    pub(crate) fn overdue_since(&self, now: u64) -> Option<u64> {
        let (_, schedule) = self.entries.get(self.sealing(now))?;
        schedule.seal_until.filter(|until| *until <= now)
    }

    /// When the key at this place stops sealing: when the next one begins. `None` if none follows, or only revoked ones.
    pub(crate) fn stops_sealing(&self, index: usize) -> Option<u64> {
        let (_, schedule) = self.entries.get(index)?;
        let later = || {
            self.entries.iter().skip(index.saturating_add(1)).map(|(_, later)| later).filter(|later| later.ever_seals())
        };
        later().find(|later| later.revoked.is_none())?;
        let next = later().find(|later| later.revoked.is_none() || schedule.made_room_for(later));
        next.map(|next| next.seal_from)
    }
}
