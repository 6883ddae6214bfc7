//! `start` and `rotate`: a new key comes in, and seals when every node has it.

use hardtack::{KeyError, Keyring, RotationError};
use time::Duration;

use crate::planner::{
    common::{
        at,
        timed::{again, from_until, id_bytes, key, list, policy, revoked, scheduled, second, shown, times},
    },
    rotated, started, too_early,
};

#[test]
fn a_ring_starts_with_a_key_that_seals() {
    let a = times([0, 0], [Some(100_000), Some(105_181)], None);
    assert_eq!(shown(&started()), [('A', a)]);
    // What is left of a second belongs to the one before.
    let later = at(0) + Duration::milliseconds(1);
    let ring = Keyring::start(policy(), key('A'), later).unwrap();
    assert_eq!(shown(&ring), [('A', times([1, 1], [Some(100_001), Some(105_182)], None))]);
}

#[test]
fn a_new_key_seals_once_every_node_has_it_and_the_old_one_opens_until_its_cookies_have_expired() {
    let a = times([0, 0], [Some(1110), Some(6291)], None);
    let b = times([50, 1110], [Some(101_110), Some(106_291)], None);
    assert_eq!(shown(&rotated()), [('A', a), ('B', b)]);
}

#[test]
fn the_delay_counts_from_the_next_whole_second() {
    let ring = started().rotate(key('B'), None, at(50) + Duration::nanoseconds(1)).unwrap();
    let b = times([51, 1111], [Some(101_111), Some(106_292)], None);
    assert_eq!(shown(&ring)[1], ('B', b));
}

#[test]
fn a_time_can_be_asked_for_that_is_not_too_early() {
    let rotate = |seconds| started().rotate(key('B'), Some(at(seconds)), at(50));
    assert_eq!(rotate(1109).unwrap_err(), too_early('B', 1109, 1110));
    assert_eq!(shown(&rotate(1110).unwrap()), shown(&rotated()));
    let a = times([0, 0], [Some(9000), Some(14_181)], None);
    let b = times([50, 9000], [Some(109_000), Some(114_181)], None);
    assert_eq!(shown(&rotate(9000).unwrap()), [('A', a), ('B', b)]);
}

#[test]
fn one_rotation_at_a_time() {
    let error = RotationError::AlreadyPending { key: id_bytes('B'), seal_from: second(1110) };
    for seconds in [50, 51, 1109] {
        assert_eq!(rotated().rotate(key('C'), None, at(seconds)).unwrap_err(), error, "{seconds}");
    }
    let a = times([0, 0], [Some(1110), Some(6291)], None);
    let b = times([50, 1110], [Some(2170), Some(7351)], None);
    let c = times([1110, 2170], [Some(102_170), Some(107_351)], None);
    assert_eq!(shown(&rotated().rotate(key('C'), None, at(1110)).unwrap()), [('A', a), ('B', b), ('C', c)]);
}

#[test]
fn a_schedule_that_has_run_out_is_rotated_like_any() {
    let a = times([0, 0], [Some(1_001_060), Some(1_006_241)], None);
    let b = times([1_000_000, 1_001_060], [Some(1_101_060), Some(1_106_241)], None);
    let ring = started().rotate(key('B'), None, at(1_000_000)).unwrap();
    assert_eq!(shown(&ring), [('A', a), ('B', b)]);
}

#[test]
fn no_two_keys_begin_in_one_second() {
    // B waited until 1110, and was revoked meanwhile.
    let b = revoked(times([50, 1110], [Some(9000), Some(20_000)], None), 60);
    let ring = scheduled(&[('A', from_until(0, 1110)), ('B', b)]);
    let seal_from = |asked| shown(&again(&ring).rotate(key('C'), asked, at(50)).unwrap())[2].1.seal_from;
    assert_eq!(seal_from(None), second(1111));
    assert_eq!(seal_from(Some(at(1110))), second(1111));
    assert_eq!(seal_from(Some(at(1112))), second(1112));
}

#[test]
fn the_same_key_cannot_come_twice() {
    let error = started().rotate(key('A'), None, at(50)).unwrap_err();
    assert!(matches!(error, RotationError::Key(KeyError::Duplicate { .. })), "{error:?}");
}

#[test]
fn a_list_is_not_rotated() {
    assert_eq!(list("A").rotate(key('B'), None, at(0)).unwrap_err(), RotationError::NoSchedule);
}

#[test]
fn a_clock_beyond_the_formats_range_is_an_error() {
    let last = time::macros::datetime!(9999-12-31 23:59:59.999 UTC);
    let ring = Keyring::start(policy(), key('A'), last).unwrap();
    assert!(ring.rotate(key('B'), None, last).is_ok());
    let long = policy().seal_period(Duration::days(3660));
    let first = time::macros::datetime!(-9999-01-01 00:00 UTC);
    let ring = Keyring::start(long, key('A'), first).unwrap();
    assert_eq!(ring.rotate(key('B'), None, first).unwrap().key_ids().count(), 2);
}
