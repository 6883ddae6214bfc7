//! What is taken, what is refused, and what is told.

use hardtack::{Keyring, Refusal, RotationError, SealedValues, SessionManager};
use time::Duration;

use crate::replace::{
    builder,
    common::{
        Plain, at,
        steps::{Login, begun, carried, login},
        timed::{again, from_until, id, id_bytes, key, list, policy, scheduled, second, secret},
    },
    refusal, rotated, running, seals, started,
};

#[test]
fn a_rotation_is_taken_and_every_cookie_stays_good() {
    let (manager, told) = running(started());
    let before = begun(&manager, login(7), 50);
    told.take();
    assert_eq!(manager.check_keyring(&rotated(), at(50)), Ok(()));
    assert_eq!(told.take(), Vec::<String>::new());
    assert_eq!(manager.replace_keyring(&rotated(), at(50)), Ok(()));
    assert_eq!(told.take(), [format!("keyring_replaced - {} 2 keys", id('A'))]);
    assert_eq!([seals(&manager, 1109), seals(&manager, 1110)], ['A', 'B']);
    assert_eq!(refusal(&manager, &before, 5049), None);
    assert_eq!(refusal(&manager, &before, 5050), Some(Refusal::IdleTimeout));
    // Clones are the same service.
    assert_eq!(seals(&manager.clone(), 1110), 'B');
}

#[test]
fn what_would_log_people_out_is_refused_and_the_ring_stays() {
    let (manager, told) = running(rotated());
    let cookie = begun(&manager, login(7), 500);
    told.take();
    let without_a = scheduled(&[('B', from_until(1110, 101_110))]);
    let error = RotationError::Strands { key: id_bytes('A'), opens_until: None, needed_until: second(1110 + 5121) };
    assert_eq!(manager.check_keyring(&without_a, at(2000)), Err(error.clone()));
    assert_eq!(manager.replace_keyring(&without_a, at(2000)), Err(error));
    assert_eq!(told.take(), Vec::<String>::new());
    assert_eq!(refusal(&manager, &cookie, 2000), None);
    assert_eq!(seals(&manager, 2000), 'B');
    // In its time it is taken.
    assert_eq!(manager.replace_keyring(&without_a, at(1110 + 5121)), Ok(()));
    assert_eq!(refusal(&manager, &cookie, 2000), Some(Refusal::UnknownKey));
}

#[test]
fn what_is_forced_is_taken_whatever_becomes_of_the_sessions() {
    let (manager, told) = running(started());
    let cookie = begun(&manager, login(7), 50);
    told.take();
    manager.force_keyring(&list("CD"), at(60));
    assert_eq!(told.take(), [format!("keyring_replaced - {} 2 keys", id('C'))]);
    assert_eq!(refusal(&manager, &cookie, 60), Some(Refusal::UnknownKey));
    assert_eq!(seals(&manager, 60), 'C');
}

#[test]
fn the_policy_of_the_sessions_counts_where_it_is_longer_than_the_rings() {
    // The default one remembers sessions for up to 7 days without a visit.
    let manager = SessionManager::<Login>::builder(list("A")).build().unwrap();
    let ring = |open| {
        let a = crate::common::timed::times([0, 0], [Some(2000), Some(open)], None);
        scheduled(&[('A', a), ('B', from_until(2000, 1_000_000_000))])
    };
    let needed = 2000 + 121 + 604_800;
    let strands = RotationError::Strands {
        key: id_bytes('A'),
        opens_until: Some(second(needed - 1)),
        needed_until: second(needed),
    };
    assert_eq!(manager.check_keyring(&ring(needed - 1), at(100)), Err(strands));
    // B's own end was planned for the ring's shorter cookies.
    let b = RotationError::Strands {
        key: id_bytes('B'),
        opens_until: Some(second(1_000_005_181)),
        needed_until: second(1_000_000_000 + 121 + 604_800),
    };
    assert_eq!(manager.check_keyring(&ring(needed), at(100)), Err(b));
}

