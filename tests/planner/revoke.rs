//! `revoke`: what was sealed under a key ends at once. Who seals instead, and what else changes.

use hardtack::{Keyring, Revocation, RotationError, Schedule};
use time::OffsetDateTime;

use crate::planner::{
    common::{
        at,
        timed::{again, id, id_bytes, key, letter, list, scheduled, second, shown, states, times},
    },
    rotated, started,
};

/// A ring in which C came at 1200 and is to seal from 5000 on: B seals until then, and A opens until 6291.
fn planned() -> Keyring {
    rotated().rotate(key('C'), Some(at(5000)), at(1200)).unwrap()
}

/// Revokes these keys, with D as the spare one. The ring, and what was told: which keys were revoked, which one seals, whether D
/// came and from when it seals, and whether at once.
#[track_caller]
fn revoke(ring: &Keyring, letters: &str, now: i64) -> (Keyring, (String, char, Option<i64>, bool)) {
    let ids: Vec<_> = letters.chars().map(id).collect();
    told(again(ring).revoke(&ids, key('D'), at(now)).unwrap())
}

fn told((ring, told): (Keyring, Revocation)) -> (Keyring, (String, char, Option<i64>, bool)) {
    let Revocation { revoked, seals, added, at_once, .. } = told;
    let revoked = revoked.into_iter().map(|(id, _)| letter(id)).collect();
    let added = added.map(|(id, from)| {
        assert_eq!(letter(id), 'D');
        i64::try_from(from).unwrap() - 1_800_000_000
    });
    (ring, (revoked, letter(seals), added, at_once))
}

/// The times of a ring's keys, but for those of one letter.
fn shown_but(ring: &Keyring, letter: char) -> Vec<(char, Schedule)> {
    shown(ring).into_iter().filter(|(other, _)| *other != letter).collect()
}

fn times_of(ring: &Keyring, letter: char) -> Schedule {
    shown(ring).into_iter().find(|(other, _)| *other == letter).unwrap().1
}

#[test]
fn a_key_that_waits_and_that_every_node_has_takes_over_at_once() {
    // C came at 1200: every node has it at 2260.
    let (ring, told) = revoke(&planned(), "B", 2260);
    assert_eq!(told, ("B".to_owned(), 'C', None, false));
    assert_eq!(times_of(&ring, 'C'), times([1200, 2260], [Some(102_260), Some(107_441)], None));
    assert_eq!(times_of(&ring, 'B'), Schedule { revoked: Some(second(2260)), ..times_of(&planned(), 'B') });
    assert_eq!(times_of(&ring, 'A'), times_of(&planned(), 'A'));
    // By a slow clock too, where A is not to come back.
    assert_eq!(states(&ring, 2200), "A retiring, B revoked, C active");
}

#[test]
fn until_then_a_key_that_made_room_seals_again() {
    let (ring, told) = revoke(&planned(), "B", 2259);
    assert_eq!(told, ("B".to_owned(), 'A', None, false));
    assert_eq!(times_of(&ring, 'A'), times([0, 0], [Some(2260), Some(7441)], None));
    assert_eq!(times_of(&ring, 'C'), times([1200, 2260], [Some(102_260), Some(107_441)], None));
    assert_eq!(states(&ring, 2259), "A active, B revoked, C pending");
    assert_eq!(states(&ring, 2260), "A retiring, B revoked, C active");
}

#[test]
fn a_key_that_made_room_seals_again_until_every_node_has_the_spare_one() {
    let (ring, told) = revoke(&rotated(), "B", 2000);
    assert_eq!(told, ("B".to_owned(), 'A', Some(3060), false));
    assert_eq!(times_of(&ring, 'A'), times([0, 0], [Some(3060), Some(8241)], None));
    assert_eq!(times_of(&ring, 'D'), times([2000, 3060], [Some(103_060), Some(108_241)], None));
    assert_eq!(states(&ring, 3059), "A active, B revoked, D pending");
    assert_eq!(states(&ring, 3060), "A retiring, B revoked, D active");
}

#[test]
fn a_key_that_is_gone_before_every_node_knows_does_not_seal_again() {
    // A opens until 6291, and the last node knows at now + 1060.
    let (_, told) = revoke(&rotated(), "B", 5230);
    assert_eq!(told, ("B".to_owned(), 'A', Some(6290), false));
    let (ring, told) = revoke(&rotated(), "B", 5231);
    assert_eq!(told, ("B".to_owned(), 'D', Some(5231), true));
    assert_eq!(times_of(&ring, 'A'), times_of(&rotated(), 'A'));
    for seconds in [5171, 5231, 6290] {
        assert_eq!(states(&ring, seconds), "A retiring, B revoked, D active", "{seconds}");
    }
    assert_eq!(states(&ring, 6291), "A gone, B revoked, D active");
}

