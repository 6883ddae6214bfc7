//! A schedule that runs out logs nobody out: it goes on, and says so.

use crate::schedule::{
    common::{
        Told, at,
        steps::{begun, carried, login},
        timed::{from, from_until, id, list, revoked, scheduled, second, times},
    },
    manager, three,
};
use hardtack::Keyring;

/// What is told of rotation when a session begins at this time, and whether its cookie opens.
fn told_of_rotation(ring: Keyring, seconds: i64) -> (Vec<String>, bool) {
    let told = Told::default();
    let manager = manager(ring, seconds, &told);
    let cookie = begun(&manager, login(7), seconds);
    let overdue = told.take().into_iter().filter(|line| line.starts_with("rotation_overdue")).collect();
    (overdue, carried(&manager, &cookie, seconds + 1).get().is_some())
}

#[test]
fn it_is_told_at_every_sealing_with_the_key_and_the_time() {
    let line = |letter, since| vec![format!("rotation_overdue A {} since {since}", id(letter))];
    let ring = || scheduled(&[('A', from_until(0, 100))]);
    assert_eq!(told_of_rotation(ring(), 99), (vec![], true));
    assert_eq!(told_of_rotation(ring(), 100), (line('A', 100), true));
    // Its opening was to end at 5281.
    assert_eq!(told_of_rotation(ring(), 5281), (line('A', 100), true));
    assert_eq!(told_of_rotation(ring(), 1_000_000_000), (line('A', 100), true));
    // The newest that is not revoked.
    assert_eq!(told_of_rotation(three(), 1_000_000), (line('C', 100_200), true));
    let ring = || scheduled(&[('A', from_until(0, 100)), ('B', revoked(from_until(100, 200), 150))]);
    assert_eq!(told_of_rotation(ring(), 160), (line('A', 100), true));
}

#[test]
fn a_key_that_waits_for_the_next_one_is_overdue() {
    let ring = || scheduled(&[('A', from_until(0, 100)), ('B', from(5000))]);
    assert_eq!(ring().overdue_since(at(99)), None);
    assert_eq!(ring().overdue_since(at(100)), Some(second(100)));
    assert_eq!(ring().overdue_since(at(4999)), Some(second(100)));
    assert_eq!(ring().overdue_since(at(5000)), None);
}

#[test]
fn what_has_no_end_is_never_overdue() {
    for ring in [scheduled(&[('A', from(0))]), list("AB")] {
        assert_eq!(ring.overdue_since(at(1_000_000_000)), None);
        assert_eq!(told_of_rotation(ring, 1_000_000_000), (vec![], true));
    }
}

#[test]
fn a_renewal_tells_it_too_and_a_visit_does_not() {
    let told = Told::default();
    let manager = manager(scheduled(&[('A', from_until(0, 100))]), 0, &told);
    let cookie = begun(&manager, login(7), 50);
    let visit = |seconds| {
        told.take();
        let session = carried(&manager, &cookie, seconds);
        assert!(session.get().is_some());
        let count = manager.commit(&session, false, at(seconds)).unwrap().len();
        (count, told.take().iter().any(|line| line.starts_with("rotation_overdue")))
    };
    assert_eq!(visit(150), (0, false));
    assert_eq!(visit(2600), (1, true));
}

#[test]
fn a_key_that_opens_a_little_too_briefly_is_told_when_the_service_starts() {
    // 2 x skew + 1 s and the life of tokens are needed, 3 x skew + 1 s and that are asked for.
    for (opens, said) in [(5121, Some(60)), (5180, Some(1)), (5181, None)] {
        let a = times([-2000, 0], [Some(100), Some(100 + opens)], None);
        let told = Told::default();
        manager(scheduled(&[('A', a), ('B', from(100))]), 0, &told);
        let line = said.map(|seconds| format!("key_opens_too_briefly - {} {seconds}", id('A')));
        assert_eq!(told.take(), line.into_iter().collect::<Vec<_>>(), "{opens}");
    }
    // Not where it has ceased to seal.
    let a = times([-2000, 0], [Some(100), Some(5221)], None);
    let told = Told::default();
    manager(scheduled(&[('A', a), ('B', from(100))]), 100, &told);
    assert_eq!(told.take(), Vec::<String>::new());
}
