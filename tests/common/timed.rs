//! Keys with times: each has a letter, and times count from [`NOW`].

use hardtack::{Key, KeyId, KeyState, Keyring, RotationPolicy, Schedule, Suite};
use time::Duration;

use super::{NOW, at};

/// What the rotations of [`scheduled`] rings reckon with, in seconds: a key may seal 1060 s after it came, and has to open for
/// 5181 s after it stopped sealing.
pub(crate) const DELAY: i64 = 1000;
pub(crate) const SKEW: i64 = 60;
pub(crate) const LIFE: i64 = 5000;
pub(crate) const PERIOD: i64 = 100_000;

pub(crate) fn policy() -> RotationPolicy {
    RotationPolicy::default()
        .propagation_delay(Duration::seconds(DELAY))
        .skew(Duration::seconds(SKEW))
        .token_life(Duration::seconds(LIFE))
        .seal_period(Duration::seconds(PERIOD))
}

/// A session policy that the rotations of [`policy`] are enough for.
pub(crate) fn sessions() -> hardtack::Policy {
    hardtack::Policy::default().lifetimes(Duration::seconds(LIFE), Duration::hours(12))
}

/// The secret of the key of this letter; that of `A` is [`super::SECRET`].
pub(crate) fn secret(letter: char) -> [u8; 32] {
    let mut secret = *b"a secret of thirty-two bytes: A!";
    secret[30] = u8::try_from(letter).unwrap();
    secret
}

pub(crate) fn key(letter: char) -> Key {
    Key::from_secret(Suite::Xaes256Gcm, &secret(letter)).unwrap()
}

pub(crate) fn id(letter: char) -> KeyId {
    key(letter).id()
}

/// The four bytes of its id, by the second implementation of the format.
pub(crate) fn id_bytes(letter: char) -> [u8; 4] {
    super::token::key_id(&secret(letter))
}

/// The letter of a key.
#[track_caller]
pub(crate) fn letter(id: KeyId) -> char {
    ('A'..='Z').find(|letter| id_bytes(*letter) == *id.as_bytes()).expect("one of the test's keys")
}

/// The unix second so many seconds after [`NOW`].
#[track_caller]
pub(crate) fn second(seconds: i64) -> u64 {
    u64::try_from(i64::try_from(NOW).unwrap() + seconds).unwrap()
}

/// A schedule by its five times.
#[track_caller]
pub(crate) fn times(
    [created, seal_from]: [i64; 2],
    [seal_until, open_until]: [Option<i64>; 2],
    revoked: Option<i64>,
) -> Schedule {
    Schedule {
        created: second(created),
        seal_from: second(seal_from),
        seal_until: seal_until.map(second),
        open_until: open_until.map(second),
        revoked: revoked.map(second),
    }
}

/// A key that came long before it seals.
#[track_caller]
pub(crate) fn from(seal_from: i64) -> Schedule {
    times([seal_from - 2000, seal_from], [None; 2], None)
}

/// The same, with an end that was planned, and that of its opening as [`hardtack::Keyring::rotate`] plans it.
#[track_caller]
pub(crate) fn from_until(seal_from: i64, seal_until: i64) -> Schedule {
    times([seal_from - 2000, seal_from], [Some(seal_until), Some(seal_until + 5181)], None)
}

/// The same, revoked.
pub(crate) fn revoked(schedule: Schedule, at: i64) -> Schedule {
    Schedule { revoked: Some(second(at)), ..schedule }
}

/// A ring of these keys.
#[track_caller]
pub(crate) fn scheduled(keys: &[(char, Schedule)]) -> Keyring {
    Keyring::scheduled(policy(), keys.iter().map(|(letter, schedule)| (key(*letter), *schedule))).unwrap()
}

/// A list without times, the primary first.
#[track_caller]
pub(crate) fn list(letters: &str) -> Keyring {
    Keyring::new(letters.chars().map(key)).unwrap()
}

/// The same keys and times again.
#[track_caller]
pub(crate) fn again(ring: &Keyring) -> Keyring {
    let keys = ring.keys().map(|(key, schedule)| (Key::parse(key.expose_text().as_str()).unwrap(), schedule.copied()));
    match ring.rotation_policy() {
        Some(policy) => {
            let timed = keys.map(|(key, schedule)| (key, schedule.unwrap()));
            Keyring::scheduled(policy.clone(), timed).unwrap()
        }
        None => Keyring::new(keys.map(|(key, _)| key)).unwrap(),
    }
}

/// Each key with its times, in the order of the ring.
#[track_caller]
pub(crate) fn shown(ring: &Keyring) -> Vec<(char, Schedule)> {
    ring.keys().map(|(key, schedule)| (letter(key.id()), *schedule.unwrap())).collect()
}

/// The states of all keys, such as `A retiring, B active`.
#[track_caller]
pub(crate) fn states(ring: &Keyring, seconds: i64) -> String {
    let state = |id| ring.state(id, at(seconds)).map_or("", KeyState::name);
    ring.key_ids().map(|id| format!("{} {}", letter(id), state(id))).collect::<Vec<_>>().join(", ")
}