#[test]
fn a_key_that_has_gone_does_not_come_back() {
    let (ring, told) = revoke(&rotated(), "B", 9000);
    assert_eq!(told, ("B".to_owned(), 'D', Some(9000), true));
    for seconds in [8940, 9000, 1_000_000_000] {
        assert_eq!(states(&ring, seconds), "A gone, B revoked, D active", "{seconds}");
    }
}

#[test]
fn no_key_seals_again_whose_place_a_later_one_took() {
    // A opens for longer than B, which was promoted. Only B can take the place of C.
    let ring = |open| {
        scheduled(&[
            ('A', times([0, 0], [Some(1060), Some(9472)], None)),
            ('B', times([0, 1060], [Some(2120), Some(open)], None)),
            ('C', times([1060, 2120], [Some(7618), Some(12_799)], None)),
        ])
    };
    for (open, state) in [(7301, "retiring"), (6241, "gone")] {
        let (ring, told) = revoke(&ring(open), "C", 6241);
        assert_eq!(told, ("C".to_owned(), 'D', Some(6241), true));
        assert_eq!(states(&ring, 6241), format!("A retiring, B {state}, C revoked, D active"));
    }
    assert_eq!(revoke(&ring(7302), "C", 6241).1, ("C".to_owned(), 'B', Some(7301), false));
}

#[test]
fn where_there_is_no_other_the_spare_key_seals_at_once() {
    let (ring, told) = revoke(&started(), "A", 160);
    assert_eq!(told, ("A".to_owned(), 'D', Some(160), true));
    assert_eq!(times_of(&ring, 'D'), times([160, 160], [Some(100_160), Some(105_341)], None));
    assert_eq!(states(&ring, 100), "A revoked, D active");
    let (ring, told) = revoke(&planned(), "ABC", 2000);
    assert_eq!(told, ("ABC".to_owned(), 'D', Some(2000), true));
    assert_eq!(states(&ring, 2000), "A revoked, B revoked, D active, C revoked");
}

#[test]
fn a_key_on_its_way_seals_at_once_where_there_is_no_other() {
    let (ring, told) = revoke(&rotated(), "A", 100);
    assert_eq!(told, ("A".to_owned(), 'B', None, true));
    assert_eq!(times_of(&ring, 'B'), times([50, 100], [Some(100_100), Some(105_281)], None));
    assert_eq!(states(&ring, 40), "A revoked, B active");
}

#[test]
fn a_key_that_came_by_a_clock_ahead_of_this_one_seals_from_then_on() {
    let (ring, told) = revoke(&rotated(), "A", 0);
    assert_eq!(told, ("A".to_owned(), 'B', None, true));
    assert_eq!(times_of(&ring, 'B'), times([50, 50], [Some(100_050), Some(105_231)], None));
    assert_eq!(states(&ring, 0), "A revoked, B active");
    // The key that seals now, by its own account, from 50 on.
    let (ring, told) = revoke(&ring, "B", 0);
    assert_eq!(told, ("B".to_owned(), 'D', Some(1), true));
    assert_eq!(states(&ring, 0), "A revoked, D active, B revoked");
}

#[test]
fn keys_that_do_not_seal_go_and_nothing_else_changes() {
    for (letters, now) in [("A", 2000), ("C", 2000), ("AC", 2000)] {
        let (ring, told) = revoke(&planned(), letters, now);
        assert_eq!(told, (letters.to_owned(), 'B', None, false));
        for (letter, times) in shown(&planned()) {
            let revoked = letters.contains(letter).then_some(second(now));
            assert_eq!(times_of(&ring, letter), Schedule { revoked, ..times }, "{letters}: {letter}");
        }
    }
    // B goes on after 5000, when C was to follow, until a new rotation.
    let (ring, _) = revoke(&planned(), "C", 2000);
    assert_eq!(states(&ring, 1_000_000), "A gone, B active, C revoked");
    assert_eq!(ring.overdue_since(at(5000)), Some(second(5000)));
    assert_eq!(
        states(&ring.rotate(key('E'), None, at(4990)).unwrap(), 6049),
        "A retiring, B active, C revoked, E pending"
    );
}

#[test]
fn after_a_revocation_nothing_is_lost_by_later_steps() {
    let (ring, _) = revoke(&planned(), "B", 2259);
    let rotated = again(&ring).rotate(key('E'), None, at(2260)).unwrap();
    assert_eq!(ring.check_step(&rotated, at(2260)), Ok(()));
    assert_eq!(states(&rotated, 3319), "A retiring, B revoked, C active, E pending");
    assert_eq!(states(&rotated, 3320), "A retiring, B revoked, C retiring, E active");
}

