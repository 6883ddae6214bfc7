//! When the source is looked at, and what is made of it.

use std::sync::mpsc;

use hardtack::{KeySourceError, Keyring, LiveKeyring, Refusal, RotationError};
use time::Duration;

use crate::live::{
    common::{
        Hands, Told, at,
        steps::{begun, carried, login},
        timed::{again, from_until, list, scheduled},
    },
    logins, now, primary, rotated,
    scripted::{Holds, Scripted},
    started,
};

/// A watched keyring that was started at `NOW` with A, and looks every 10 s.
fn watched() -> (LiveKeyring, Scripted, mpsc::Receiver<()>) {
    let (source, looks) = Scripted::new(started());
    let watcher = LiveKeyring::watcher(source.clone()).every(Duration::seconds(10)).clock(Hands::default().clock());
    (watcher.start_with(started()), source, looks)
}

/// How many looks there were that nobody has counted yet.
fn count(looks: &mpsc::Receiver<()>) -> usize {
    looks.try_iter().count()
}

#[test]
fn a_look_takes_over_what_has_changed() {
    let (keys, source, _looks) = watched();
    assert!(!now(keys.look(at(10))).unwrap());
    source.set(Holds::Ring(rotated()));
    assert!(now(keys.look(at(60))).unwrap());
    assert_eq!([primary(&keys, 1109), primary(&keys, 1110)], ['A', 'B']);
    assert!(!now(keys.look(at(70))).unwrap());
}

#[test]
fn what_would_log_people_out_is_told_and_the_ring_stays() {
    let (keys, source, _looks) = watched();
    let (_manager, told) = logins(&keys);
    source.set(Holds::Ring(rotated()));
    now(keys.look(at(60))).unwrap();
    told.take();
    // An older file, and one without a key that is needed.
    for (ring, seconds) in [(started(), 1200), (scheduled(&[('B', from_until(1110, 101_110))]), 2000)] {
        source.set(Holds::Ring(ring));
        let refused = now(keys.look(at(seconds))).unwrap_err();
        assert!(matches!(refused, KeySourceError::Refused(RotationError::Strands { .. })), "{refused}");
        assert_eq!(told.take(), ["keyring_refused - -"]);
        assert_eq!(primary(&keys, 1200), 'B');
    }
    // It is tried again, and taken once it is good.
    source.set(Holds::Ring(rotated()));
    assert!(!now(keys.look(at(2020))).unwrap());
}

#[test]
fn a_ring_that_comes_late_is_taken_from_its_source_but_not_by_hand() {
    let (keys, source, _looks) = watched();
    let (_manager, told) = logins(&keys);
    // B has sealed on the other nodes since 1110, and this one sealed with A until 1400.
    assert!(matches!(keys.check(&rotated(), at(1400)), Err(RotationError::Strands { opens_until: Some(_), .. })));
    source.set(Holds::Ring(rotated()));
    assert!(now(keys.look(at(1400))).unwrap());
    let replaced = format!("keyring_replaced - {} 2 keys", crate::common::timed::id('B'));
    // A opens until 6291 there, but what this node sealed until 1400 is good until 6581.
    assert_eq!(told.take(), [replaced, "keyring_late - -".to_owned()]);
    assert!(told.debug().contains("KeyringLate { seconds: 290 }"));
    assert_eq!(primary(&keys, 1400), 'B');
    // A key that is missing is another matter.
    source.set(Holds::Ring(scheduled(&[('B', from_until(1110, 101_110))])));
    assert!(now(keys.look(at(2000))).is_err());
}

#[test]
fn a_source_that_fails_or_panics_is_told_and_the_ring_stays() {
    let (keys, source, _looks) = watched();
    let (_manager, told) = logins(&keys);
    source.set(Holds::Failure("no route"));
    let failed = now(keys.look(at(10))).unwrap_err();
    assert_eq!(failed.to_string(), "the key source failed: no route");
    source.set(Holds::Panic);
    assert!(matches!(now(keys.look(at(20))), Err(KeySourceError::Panicked)));
    assert_eq!(told.take(), ["key_source_failed - -", "key_source_failed - -"]);
    assert_eq!(primary(&keys, 20), 'A');
    source.set(Holds::Ring(rotated()));
    assert!(now(keys.look(at(60))).unwrap());
}

