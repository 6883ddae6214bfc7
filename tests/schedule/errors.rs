//! Times that do not go together are refused, each with its reason and what to do.

use hardtack::{Key, KeyError, Keyring, RotationPolicy, Schedule};
use time::Duration;

use crate::common::timed::{from, from_until, key, policy, revoked, second, times};

/// Why these keys are no ring.
#[track_caller]
fn error(keys: impl IntoIterator<Item = (char, Schedule)>) -> KeyError {
    error_of(keys.into_iter().map(|(letter, schedule)| (key(letter), schedule)))
}

#[track_caller]
fn error_of(keys: impl IntoIterator<Item = (Key, Schedule)>) -> KeyError {
    Keyring::scheduled(policy(), keys).unwrap_err()
}

#[test]
fn times_of_one_key_that_contradict_each_other() {
    let until = |seal_until, open_until| times([-10, 0], [seal_until, open_until], None);
    let beyond = 1 << 40;
    for (schedule, problem) in [
        (times([1, 0], [None; 2], None), "seal_from is before created: a key cannot seal before it is in the ring"),
        (until(Some(0), None), "seal_until is not after seal_from: correct one of them"),
        (until(Some(-1), Some(50)), "seal_until is not after seal_from: correct one of them"),
        (until(None, Some(50)), "open_until without seal_until: say when it stops sealing, or drop both"),
        (until(Some(50), Some(49)), "open_until is before seal_until: what it seals would not open"),
        (Schedule { created: beyond, ..from(0) }, "a time is beyond the format's range: correct it"),
        (Schedule { seal_from: beyond, ..from(0) }, "a time is beyond the format's range: correct it"),
        (Schedule { seal_from: u64::MAX, ..from(0) }, "a time is beyond the format's range: correct it"),
        (Schedule { seal_until: Some(beyond), ..from(0) }, "a time is beyond the format's range: correct it"),
        (Schedule { open_until: Some(beyond), ..from_until(0, 50) }, "a time is beyond the format's range: correct it"),
        (Schedule { revoked: Some(beyond), ..from(0) }, "a time is beyond the format's range: correct it"),
    ] {
        let error = error([('A', from(-5000)), ('B', schedule)]);
        assert_eq!(error, KeyError::Contradiction { position: 2, problem }, "{schedule:?}");
        assert_eq!(error.to_string(), format!("key 2: {problem}"));
    }
    // What is just inside is taken.
    let last = Schedule {
        seal_until: Some(beyond - 1),
        open_until: Some(beyond - 1),
        revoked: Some(beyond - 1),
        ..times([0, 0], [None; 2], None)
    };
    assert!(Keyring::scheduled(policy(), [(key('A'), from(-1)), (key('B'), last)]).is_ok());
}

#[test]
fn keys_out_of_order() {
    for second_from in [0, -1] {
        let error = error([('A', from(0)), ('B', from(second_from)), ('C', from(7))]);
        assert_eq!(error, KeyError::OutOfOrder { position: 2 });
        let text = "key 2 does not seal after the one before it: write keys in the order of seal_from";
        assert_eq!(error.to_string(), text);
    }
    // Revoked keys have their place too.
    assert_eq!(
        error([('A', from(0)), ('B', from(5)), ('C', revoked(from(5), 6))]),
        KeyError::OutOfOrder { position: 3 }
    );
}

#[test]
fn keys_that_would_seal_at_once() {
    let overlap = error([('A', from_until(0, 101)), ('B', from(100))]);
    assert_eq!(overlap, KeyError::Overlap { position: 2 });
    assert_eq!(
        overlap.to_string(),
        "key 2 would seal while the one before it does: end that one's seal_until where this one begins"
    );
    // A revoked key is passed over.
    let between = ('B', revoked(from(50), 60));
    assert_eq!(error([('A', from_until(0, 101)), between, ('C', from(100))]), KeyError::Overlap { position: 3 });
    let keys = [('A', from_until(0, 100)), between, ('C', from(100))].map(|(letter, times)| (key(letter), times));
    assert!(Keyring::scheduled(policy(), keys).is_ok());
}