#[test]
fn a_list_takes_a_key_in_puts_it_in_front_and_becomes_a_schedule() {
    let (manager, _) = running(list("A"));
    let cookie = begun(&manager, login(7), 0);
    let replace = |ring: &Keyring, seconds| manager.replace_keyring(ring, at(seconds));
    assert_eq!(replace(&list("BA"), 0), Err(RotationError::Unannounced { key: id_bytes('B') }));
    assert_eq!(replace(&list("AB"), 0), Ok(()));
    assert_eq!(seals(&manager, 0), 'A');
    assert_eq!(replace(&list("BA"), 100), Ok(()));
    assert_eq!(seals(&manager, 100), 'B');
    // Not even long afterwards: a list does not say when A sealed last.
    let without_a = manager.check_keyring(&list("B"), at(1_000_000_000));
    assert!(matches!(without_a, Err(RotationError::Strands { opens_until: None, .. })), "{without_a:?}");
    let ring = list("BA").with_schedule(policy(), at(200)).unwrap();
    assert_eq!(replace(&ring, 200), Ok(()));
    assert_eq!(replace(&again(&ring).rotate(key('C'), None, at(300)).unwrap(), 300), Ok(()));
    assert_eq!([seals(&manager, 1359), seals(&manager, 1360)], ['B', 'C']);
    assert_eq!(refusal(&manager, &cookie, 4999), None);
}

#[test]
fn former_names_get_the_new_keys_too() {
    let manager =
        builder(started()).former_cookie(hardtack::KnownCookie::named("old-login"), at(100_000)).build().unwrap();
    let old = |letter| {
        let plain = Plain {
            flags: 0,
            schema: 1,
            created_at: second(1200),
            ends_at: second(44_400),
            issued_at: second(1200),
            expires_at: second(6200),
            session_id: [5; 16],
            payload: crate::common::layout::user(7),
            extensions: None,
        };
        format!("old-login={}", plain.seal(&secret(letter), "old-login", ""))
    };
    assert_eq!(refusal(&manager, &old('B'), 50), Some(Refusal::UnknownKey));
    manager.replace_keyring(&rotated(), at(50)).unwrap();
    for letter in ['A', 'B'] {
        let session = carried(&manager, &old(letter), 1200);
        assert_eq!(session.get().map(|login| login.user), Some(7), "{letter}");
    }
    manager.force_keyring(&list("B"), at(1200));
    assert_eq!(refusal(&manager, &old('A'), 1200), Some(Refusal::UnknownKey));
    assert_eq!(refusal(&manager, &old('B'), 1200), None);
}

#[test]
fn a_clock_that_steps_back_does_not_let_a_gone_key_return() {
    let hands = crate::common::Hands::default();
    let manager = builder(rotated()).clock(hands.clock()).build().unwrap();
    // A opens until 6291.
    hands.set(6291);
    let _ = manager.now();
    let longer = crate::common::timed::times([0, 0], [Some(1110), Some(9000)], None);
    let ring = scheduled(&[('A', longer), ('B', crate::common::timed::times([50, 1110], [None; 2], None))]);
    let returns = Err(RotationError::Returns { key: id_bytes('A') });
    for seconds in [6291, 6290, 50, -1_000_000_000] {
        assert_eq!(manager.replace_keyring(&ring, at(seconds)), returns, "{seconds}");
    }
    // One that has just started takes it.
    assert_eq!(running(rotated()).0.replace_keyring(&ring, at(6290)), Ok(()));
}

#[test]
fn to_ask_about_the_future_does_not_bring_it() {
    let (manager, _) = running(rotated());
    let cookie = begun(&manager, login(7), 50);
    for seconds in [6291, 1_000_000_000] {
        let _ = manager.check_keyring(&rotated(), at(seconds));
    }
    assert_eq!((refusal(&manager, &cookie, 51), seals(&manager, 51)), (None, 'A'));
}

#[test]
fn sealed_values_are_given_another_ring_too() {
    let values = |ring: &Keyring| SealedValues::<u64>::new(ring, "shop/invitation", Duration::seconds(5000)).unwrap();
    let running = values(&started());
    let token = running.seal(&7, at(50)).unwrap();
    let of_b = values(&list("B")).seal(&8, at(1200)).unwrap();
    assert_eq!(running.open(&of_b, at(50)), Err(Refusal::UnknownKey));
    assert_eq!(running.replace_keyring(&rotated(), at(50)), Ok(()));
    assert_eq!((running.open(&of_b, at(1200)), running.open(&token, at(1200))), (Ok(8), Ok(7)));
    assert!(matches!(running.replace_keyring(&list("B"), at(1200)), Err(RotationError::Strands { .. })));
    assert_eq!(running.open(&token, at(1200)), Ok(7));
}