#[test]
fn requests_bring_about_one_look_an_interval_where_there_is_no_task() {
    let (keys, _source, looks) = watched();
    let (manager, _) = logins(&keys);
    for seconds in [1, 5, 9] {
        let _ = carried(&manager, "", seconds);
    }
    assert_eq!(count(&looks), 0);
    let _ = carried(&manager, "", 10);
    looks.recv().unwrap();
    for seconds in 10..20 {
        let _ = carried(&manager, "", seconds);
    }
    assert_eq!(count(&looks), 0);
}

#[test]
fn a_cookie_under_an_unknown_key_asks_for_a_look_at_once_but_a_flood_for_one_only() {
    let (keys, source, looks) = watched();
    let (manager, told) = logins(&keys);
    // A node that is ahead has C, which this one's file has by now.
    let (ahead, _) = logins(&LiveKeyring::new(list("C")));
    source.set(Holds::Ring(started().rotate(crate::live::key('C'), None, at(0)).unwrap()));
    let cookie = begun(&ahead, login(7), 1);
    assert_eq!(carried(&manager, &cookie, 2).refusal(), Some(Refusal::UnknownKey));
    for stranger in 0..1000 {
        let (unknown, _) = cookie.split_at("__Host-login=E".len());
        let _ = carried(&manager, &format!("{unknown}{stranger:04}{}", &cookie[unknown.len() + 4..]), 2).refusal();
    }
    looks.recv().unwrap();
    while !told.take().iter().any(|line| line.starts_with("keyring_replaced")) {
        std::thread::yield_now();
    }
    assert_eq!(count(&looks), 0);
    assert_eq!(carried(&manager, &cookie, 2).get().map(|login| login.user), Some(7));
}

#[test]
fn a_source_that_hangs_keeps_nobody_waiting_and_starts_no_second_look() {
    let (keys, source, looks) = watched();
    let (manager, _) = logins(&keys);
    let (go_on, blocked) = mpsc::channel();
    source.set(Holds::Blocked(blocked));
    for seconds in [10, 20, 30, 40] {
        let _ = carried(&manager, "", seconds);
    }
    looks.recv().unwrap();
    assert_eq!(count(&looks), 0);
    assert!(!now(keys.look(at(50))).unwrap());
    drop(go_on);
}

#[test]
fn a_look_less_often_than_the_ring_promises_is_told() {
    let (source, _looks) = Scripted::new(started());
    let watcher = LiveKeyring::watcher(source).every(Duration::seconds(1001)).clock(Hands::default().clock());
    let keys = watcher.start_with(started());
    let told = Told::default();
    let builder = hardtack::SessionManager::<crate::live::Login>::builder(&keys).policy(crate::live::sessions());
    let _manager = builder.clock(Hands::default().clock()).observer(told.clone()).build().unwrap();
    assert_eq!(told.take(), ["key_source - -", "slow_polling - -"]);
}

#[test]
fn a_keyring_without_a_source_says_so() {
    let keys = LiveKeyring::new(again(&started()));
    assert!(matches!(now(keys.look(at(0))), Err(KeySourceError::NoSource)));
}

#[test]
fn there_is_nothing_to_start_with_where_the_source_fails() {
    let (source, _looks) = Scripted::new(started());
    source.set(Holds::Failure("no route"));
    assert!(now(LiveKeyring::watcher(source).start()).is_err());
}

#[test]
fn the_same_keys_with_other_times_are_another_ring() {
    let (keys, source, _looks) = watched();
    let longer: Keyring = scheduled(&[('A', from_until(0, 90_000))]);
    source.set(Holds::Ring(again(&longer)));
    assert!(now(keys.look(at(10))).is_ok_and(|taken| taken));
}

#[test]
fn a_ring_that_lets_a_key_open_too_briefly_by_its_own_times_is_not_taken_for_a_late_one() {
    let (keys, source, _looks) = watched();
    let (_manager, _) = logins(&keys);
    // A stopped at 1110, and somebody shortened its opening from 6291 to 6000.
    let a = crate::common::timed::times([0, 0], [Some(1110), Some(6000)], None);
    source.set(Holds::Ring(scheduled(&[('A', a), ('B', crate::common::timed::times([50, 1110], [None; 2], None))])));
    let refused = now(keys.look(at(1400))).unwrap_err();
    assert!(matches!(refused, KeySourceError::Refused(RotationError::Strands { .. })), "{refused}");
    assert_eq!(primary(&keys, 1400), 'A');
}
