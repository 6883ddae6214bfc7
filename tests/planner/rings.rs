//! `check` and `problems`: what is wrong with a ring by itself.

use hardtack::{Keyring, RotationError, Schedule};

use crate::planner::{
    common::{
        at,
        timed::{from, from_until, id_bytes, list, revoked, scheduled, second, times},
    },
    rotated, started, strands, too_early,
};

#[test]
fn what_the_steps_make_is_right() {
    for now in [0, 50, 1110, 6291, 1_000_000] {
        assert_eq!(started().check(at(now)), Ok(()), "{now}");
        assert_eq!(rotated().check(at(now)), Ok(()), "{now}");
    }
    assert_eq!(list("ABC").problems(at(0)), []);
}

#[test]
fn a_key_seals_1060_seconds_after_it_came_and_not_1059() {
    let ring = |seal_from| scheduled(&[('A', from(-5000)), ('B', times([0, seal_from], [None; 2], None))]);
    assert_eq!(ring(1059).check(at(0)), Err(too_early('B', 1059, 1060)));
    assert_eq!(ring(1060).check(at(0)), Ok(()));
    // Once every node has it, what was is of no interest.
    assert_eq!(ring(1059).check(at(1059)), Err(too_early('B', 1059, 1060)));
    assert_eq!(ring(1059).check(at(1060)), Ok(()));
}

#[test]
fn where_no_other_key_could_seal_one_may_at_once() {
    let now = || times([0, 0], [None; 2], None);
    assert_eq!(scheduled(&[('A', now())]).check(at(0)), Ok(()));
    assert_eq!(scheduled(&[('A', revoked(from(-5000), 0)), ('B', now())]).check(at(0)), Ok(()));
    let gone = times([-9000, -8000], [Some(-6000), Some(-800)], None);
    assert_eq!(scheduled(&[('A', gone), ('B', revoked(from(-6000), 0)), ('C', now())]).check(at(0)), Ok(()));
    // B was to seal until now, and was revoked before it did.
    let ring = scheduled(&[('A', from(-8000)), ('B', revoked(from(-5), -6)), ('C', now())]);
    assert_eq!(ring.problems(at(0)), [too_early('C', 0, 1060)]);
}

#[test]
fn a_key_opens_5121_seconds_after_it_sealed_and_not_5120() {
    let ring = |open| scheduled(&[('A', times([-2000, 0], [Some(100), Some(open)], None)), ('B', from(100))]);
    assert_eq!(ring(5220).check(at(0)), Err(strands('A', Some(5220), 5221)));
    assert_eq!(ring(5221).check(at(0)), Ok(()));
    // Also when it stopped long ago, until nothing is left to be lost.
    assert_eq!(ring(200).check(at(5220)), Err(strands('A', Some(200), 5221)));
    assert_eq!(ring(200).check(at(5221)), Ok(()));
}

#[test]
fn a_key_opens_long_enough_for_when_it_really_stops() {
    // Planned until 100, but B begins at 150 only.
    let ring = |open| scheduled(&[('A', times([-2000, 0], [Some(100), Some(open)], None)), ('B', from(150))]);
    assert_eq!(ring(5270).check(at(0)), Err(strands('A', Some(5270), 5271)));
    assert_eq!(ring(5271).check(at(0)), Ok(()));
    // One that nothing follows goes on, but what was planned has to be possible.
    let ring = |open| scheduled(&[('A', times([-2000, 0], [Some(100), Some(open)], None))]);
    assert_eq!(ring(5220).check(at(0)), Err(strands('A', Some(5220), 5221)));
    assert_eq!(ring(5221).check(at(0)), Ok(()));
}

#[test]
fn a_key_that_made_room_before_is_not_held_to_a_revocation_after_it() {
    // A sealed until 100 and opens until 5281; B until 200, and was revoked when C had begun.
    let b = revoked(from_until(100, 200), 250);
    let ring = scheduled(&[('A', from_until(0, 100)), ('B', b), ('C', from(200))]);
    assert_eq!(ring.problems(at(260)), []);
    // If B is revoked before its time, A goes on until C begins.
    let b = revoked(from_until(100, 200), 50);
    let ring = scheduled(&[('A', from_until(0, 100)), ('B', b), ('C', from(200))]);
    assert_eq!(ring.problems(at(60)), [strands('A', Some(5281), 5321)]);
}

#[test]
fn a_key_comes_at_most_61_seconds_from_now() {
    let ring =
        |created| Keyring::scheduled(crate::planner::policy(), [(crate::planner::key('A'), from_at(created))]).unwrap();
    assert_eq!(ring(61).check(at(0)), Ok(()));
    let error = RotationError::Future { key: id_bytes('A'), created: second(62) };
    assert_eq!(ring(62).check(at(0)), Err(error));
    assert_eq!(ring(62).check(at(1)), Ok(()));
}

fn from_at(created: i64) -> Schedule {
    times([created, created], [None; 2], None)
}

#[test]
fn all_problems_are_told_key_by_key() {
    let ring = scheduled(&[
        ('A', times([-2000, 0], [Some(100), Some(200)], None)),
        ('B', times([100, 100], [Some(300), Some(400)], None)),
        ('C', revoked(times([100, 300], [Some(301), Some(302)], None), 50)),
        ('D', times([300, 400], [None; 2], None)),
    ]);
    assert_eq!(
        ring.problems(at(0)),
        [
            strands('A', Some(200), 5221),
            RotationError::Future { key: id_bytes('B'), created: second(100) },
            too_early('B', 100, 1160),
            strands('B', Some(400), 5521),
            RotationError::Future { key: id_bytes('D'), created: second(300) },
            too_early('D', 400, 1360),
        ]
    );
    assert_eq!(ring.check(at(0)), Err(strands('A', Some(200), 5221)));
}