#[test]
fn revocations_and_other_steps_within_one_second() {
    let (ring, told) = revoke(&started(), "A", 0);
    assert_eq!(told, ("A".to_owned(), 'D', Some(1), true));
    let (ring, first) = ring.revoke(&[id('D')], key('E'), at(0)).unwrap();
    let (ring, second_of) = ring.revoke(&[id('E')], key('F'), at(0)).unwrap();
    assert_eq!((first.added, second_of.added), (Some((id('E'), second(2))), Some((id('F'), second(3)))));
    assert_eq!(states(&ring, 0), "A revoked, D revoked, E revoked, F active");
    assert_eq!(states(&ring, 3), "A revoked, D revoked, E revoked, F active");
    assert_eq!(ring.check(at(0)), Ok(()));

    let ring = started().rotate(key('B'), None, at(0)).unwrap();
    let (ring, told) = revoke(&ring, "A", 0);
    assert_eq!(told, ("A".to_owned(), 'B', None, true));
    assert_eq!(times_of(&ring, 'B').seal_from, second(1));
    let ring = ring.rotate(key('C'), None, at(1)).unwrap();
    assert_eq!(states(&ring, 1060), "A revoked, B active, C pending");
}

#[test]
fn all_keys_that_came_before_a_time() {
    let before = |limit| again(&rotated()).revoke_created_before(at(limit), key('D'), at(2000));
    assert_eq!(before(0).unwrap_err(), RotationError::NothingToRevoke);
    assert_eq!(told(before(1).unwrap()).1, ("A".to_owned(), 'B', None, false));
    assert_eq!(told(before(50).unwrap()).1, ("A".to_owned(), 'B', None, false));
    assert_eq!(told(before(51).unwrap()).1, ("AB".to_owned(), 'D', Some(2000), true));
    // Those that were before are not told again.
    let (ring, _) = before(1).unwrap();
    let (_, told) = ring.revoke_created_before(at(51), key('E'), at(2000)).unwrap();
    assert_eq!(told.revoked, [(id('B'), times_of(&rotated(), 'B'))]);
}

#[test]
fn what_cannot_be_revoked() {
    let error = |ring: Keyring, letters: &str| {
        let ids: Vec<_> = letters.chars().map(id).collect();
        ring.revoke(&ids, key('D'), at(2000)).unwrap_err()
    };
    assert_eq!(error(rotated(), ""), RotationError::NothingToRevoke);
    assert_eq!(error(rotated(), "AC"), RotationError::NotInRing { key: id_bytes('C') });
    assert_eq!(error(revoke(&rotated(), "A", 2000).0, "A"), RotationError::NothingToRevoke);
    assert_eq!(error(list("AB"), "A"), RotationError::NoSchedule);
    // Once is enough.
    let (ring, told) = revoke(&rotated(), "AA", 2000);
    assert_eq!((told.0, shown_but(&ring, 'A')), ("A".to_owned(), shown_but(&rotated(), 'A')));
}

#[test]
fn a_ring_with_many_plans_keeps_the_later_ones() {
    let keys = [
        ('A', times([-2000, 0], [Some(3000), Some(8181)], None)),
        ('B', times([-2000, 3000], [Some(4000), Some(9181)], None)),
        ('C', times([-2000, 4000], [Some(5000), Some(10_181)], None)),
    ];
    let (ring, told) = revoke(&scheduled(&keys), "B", 1000);
    assert_eq!(told, ("B".to_owned(), 'A', None, false));
    assert_eq!(times_of(&ring, 'A'), times([-2000, 0], [Some(4000), Some(9181)], None));
    assert_eq!(times_of(&ring, 'C'), keys[2].1);
    let (ring, told) = revoke(&scheduled(&keys), "A", 1000);
    assert_eq!(told, ("A".to_owned(), 'B', None, false));
    assert_eq!(times_of(&ring, 'B'), times([-2000, 1000], [Some(4000), Some(9181)], None));
    assert_eq!(times_of(&ring, 'C'), keys[2].1);
}

#[test]
fn the_parts_of_a_second_belong_to_the_next() {
    let late = |now: OffsetDateTime| now + time::Duration::milliseconds(1);
    let (ring, told) = started().revoke(&[id('A')], key('D'), late(at(160))).unwrap();
    assert_eq!(told.added, Some((id('D'), second(161))));
    assert_eq!(states(&ring, 160), "A revoked, D active");
}
