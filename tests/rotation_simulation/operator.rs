//! The operator: takes the steps of `Keyring`, at any time, and gives the rings that come out to the nodes.

use std::collections::BTreeSet;

use hardtack::{Key, KeyId, Keyring, RotationError, RotationPolicy, Schedule};
use time::{Duration, OffsetDateTime};

use crate::rotation_simulation::{DELAY, REMEMBERED, SKEW, node::instant, random::Random, tally::Tally};

/// By which rules the rings that are distributed are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rules {
    /// Those of `Keyring`.
    Kept,
    /// The same, and now and then keys are revoked.
    KeptInEmergencies,
    /// A key seals one second before every node is sure to have it.
    SealsEarlier,
    /// A key opens so many seconds shorter.
    OpensShorter(u64),
    /// A new key seals at once, and the one before goes at once.
    Off,
}

pub(crate) struct Operator {
    rules: Rules,
    /// As the rules of `Keyring` have it.
    ring: Keyring,
    /// Every key that was revoked so far.
    pub(crate) revoked: BTreeSet<KeyId>,
    /// The key that the last step let seal before every node could have it, if it did.
    pub(crate) at_once: Option<KeyId>,
}

impl Rules {
    pub(crate) fn kept(self) -> bool {
        matches!(self, Self::Kept | Self::KeptInEmergencies)
    }
}

/// What rotations reckon with.
pub(crate) fn policy() -> RotationPolicy {
    let seconds = |seconds: u64| Duration::seconds(i64::try_from(seconds).unwrap());
    RotationPolicy::default().propagation_delay(seconds(DELAY)).skew(seconds(SKEW)).token_life(seconds(REMEMBERED[0]))
}

fn new_key() -> Key {
    Key::generate().unwrap()
}

/// The ring with other times, by the place of each key.
fn changed(ring: &Keyring, mut change: impl FnMut(usize, Schedule) -> Schedule) -> Keyring {
    let keys = ring.keys().enumerate().map(|(index, (key, schedule))| {
        let key = Key::parse(key.expose_text().as_str()).unwrap();
        (key, change(index, *schedule.unwrap()))
    });
    Keyring::scheduled(policy(), keys).unwrap()
}

impl Operator {
    pub(crate) fn new(rules: Rules, real: u64) -> Self {
        let ring = Keyring::start(policy(), new_key(), instant(real)).unwrap();
        Self { rules, ring, revoked: BTreeSet::new(), at_once: None }
    }

    /// The ring that the nodes are given.
    pub(crate) fn ring(&self) -> Keyring {
        let schedules: Vec<Schedule> = self.ring.keys().map(|(_, schedule)| *schedule.unwrap()).collect();
        let last = schedules.len() - 1;
        match self.rules {
            Rules::Kept | Rules::KeptInEmergencies | Rules::Off => self.copy(),
            Rules::SealsEarlier => changed(&self.ring, |index, schedule| Schedule {
                seal_from: schedule.seal_from - u64::from(index > 0),
                seal_until: schedule.seal_until.map(|until| until - u64::from(index < last)),
                ..schedule
            }),
            Rules::OpensShorter(seconds) => changed(&self.ring, |_, schedule| Schedule {
                open_until: schedule.open_until.map(|until| until - seconds),
                ..schedule
            }),
        }
    }

    /// Takes some step, and says whether the ring has changed. `now` is what the operator's clock shows, in milliseconds.
    pub(crate) fn step(&mut self, now: u64, random: &mut Random, tally: &mut Tally) -> bool {
        self.at_once = None;
        let outcome = match self.rules {
            Rules::Off => {
                tally.rotated += 1;
                Ok(Keyring::start(policy(), new_key(), instant(now)).unwrap())
            }
            Rules::KeptInEmergencies if random.once_in(4) => self.revoke(instant(now), random, tally),
            _ => self.routine(now, random, tally),
        };
        match outcome {
            Ok(ring) => {
                assert_eq!(ring.check(instant(now)), Ok(()));
                self.ring = ring;
                true
            }
            Err(
                RotationError::AlreadyPending { .. }
                | RotationError::NothingPending
                | RotationError::NothingToRevoke
                | RotationError::NotSealing { .. }
                | RotationError::TooEarly { .. }
                | RotationError::TooLate { .. },
            ) => {
                tally.not_now += 1;
                false
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// A step that logs nobody out.
    fn routine(&mut self, now: u64, random: &mut Random, tally: &mut Tally) -> Result<Keyring, RotationError> {
        let (ring, at) = (self.copy(), instant(now));
        let newest = ring.key_ids().last().unwrap();
        let (outcome, count) = match random.below(8) {
            0 => (ring.promote(at), &mut tally.promoted),
            1 if ring.primary(at) != newest => (ring.retire(newest, at), &mut tally.withdrawn),
            1 | 2 => (ring.prune(at).map(|(ring, _)| ring), &mut tally.pruned),
            3 | 4 => {
                let later = instant(now + 1000 * (DELAY + SKEW + 1 + random.below(300)));
                (ring.rotate(new_key(), Some(later), at), &mut tally.rotated)
            }
            _ => (ring.rotate(new_key(), None, at), &mut tally.rotated),
        };
        *count += u64::from(outcome.is_ok());
        outcome
    }

    /// The key that seals is revoked, or any.
    fn revoke(&mut self, at: OffsetDateTime, random: &mut Random, tally: &mut Tally) -> Result<Keyring, RotationError> {
        let ring = self.copy();
        let keys: Vec<KeyId> = ring.key_ids().collect();
        let key = if random.once_in(2) { ring.primary(at) } else { keys[random.pick(keys.len())] };
        let (ring, told) = ring.revoke(&[key], new_key(), at)?;
        tally.revoked += 1;
        tally.at_once += u64::from(told.at_once);
        self.revoked.insert(key);
        self.at_once = told.at_once.then_some(told.seals);
        Ok(ring)
    }

    fn copy(&self) -> Keyring {
        changed(&self.ring, |_, schedule| schedule)
    }

    /// From when on each key seals, in unix seconds.
    pub(crate) fn seals_from(&self) -> Vec<u64> {
        self.ring.keys().map(|(_, schedule)| schedule.unwrap().seal_from).collect()
    }
}
