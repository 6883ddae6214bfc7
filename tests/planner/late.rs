//! Nodes that hear of a step late, and by a clock of their own, take it too.

use hardtack::{Keyring, RotationError};
use time::Duration;

use crate::planner::{
    common::{
        at,
        timed::{again, from, from_until, id, id_bytes, key, policy, revoked, scheduled, states},
    },
    rotated, started, strands,
};

/// The clocks that a node which hears in time can show: 60 s behind the operator's, up to 60 s ahead and 1000 s later.
fn taken_everywhere(before: &Keyring, after: &Keyring, now: i64) {
    for seconds in now - 60..=now + 1060 {
        assert_eq!(before.check_step(after, at(seconds)), Ok(()), "{seconds}");
    }
}

#[test]
fn a_rotation() {
    for now in [0, 50, 200_000] {
        taken_everywhere(&started(), &started().rotate(key('B'), None, at(now)).unwrap(), now);
        taken_everywhere(&started(), &started().rotate(key('B'), Some(at(now + 3000)), at(now)).unwrap(), now);
    }
}

#[test]
fn a_promotion() {
    let planned = || started().rotate(key('B'), Some(at(5000)), at(50)).unwrap();
    for now in [50, 1000, 3940, 4999] {
        taken_everywhere(&planned(), &planned().promote(at(now)).unwrap(), now);
    }
}

#[test]
fn a_withdrawal() {
    let planned = || started().rotate(key('B'), Some(at(5000)), at(50)).unwrap();
    taken_everywhere(&planned(), &planned().retire(id('B'), at(2880)).unwrap(), 2880);
}

#[test]
fn a_pruning() {
    taken_everywhere(&rotated(), &rotated().prune(at(6351)).unwrap().0, 6351);
}

#[test]
fn a_revocation() {
    let two = || rotated();
    let three = || rotated().rotate(key('C'), None, at(1200)).unwrap();
    let revoked = |ring: Keyring, letters: &str, now| {
        let ids: Vec<_> = letters.chars().map(id).collect();
        ring.revoke(&ids, key('D'), at(now)).unwrap().0
    };
    for (letters, now) in [("A", 50), ("B", 50), ("A", 1109), ("B", 1109), ("A", 1110), ("B", 1110), ("AB", 1111)] {
        taken_everywhere(&two(), &revoked(two(), letters, now), now);
    }
    for letters in ["A", "B", "C", "AB", "AC", "BC", "ABC"] {
        for now in [1200, 1260, 2259, 2260, 2261, 5170, 5171, 6290, 6291, 9000] {
            taken_everywhere(&three(), &revoked(three(), letters, now), now);
        }
    }
}

#[test]
fn a_list_that_becomes_a_schedule() {
    let list = || Keyring::new([key('A'), key('B'), key('C')]).unwrap();
    taken_everywhere(&list(), &list().with_schedule(crate::planner::policy(), at(0)).unwrap(), 0);
}

#[test]
fn two_steps_at_once() {
    let first = rotated();
    let second = again(&first).rotate(key('C'), None, at(1110)).unwrap();
    // Not even the slowest hears of the first after the second was made.
    for seconds in 1050..=1110 {
        assert_eq!(started().check_step(&second, at(seconds)), Ok(()), "{seconds}");
    }
}

#[test]
fn a_node_that_hears_too_late_is_told_what_would_be_lost() {
    // A sealed there until now; the ring lets it open until 6291, which is 60 s more than it must.
    assert_eq!(started().check_step(&rotated(), at(1170)), Ok(()));
    assert_eq!(started().check_step(&rotated(), at(1171)), Err(strands('A', Some(6291), 6292)));
    let longer = scheduled(&[
        ('A', crate::common::timed::times([0, 0], [Some(1110), Some(6292)], None)),
        ('B', crate::common::timed::times([50, 1110], [None; 2], None)),
    ]);
    assert_eq!(started().check_step(&longer, at(1171)), Ok(()));
}

#[test]
fn a_revocation_of_the_key_that_waits_though_the_one_before_is_over_by_the_old_ring() {
    // A token lives for less than a ring needs to be everywhere.
    let policy = || policy().token_life(Duration::seconds(300));
    let before = || Keyring::start(policy(), key('A'), at(0)).unwrap().rotate(key('B'), None, at(50)).unwrap();
    let (after, _) = before().revoke(&[id('B')], key('C'), at(1000)).unwrap();
    // B would have sealed from 1110 on, and A have opened until 1591.
    assert_eq!(states(&before(), 1900), "A gone, B active");
    assert_eq!(states(&after, 1900), "A active, B revoked");
    taken_everywhere(&before(), &after, 1000);
    // That a key which had ended before a revocation comes back, is another thing.
    let late = scheduled(&[('A', from_until(0, 2000)), ('B', revoked(from(2000), 9000))]);
    let old = scheduled(&[('A', from_until(0, 2000)), ('B', from(2000))]);
    assert_eq!(old.check_step(&late, at(9000)), Err(RotationError::Returns { key: id_bytes('A') }));
}
