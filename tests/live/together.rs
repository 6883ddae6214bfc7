//! One step for all who work with the keyring.

use hardtack::{RotationError, SealedValues, SessionManager};
use time::Duration;

use crate::live::{
    Cart,
    common::{
        Hands, at,
        steps::{Login, login},
        timed::{from_until, id, id_bytes, scheduled, second},
    },
    live, logins, manager, primary, rotated, seals,
};

#[test]
fn a_ring_that_is_replaced_is_replaced_for_everybody() {
    let keys = live();
    let (logins, told) = logins(&keys);
    let (carts, told_carts) = manager::<Cart>(&keys);
    let links = SealedValues::<u64>::with_live_keyring(&keys, "link", Duration::seconds(5000)).unwrap();
    assert_eq!(keys.replace(&rotated(), at(50)), Ok(()));
    assert_eq!([seals(&logins, login(7), 1109), seals(&logins, login(7), 1110)], ['A', 'B']);
    assert_eq!(seals(&carts, Cart { items: 2 }, 1110), 'B');
    let link = links.seal(&7, at(1110)).unwrap();
    assert_eq!(hardtack::TokenHeader::read(&link).unwrap().key_id(), id('B'));
    // Each is told once, under its own cookie.
    let expected = format!("keyring_replaced - {} 2 keys", id('A'));
    assert_eq!(told.take()[0], expected);
    assert_eq!(told_carts.take()[0], expected);
}

#[test]
fn replacing_the_ring_of_one_manager_replaces_it_for_all() {
    let keys = live();
    let ((logins, _), (carts, _)) = (logins(&keys), manager::<Cart>(&keys));
    assert_eq!(carts.replace_keyring(&rotated(), at(50)), Ok(()));
    assert_eq!(seals(&logins, login(7), 1110), 'B');
}

#[test]
fn who_comes_late_works_with_the_ring_in_force() {
    let keys = live();
    let (early, _) = logins(&keys);
    keys.replace(&rotated(), at(50)).unwrap();
    let (late, _) = manager::<Cart>(&keys);
    assert_eq!(seals(&late, Cart { items: 1 }, 1110), 'B');
    drop(late);
    // The place of one that is gone goes to another, and nobody else's changes.
    let (later, _) = manager::<Cart>(&keys);
    assert_eq!([seals(&later, Cart { items: 1 }, 1110), seals(&early, login(7), 1110)], ['B', 'B']);
}

#[test]
fn the_strictest_policy_decides_and_nobody_gets_what_one_refuses() {
    let keys = live();
    let (logins, told) = logins(&keys);
    // Its sessions live half as long, so it would not mind.
    let short = hardtack::Policy::default()
        .lifetimes(Duration::seconds(2500), Duration::hours(1))
        .remembered_idle_timeout(Duration::seconds(2500));
    let brief: SessionManager<Cart> =
        SessionManager::builder(&keys).policy(short).clock(Hands::default().clock()).build().unwrap();
    keys.replace(&rotated(), at(50)).unwrap();
    told.take();
    let without_a = scheduled(&[('B', from_until(1110, 101_110))]);
    let error = RotationError::Strands { key: id_bytes('A'), opens_until: None, needed_until: second(1110 + 5181) };
    assert_eq!(keys.replace(&without_a, at(2000)), Err(error));
    assert_eq!(told.take(), ["keyring_refused - -"]);
    assert_eq!(primary(&keys, 1109), 'A');
    assert_eq!([seals(&logins, login(7), 1109), seals(&brief, Cart { items: 1 }, 1109)], ['A', 'A']);
}

#[test]
fn what_is_forced_is_in_force_for_everybody() {
    let keys = live();
    let ((logins, _), (carts, _)) = (logins(&keys), manager::<Cart>(&keys));
    keys.force(&crate::common::timed::list("CD"), at(60));
    assert_eq!([seals(&logins, login(7), 60), seals(&carts, Cart { items: 1 }, 60)], ['C', 'C']);
}

#[test]
fn no_request_sees_two_rings_while_they_are_replaced() {
    let keys = live();
    let ((logins, _), (carts, _)) = (logins(&keys), manager::<Cart>(&keys));
    let (one, two) = (crate::common::timed::list("CD"), crate::common::timed::list("DC"));
    keys.force(&one, at(60));
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..2000 {
                keys.force(if round % 2 == 0 { &two } else { &one }, at(60));
            }
        });
        while !writer.is_finished() {
            // Both are good under either ring.
            assert!(['C', 'D'].contains(&seals::<Login>(&logins, login(7), 60)));
            assert!(['C', 'D'].contains(&seals(&carts, Cart { items: 1 }, 60)));
        }
    });
}
