//! The ring: the keys of a deployment, and when each of them seals and opens.

use core::fmt;

use time::OffsetDateTime;

use super::{
    key::Key,
    rotation_policy::RotationPolicy,
    schedule::{KeyState, Schedule, Timeline},
};
use crate::{clock::unix_seconds, error::KeyError, id::KeyId};

const MAX_KEYS: usize = 32;

/// The keys of a deployment. At any moment one of them seals, and all that are in force open.
///
/// | a ring is | which key seals | to rotate |
/// | --- | --- | --- |
/// | a list ([`Keyring::new`], [`Keyring::parse`]) | the first, the *primary* | put the new key behind the primary on every node, then in front on every node; drop the old one once every cookie sealed under it has expired |
/// | keys with times ([`Keyring::scheduled`], the keyring file) | the one whose time it is, so all nodes switch together | one command |
///
/// Nobody is logged out either way (FORMAT.md, section 6; `docs/KEYS.md`).
pub struct Keyring {
    /// The first in the timeline's order: there always is one.
    first: Key,
    rest: Vec<Key>,
    timeline: Timeline,
    policy: Option<RotationPolicy>,
}

impl Keyring {
    /// A ring of these keys, the primary first.
    ///
    /// # Errors
    /// [`KeyError::Empty`], [`KeyError::TooMany`] above 32, [`KeyError::Duplicate`], [`KeyError::SameId`].
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Result<Self, KeyError> {
        let (first, rest) = checked(keys.into_iter().collect())?;
        let timeline = Timeline::untimed(core::iter::once(&first).chain(&rest).map(Key::id));
        Ok(Self { first, rest, timeline, policy: None })
    }

    /// A ring of keys with times, in rising order of `seal_from`, and what its rotations have to reckon with.
    ///
    /// Whether a schedule is safe for the sessions that are out, is [`Keyring::check`]'s to say: here it only has to make sense.
    ///
    /// # Errors
    /// As [`Keyring::new`]; [`KeyError::Contradiction`], [`KeyError::OutOfOrder`], [`KeyError::Overlap`] for times that do not go
    /// together; [`KeyError::NothingSeals`] if every key is revoked; [`KeyError::Policy`] for a policy out of its ranges.
    pub fn scheduled(
        policy: RotationPolicy,
        keys: impl IntoIterator<Item = (Key, Schedule)>,
    ) -> Result<Self, KeyError> {
        policy.check().map_err(|error| KeyError::Policy { problem: error.to_string() })?;
        let (keys, schedules): (Vec<Key>, Vec<Schedule>) = keys.into_iter().unzip();
        let (first, rest) = checked(keys)?;
        let ids = core::iter::once(&first).chain(&rest).map(Key::id);
        let timeline = Timeline::scheduled(ids.zip(schedules).collect())?;
        Ok(Self { first, rest, timeline, policy: Some(policy) })
    }

