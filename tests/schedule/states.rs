//! What each key is good for, second by second.

use hardtack::{Binding, Context, KeyState, Scratch, Sealer, TokenHeader};

use crate::schedule::{
    common::{
        at,
        timed::{from, from_until, id, letter, list, revoked, scheduled, sessions, states, times},
    },
    three,
};

#[test]
fn a_key_waits_seals_opens_on_and_is_gone_at_its_seconds() {
    let ring = three();
    for (seconds, expected) in [
        (-1, "A active, B pending, C pending"),
        (0, "A active, B pending, C pending"),
        (99, "A active, B pending, C pending"),
        (100, "A retiring, B active, C pending"),
        (199, "A retiring, B active, C pending"),
        (200, "A retiring, B retiring, C active"),
        (5280, "A retiring, B retiring, C active"),
        (5281, "A gone, B retiring, C active"),
        (5380, "A gone, B retiring, C active"),
        (5381, "A gone, B gone, C active"),
        (1_000_000, "A gone, B gone, C active"),
    ] {
        assert_eq!(states(&ring, seconds), expected, "{seconds}");
    }
    assert_eq!(ring.state(id('D'), at(0)), None);
}

#[test]
fn exactly_one_key_seals_at_any_second() {
    let ring = three();
    let sealer = Sealer::new(&ring, &Context::cookie("session", "").unwrap(), sessions()).unwrap();
    for seconds in -2000..6000 {
        let active: Vec<_> =
            ring.key_ids().filter(|id| ring.state(*id, at(seconds)) == Some(KeyState::Active)).collect();
        let expected = if seconds < 100 { 'A' } else { ['B', 'C'][usize::from(seconds >= 200)] };
        assert_eq!(active, [id(expected)], "{seconds}");
        assert_eq!(ring.primary(at(seconds)), id(expected), "{seconds}");
        if seconds % 50 == 0 || seconds % 50 == 49 {
            let claims = sealer.begin(1, false, at(seconds)).unwrap();
            let token = sealer.seal(&claims, b"", Binding::default(), at(seconds), &mut Scratch::new()).unwrap();
            assert_eq!(letter(TokenHeader::read(token).unwrap().key_id()), expected, "{seconds}");
        }
    }
}

#[test]
fn before_the_first_begins_it_seals_all_the_same() {
    assert_eq!(states(&scheduled(&[('A', from(500)), ('B', from(600))]), 0), "A active, B pending");
}

#[test]
fn a_key_seals_until_the_next_does_whatever_was_planned() {
    let ring = scheduled(&[('A', from_until(0, 100)), ('B', from(150))]);
    assert_eq!(states(&ring, 149), "A active, B pending");
    assert_eq!(states(&ring, 150), "A retiring, B active");
}

#[test]
fn a_key_without_an_end_opens_for_as_long_as_it_is_there() {
    let ring = scheduled(&[('A', from(0)), ('B', from(100))]);
    assert_eq!(states(&ring, 1_000_000_000), "A retiring, B active");
}

#[test]
fn the_last_key_goes_on_after_its_own_end() {
    let ring = scheduled(&[('A', from_until(0, 100)), ('B', from_until(100, 200))]);
    assert_eq!(states(&ring, 5381), "A gone, B active");
    assert_eq!(states(&ring, 1_000_000_000), "A gone, B active");
}

#[test]
fn a_revoked_key_is_revoked_at_every_time() {
    let ring = scheduled(&[('A', revoked(from_until(0, 100), 90)), ('B', from_until(100, 200))]);
    for seconds in [-1_000_000, 0, 50, 90, 100, 5281, 1_000_000_000] {
        assert_eq!(states(&ring, seconds), "A revoked, B active", "{seconds}");
    }
}

#[test]
fn the_newest_key_that_is_not_revoked_takes_the_place_of_a_revoked_one() {
    let ring = scheduled(&[('A', from_until(0, 100)), ('B', revoked(from_until(100, 200), 150))]);
    assert_eq!(states(&ring, 160), "A active, B revoked");
    assert_eq!(states(&ring, 1_000_000_000), "A active, B revoked");
}

#[test]
fn what_follows_a_revoked_key_seals_rather_than_what_made_room_for_it() {
    let keys = [('A', from_until(0, 100)), ('B', revoked(from_until(100, 200), 150)), ('C', from(300))];
    let ring = scheduled(&keys);
    assert_eq!(states(&ring, 99), "A active, B revoked, C pending");
    assert_eq!(states(&ring, 100), "A retiring, B revoked, C active");
    // Gone is gone: a slow clock does not bring A back either.
    let ring = scheduled(&[('A', times([-2000, -1000], [Some(100), Some(150)], None)), keys[1], keys[2]]);
    assert_eq!(states(&ring, 160), "A gone, B revoked, C active");
}

#[test]
fn a_key_that_is_told_to_seal_on_takes_the_place_of_a_revoked_one() {
    let b = revoked(times([-1900, 100], [Some(300), Some(6000)], None), 150);
    let ring = scheduled(&[('A', from_until(0, 300)), ('B', b), ('C', from(300))]);
    assert_eq!(states(&ring, 299), "A active, B revoked, C pending");
    assert_eq!(states(&ring, 300), "A retiring, B revoked, C active");
}

#[test]
fn a_key_that_was_revoked_before_its_time_changes_nothing() {
    let keys = [('A', from_until(0, 100)), ('B', revoked(from_until(100, 200), 99)), ('C', from(300))];
    let ring = scheduled(&keys);
    assert_eq!(states(&ring, 100), "A active, B revoked, C pending");
    assert_eq!(states(&ring, 299), "A active, B revoked, C pending");
    assert_eq!(states(&ring, 300), "A retiring, B revoked, C active");
}

#[test]
fn in_a_list_the_first_seals_and_all_open() {
    for seconds in [-1_000_000_000, 0, 1_000_000_000] {
        assert_eq!(states(&list("BAC"), seconds), "B active, A retiring, C retiring", "{seconds}");
    }
    assert!(list("BAC").keys().all(|(_, schedule)| schedule.is_none()));
}
