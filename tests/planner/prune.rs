//! `prune`: keys go once nothing of theirs is good by any clock.

use hardtack::{Keyring, RotationError};

use crate::{
    common::{
        at,
        timed::{again, from_until, key, letter, list, scheduled, shown, times},
    },
    rotated, started,
};

/// The letters of what is left, and of what went.
fn pruned(ring: &Keyring, now: i64) -> (String, String) {
    let (ring, gone) = again(ring).prune(at(now)).unwrap();
    (ring.key_ids().map(letter).collect(), gone.into_iter().map(letter).collect())
}

fn pair(left: &str, gone: &str) -> (String, String) {
    (left.to_owned(), gone.to_owned())
}

#[test]
fn a_key_goes_once_it_opens_nothing_by_the_slowest_clock() {
    // A opens until 6291.
    for now in [50, 1110, 6290, 6291, 6350] {
        assert_eq!(pruned(&rotated(), now), pair("AB", ""), "{now}");
    }
    assert_eq!(pruned(&rotated(), 6351), pair("B", "A"));
    assert_eq!(pruned(&rotated(), 1_000_000_000), pair("B", "A"));
}

#[test]
fn a_revoked_key_stays_until_its_cookies_are_of_no_use_anyway() {
    // Known everywhere at 160 + 1060; good until 1220 + 5121 at most.
    let (ring, _) = started().revoke(&[started().primary(at(0))], key('B'), at(160)).unwrap();
    assert_eq!(pruned(&ring, 6400), pair("AB", ""));
    assert_eq!(pruned(&ring, 6401), pair("B", "A"));
}

#[test]
fn what_goes_on_past_its_end_stays() {
    let ring = scheduled(&[('A', from_until(0, 100))]);
    assert_eq!(pruned(&ring, 1_000_000), pair("A", ""));
}

#[test]
fn a_key_that_opens_too_shortly_stays_for_as_long_as_it_should_have() {
    // Gone at 4000, though cookies of its are good until 5221.
    let ring = scheduled(&[('A', times([-2000, 0], [Some(100), Some(4000)], None)), ('B', from_until(100, 200))]);
    assert_eq!(pruned(&ring, 5280), pair("AB", ""));
    assert_eq!(pruned(&ring, 5281), pair("B", "A"));
}

#[test]
fn the_other_keys_keep_their_times() {
    let (ring, _) = rotated().prune(at(6351)).unwrap();
    assert_eq!(shown(&ring), shown(&rotated())[1..]);
}

#[test]
fn a_list_is_not_pruned() {
    assert_eq!(list("AB").prune(at(0)).unwrap_err(), RotationError::NoSchedule);
}