    /// A ring of one new key, for a try-out: what it seals is lost when the process ends.
    ///
    /// # Errors
    /// [`KeyError::Random`] if the operating system gives no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        Self::new([Key::generate()?])
    }

    /// The ring written as text: keys separated by commas or white space, the primary first; `#` begins a comment that
    /// runs to the end of the line.
    ///
    /// # Errors
    /// [`KeyError`], which counts the keys from 1.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let words = text
            .lines()
            .flat_map(|line| {
                line.split('#')
                    .next()
                    .unwrap_or_default()
                    .split(|character: char| character == ',' || character.is_ascii_whitespace())
            })
            .filter(|word| !word.is_empty());
        // Counted before anything is derived: an enormous list costs nothing.
        let count = words.clone().count();
        if count > MAX_KEYS {
            return Err(KeyError::TooMany { count });
        }
        Self::new(words.zip(1..).map(|(word, position)| Key::parse_at(word, position)).collect::<Result<Vec<_>, _>>()?)
    }

    /// The id of the key that seals now.
    #[must_use]
    pub fn primary(&self, now: OffsetDateTime) -> KeyId {
        self.sealing(unix_seconds(now))
    }

    /// The ids of all keys: the primary's first in a list, the oldest's first in a schedule.
    pub fn key_ids(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.all().map(Key::id)
    }

    /// The keys with their times, the oldest first. `None` beside a key of a list without times.
    pub fn keys(&self) -> impl Iterator<Item = (&Key, Option<&Schedule>)> {
        let schedules = self.timeline.entries().iter().map(|(_, schedule)| Some(schedule).filter(|s| !s.is_untimed()));
        self.all().zip(schedules)
    }

    /// What this key is good for now; `None` if it is not in the ring.
    #[must_use]
    pub fn state(&self, id: KeyId, now: OffsetDateTime) -> Option<KeyState> {
        self.timeline.index_of(id).map(|index| self.timeline.state(index, unix_seconds(now)))
    }

    /// Since when (unix seconds) the key that seals should have made room for another, if it should: it goes on sealing until
    /// one comes.
    #[must_use]
    pub fn overdue_since(&self, now: OffsetDateTime) -> Option<u64> {
        self.timeline.overdue_since(unix_seconds(now))
    }

    /// What rotations of this ring have to reckon with; `None` for a list without times.
    #[must_use]
    pub fn rotation_policy(&self) -> Option<&RotationPolicy> {
        self.policy.as_ref()
    }

    pub(crate) fn sealing(&self, now: u64) -> KeyId {
        let index = self.timeline.sealing(now);
        index.checked_sub(1).and_then(|index| self.rest.get(index)).unwrap_or(&self.first).id()
    }

    pub(crate) fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    pub(super) fn first_and_rest(&self) -> (&Key, &[Key]) {
        (&self.first, &self.rest)
    }

    /// Whether the other holds the same keys, with the same times and settings.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        // Equal timelines hold equal ids, in the same order.
        let mut pairs = self.all().zip(other.all());
        self.timeline == other.timeline && self.policy == other.policy && pairs.all(|(one, two)| one.has_secret_of(two))
    }

    /// Another of the same. Not `Clone`, so that copies of secrets can be searched for.
    pub(crate) fn duplicate(&self) -> Self {
        Self {
            first: self.first.duplicate(),
            rest: self.rest.iter().map(Key::duplicate).collect(),
            timeline: self.timeline.clone(),
            policy: self.policy.clone(),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        core::iter::once(&self.first).chain(&self.rest)
    }

    /// The ring with other times, given by key id, without the keys that have none then, and with a new key.
    ///
    /// # Errors
    /// As [`Keyring::scheduled`].
    pub(crate) fn rescheduled(
        self,
        policy: RotationPolicy,
        mut schedules: Vec<(KeyId, Schedule)>,
        new: Option<Key>,
    ) -> Result<Self, KeyError> {
        schedules.sort_by_key(|(_, schedule)| schedule.seal_from);
        let mut keys: Vec<Key> = core::iter::once(self.first).chain(self.rest).chain(new).collect();
        let timed = schedules.into_iter().filter_map(|(id, schedule)| {
            let index = keys.iter().position(|key| key.id() == id)?;
            Some((keys.swap_remove(index), schedule))
        });
        Self::scheduled(policy, timed.collect::<Vec<_>>())
    }
}

/// Between 1 and 32 keys, no secret and no id twice: the first, and the rest.
fn checked(keys: Vec<Key>) -> Result<(Key, Vec<Key>), KeyError> {
    if keys.len() > MAX_KEYS {
        return Err(KeyError::TooMany { count: keys.len() });
    }
    for (key, index) in keys.iter().zip(0_usize..) {
        let position = index.saturating_add(1);
        let mut before = keys.iter().take(index);
        if before.any(|other| other.has_secret_of(key)) {
            return Err(KeyError::Duplicate { position });
        }
        if keys.iter().take(index).any(|other| other.id() == key.id()) {
            return Err(KeyError::SameId { position });
        }
    }
    let mut keys = keys.into_iter();
    Ok((keys.next().ok_or(KeyError::Empty)?, keys.collect()))
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all()).finish()
    }
}
