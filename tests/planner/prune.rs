//! `prune`: keys go once nothing of theirs is good by any clock.

use hardtack::{Keyring, RotationError};

use crate::planner::{
    common::{
        at,
        timed::{again, from_until, id, id_bytes, key, letter, list, scheduled, shown, times},
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

#[test]
fn a_revoked_key_that_was_pruned_does_not_come_back_with_an_older_ring() {
    // B is to seal in a day; the ring is kept somewhere as it is now.
    let planned = || started().rotate(key('B'), Some(at(86_400)), at(500)).unwrap();
    let (ring, _) = planned().revoke(&[id('A')], key('C'), at(2000)).unwrap();
    let (pruned, gone) = ring.prune(at(50_000)).unwrap();
    assert_eq!(gone, [id('A')]);
    assert_eq!(pruned.check_step(&planned(), at(50_010)), Err(RotationError::Returns { key: id_bytes('A') }));
    let added = again(&pruned).rotate(key('D'), None, at(50_000)).unwrap();
    assert_eq!(pruned.check_step(&added, at(50_010)), Ok(()));
}
