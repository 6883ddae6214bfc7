//! What comes next for a ring: in order of time, with what an operator has to do, and what happens by itself.

use hardtack::{Key, KeyId, Keyring, NextStep, RotationPolicy, Suite};
use time::{Duration, OffsetDateTime};

/// A good time to begin, in unix seconds.
const START: i64 = 1_800_000_000;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

fn at(seconds: u64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(START).unwrap() + Duration::seconds(i64::try_from(seconds).unwrap())
}

/// Unix seconds.
fn unix(seconds: u64) -> u64 {
    u64::try_from(at(seconds).unix_timestamp()).unwrap()
}

fn key(number: u8) -> Key {
    let mut secret = *b"distinct test secrets 0123456789";
    secret[0] = number;
    Key::from_secret(Suite::Xaes256Gcm, &secret).unwrap()
}

/// An hour, 60 seconds, 7 days, 90 days.
fn started() -> (Keyring, KeyId) {
    let id = key(1).id();
    (Keyring::start(RotationPolicy::default(), key(1), at(0)).unwrap(), id)
}

#[test]
fn a_ring_of_one_key_is_rotated_so_that_the_next_can_reach_every_node() {
    let (ring, key_id) = started();
    let by = unix(90 * DAY - HOUR - 60);
    assert_eq!(ring.next_steps(at(0)), [NextStep::Rotate { key_id, by }]);
    assert_eq!(ring.next_steps(at(0))[0].due(), by);
    // It stays due when it is overdue.
    assert_eq!(ring.next_steps(at(200 * DAY)), [NextStep::Rotate { key_id, by }]);
}

#[test]
fn a_rotation_is_distributed_then_takes_over_then_the_old_key_goes() {
    let (ring, old) = started();
    let new = key(2).id();
    let ring = ring.rotate(key(2), None, at(DAY)).unwrap();
    let (distributed, takes_over) = (DAY + HOUR, DAY + HOUR + 60);
    // 2 x skew + 1 s and the token's life; once the skew more, which is given; once more, for clocks that differ.
    let goes = takes_over + 121 + 7 * DAY + 60 + 60;
    let distribute = NextStep::Distribute { key_id: new, by: unix(distributed) };
    let seals = NextStep::TakesOver { key_id: new, at: unix(takes_over) };
    let prune = NextStep::Prune { key_id: old, from: unix(goes) };
    let rotate = NextStep::Rotate { key_id: new, by: unix(takes_over + 90 * DAY - HOUR - 60) };
    assert_eq!(ring.next_steps(at(DAY)), [distribute, seals, rotate]);
    assert_eq!(ring.next_steps(at(distributed)), [seals, rotate]);
    assert_eq!(ring.next_steps(at(takes_over)), [prune, rotate]);
    assert_eq!(ring.next_steps(at(goes)), [prune, rotate]);
    // What is to be pruned, is.
    assert!(ring.prune(at(goes)).unwrap().1 == [old]);
}

#[test]
fn a_revoked_key_is_pruned_once_no_cookie_of_its_is_good() {
    let (ring, old) = started();
    let new = key(2).id();
    let (ring, _) = ring.revoke(&[old], key(2), at(DAY)).unwrap();
    let prune = NextStep::Prune { key_id: old, from: unix(DAY + HOUR + 60 + 121 + 7 * DAY + 60) };
    let rotate = NextStep::Rotate { key_id: new, by: unix(DAY + 90 * DAY - HOUR - 60) };
    assert_eq!(ring.next_steps(at(DAY)), [prune, rotate]);
}

#[test]
fn nothing_is_known_of_a_list() {
    assert_eq!(Keyring::new([key(1), key(2)]).unwrap().next_steps(at(0)), []);
}

#[test]
fn a_list_that_is_given_times_is_safe_as_it_is() {
    let list = || Keyring::new([key(1), key(2), key(3)]).unwrap();
    let ring = list().with_schedule(RotationPolicy::default(), at(0)).unwrap();
    assert_eq!(ring.problems(at(0)), []);
    assert_eq!(list().step_problems(&ring, at(0)), []);
    assert_eq!(ring.primary(at(0)), key(1).id());
}

#[test]
fn all_problems_of_a_step_are_told() {
    let list = Keyring::new([key(1), key(2)]).unwrap();
    let other = Keyring::new([key(3)]).unwrap();
    let problems = list.step_problems(&other, at(0));
    assert_eq!(problems.len(), 3, "the new one is unannounced, and two are missing: {problems:?}");
    assert_eq!(list.check_step(&other, at(0)), Err(problems[0].clone()));
    assert_eq!(list.step_problems(&list, at(0)), []);
}