#[test]
fn a_ring_in_which_nothing_seals() {
    let error = error([('A', revoked(from(0), 5)), ('B', revoked(from(9), 5))]);
    assert_eq!(error, KeyError::NothingSeals);
    assert_eq!(error.to_string(), "every key is revoked: add a new one");
}

#[test]
fn no_key_too_many_or_one_twice() {
    assert_eq!(error([]), KeyError::Empty);
    assert_eq!(error([('A', from(0)), ('B', from(1)), ('A', from(2))]), KeyError::Duplicate { position: 3 });
    let many = |count| {
        let secret = move |place: u8| [&[place][..], b"hirty-one bytes, and one before"].concat();
        (0..count).map(move |place| {
            (Key::from_secret(hardtack::Suite::Xaes256Gcm, &secret(place)).unwrap(), from(place.into()))
        })
    };
    assert_eq!(error_of(many(33)), KeyError::TooMany { count: 33 });
    assert!(Keyring::scheduled(policy(), many(32)).is_ok());
}

#[test]
fn a_policy_out_of_its_ranges() {
    let of = |policy: RotationPolicy| Keyring::scheduled(policy, [(key('A'), from(0))]);
    let (second, day) = (Duration::SECOND, Duration::DAY);
    let delay = "propagation_delay must be at most ten years";
    let skew = "skew must be 0 to 300 seconds";
    let life = "token_life must be 1 second to 400 days";
    let period = "seal_period must be 1 second to ten years";
    for (policy, problem) in [
        (policy().propagation_delay(3660 * day + second), delay),
        (policy().propagation_delay(-second), delay),
        (policy().skew(301 * second), skew),
        (policy().skew(-second), skew),
        (policy().token_life(Duration::ZERO), life),
        (policy().token_life(400 * day + second), life),
        (policy().token_life(-second), life),
        (policy().seal_period(Duration::ZERO), period),
        (policy().seal_period(3660 * day + second), period),
        (policy().seal_period(-second), period),
    ] {
        let error = of(policy).unwrap_err();
        assert_eq!(error, KeyError::Policy { problem: problem.to_owned() });
        assert_eq!(error.to_string(), problem);
    }
    let widest = policy().propagation_delay(3660 * day).skew(300 * second).token_life(400 * day);
    assert!(of(widest.seal_period(3660 * day)).is_ok());
    let least = policy().propagation_delay(Duration::ZERO).skew(Duration::ZERO).token_life(second);
    assert!(of(least.seal_period(second)).is_ok());
}

#[test]
fn a_part_of_a_second_of_delay_or_skew_counts_as_a_whole_one() {
    let part = Duration::milliseconds(1001);
    let policy = policy().propagation_delay(part).skew(part).token_life(part).seal_period(part);
    assert_eq!([policy.propagation_delay_seconds(), policy.skew_seconds()], [2; 2]);
    assert_eq!([policy.token_life_seconds(), policy.seal_period_seconds()], [1; 2]);
    assert_eq!(policy.check(), Ok(()));
    let below_zero = policy.skew(Duration::milliseconds(-1));
    assert!(below_zero.check().is_err());
}

#[test]
fn the_defaults_are_those_that_are_documented() {
    let policy = RotationPolicy::default();
    assert_eq!(policy.propagation_delay_seconds(), 3600);
    assert_eq!(policy.skew_seconds(), 60);
    assert_eq!(policy.token_life_seconds(), 604_800);
    assert_eq!(policy.seal_period_seconds(), 7_776_000);
    assert_eq!(hardtack::Policy::default().rotation(), policy);
    let ring = Keyring::start(policy, key('A'), crate::common::at(0)).unwrap();
    let (_, schedule) = ring.keys().next().unwrap();
    let seal_until = second(7_776_000);
    let expected = Schedule {
        created: second(0),
        seal_from: second(0),
        seal_until: Some(seal_until),
        open_until: Some(seal_until + 3 * 60 + 1 + 604_800),
        revoked: None,
    };
    assert_eq!(schedule, Some(&expected));
}
