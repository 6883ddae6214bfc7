//! `check_step`: what a ring may be followed by.

use hardtack::RotationError;

use crate::planner::{
    common::{
        at,
        timed::{from, from_until, id_bytes, list, revoked, scheduled, times},
    },
    rotated, started, strands, too_early,
};

#[test]
fn a_key_may_go_5121_seconds_after_it_sealed() {
    let two = || scheduled(&[('A', from_until(0, 100)), ('B', from(100))]);
    let one = scheduled(&[('B', from(100))]);
    assert_eq!(two().check_step(&one, at(5220)), Err(strands('A', None, 5221)));
    assert_eq!(two().check_step(&one, at(5221)), Ok(()));
}

#[test]
fn the_key_that_seals_may_not_go() {
    let two = || scheduled(&[('A', from_until(0, 100)), ('B', from(100))]);
    // Nodes that have not heard of it seal under B for 1060 s more.
    assert_eq!(two().check_step(&scheduled(&[('A', from(0))]), at(200)), Err(strands('B', None, 200 + 1060 + 5121)));
    let error = started().check_step(&scheduled(&[('B', from(0))]), at(200));
    // B came at -2000 by its own account; A sealed until now at least.
    assert_eq!(error, Err(strands('A', None, 200 + 5121)));
}

#[test]
fn a_key_that_waits_may_go_while_the_last_node_can_hear_of_it() {
    let two = scheduled(&[('A', from_until(0, 2000)), ('B', from(2000))]);
    let one = scheduled(&[('A', from_until(0, 2000))]);
    assert_eq!(two.check_step(&one, at(940)), Ok(()));
    assert_eq!(two.check_step(&one, at(941)), Err(strands('B', None, 2001 + 5121)));
}

#[test]
fn an_opening_is_not_cut_short() {
    let ring = |open| scheduled(&[('A', times([-2000, 0], [Some(100), Some(open)], None)), ('B', from(100))]);
    assert_eq!(ring(9000).check_step(&ring(5221), at(200)), Ok(()));
    assert_eq!(ring(9000).check_step(&ring(5220), at(200)), Err(strands('A', Some(5220), 5221)));
    // A ring that was too short already is not lengthened by a refusal; one that is lengthened is taken.
    assert_eq!(ring(5000).check_step(&ring(5221), at(200)), Ok(()));
    assert_eq!(ring(5000).check_step(&ring(5000), at(5221)), Ok(()));
}

#[test]
fn a_new_key_may_not_seal_before_every_node_has_it() {
    let next = |seal_from: i64| {
        let a = times([0, 0], [Some(seal_from), Some(seal_from + 5181)], None);
        scheduled(&[('A', a), ('B', times([50, seal_from], [None; 2], None))])
    };
    assert_eq!(started().check_step(&next(1109), at(50)), Err(too_early('B', 1109, 1110)));
    assert_eq!(started().check_step(&next(1110), at(50)), Ok(()));
}

#[test]
fn what_has_gone_or_was_revoked_does_not_come_back() {
    let two = |open| scheduled(&[('A', times([-2000, 0], [Some(100), Some(open)], None)), ('B', from(100))]);
    let returns = Err(RotationError::Returns { key: id_bytes('A') });
    assert_eq!(two(5281).check_step(&two(9000), at(5280)), Ok(()));
    assert_eq!(two(5281).check_step(&two(9000), at(5281)), returns);
    assert_eq!(two(5281).check_step(&list("AB"), at(5281)), returns);
    let b = revoked(from_until(100, 200), 150);
    let without = scheduled(&[('A', from_until(0, 100)), ('B', b), ('C', from(200))]);
    let with = scheduled(&[('A', from_until(0, 100)), ('B', from_until(100, 200)), ('C', from(200))]);
    assert_eq!(without.check_step(&with, at(210)), Err(RotationError::Returns { key: id_bytes('B') }));
    // To revoke is a step that is always allowed.
    assert_eq!(with.check_step(&without, at(210)), Ok(()));
}

#[test]
fn a_list_takes_a_key_behind_then_in_front_and_never_lets_one_go() {
    assert_eq!(list("A").check_step(&list("AB"), at(0)), Ok(()));
    assert_eq!(list("AB").check_step(&list("BA"), at(0)), Ok(()));
    assert_eq!(list("A").check_step(&list("BA"), at(0)), Err(RotationError::Unannounced { key: id_bytes('B') }));
    // When B sealed last, a list does not say: perhaps just now.
    assert_eq!(list("AB").check_step(&list("A"), at(0)), Err(strands_by_default('B', 0)));
    assert_eq!(list("BA").check_step(&list("A"), at(0)), Err(strands_by_default('B', 3660)));
}

/// The default policy: a delay of an hour, 60 s of skew, cookies of 7 days.
fn strands_by_default(letter: char, stops: i64) -> RotationError {
    strands(letter, None, stops + 121 + 604_800)
}

#[test]
fn a_schedule_becomes_a_list_under_a_key_that_every_node_has() {
    assert_eq!(rotated().check_step(&list("AB"), at(1000)), Ok(()));
    assert_eq!(rotated().check_step(&list("BA"), at(1109)), Err(too_early('B', 1109, 1110)));
    assert_eq!(rotated().check_step(&list("BA"), at(1110)), Ok(()));
    assert_eq!(rotated().check_step(&list("CAB"), at(1110)), Err(RotationError::Unannounced { key: id_bytes('C') }));
    assert_eq!(rotated().check_step(&list("B"), at(1110)), Err(strands('A', None, 1110 + 5121)));
}
