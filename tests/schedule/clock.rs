//! Clocks that step: in a running service no key comes back that was gone, and nothing panics.

use hardtack::{Binding, Context, Keyring, Refusal, Scratch, Sealer, TokenHeader};
use time::{OffsetDateTime, macros::datetime};

use crate::{
    common::{
        at,
        timed::{letter, list, sessions},
    },
    three,
};

/// Times before 2020, and before 1970.
const LONG_AGO: [OffsetDateTime; 4] = [
    datetime!(2019-12-31 23:59:59 UTC),
    datetime!(1970-01-01 00:00 UTC),
    datetime!(1969-12-31 23:59:59.9 UTC),
    datetime!(-9999-01-01 00:00 UTC),
];

fn sealer(ring: &Keyring) -> Sealer {
    Sealer::new(ring, &Context::cookie("session", "").unwrap(), sessions()).unwrap()
}

/// A token sealed at this time, and the letter of its key.
#[track_caller]
fn sealed(sealer: &Sealer, now: OffsetDateTime) -> (String, char) {
    let claims = sealer.begin(1, false, now).unwrap();
    let token = sealer.seal(&claims, b"", Binding::default(), now, &mut Scratch::new()).unwrap();
    let letter = letter(TokenHeader::read(&token).unwrap().key_id());
    (token, letter)
}

fn refusal(sealer: &Sealer, token: &str, now: OffsetDateTime) -> Option<Refusal> {
    sealer.open(token, Binding::default(), now, &mut Scratch::new()).err()
}

#[test]
fn a_key_that_has_gone_stays_gone_when_the_clock_steps_back() {
    let of_a = |now| sealed(&sealer(&list("A")), now).0;
    let running = sealer(&three());
    assert_eq!(refusal(&running, &of_a(at(5280)), at(5280)), None);
    assert_eq!(refusal(&running, &of_a(at(5281)), at(5281)), Some(Refusal::KeyNotUsable));
    for now in [at(5280), at(50), at(-1)].into_iter().chain(LONG_AGO) {
        assert_eq!(refusal(&running, &of_a(now), now), Some(Refusal::KeyNotUsable), "{now}");
        // One that has just started knows no better.
        assert_eq!(refusal(&sealer(&three()), &of_a(now), now), None, "{now}");
    }
}

#[test]
fn sealing_alone_makes_time_pass() {
    let running = sealer(&three());
    sealed(&running, at(5281));
    let token = sealed(&sealer(&list("A")), at(50)).0;
    assert_eq!(refusal(&running, &token, at(50)), Some(Refusal::KeyNotUsable));
}

#[test]
fn to_ask_which_key_will_seal_does_not_make_time_pass() {
    let running = sealer(&three());
    assert_eq!(letter(running.primary(at(5281))), 'C');
    let token = sealed(&sealer(&list("A")), at(50)).0;
    assert_eq!(refusal(&running, &token, at(50)), None);
    assert_eq!(letter(running.primary(at(50))), 'A');
    // The answer is what would be done.
    sealed(&running, at(150));
    assert_eq!(letter(running.primary(at(50))), 'B');
}

#[test]
fn after_a_step_back_the_same_key_seals_and_what_it_seals_opens() {
    let running = sealer(&three());
    assert_eq!(sealed(&running, at(99)).1, 'A');
    assert_eq!(sealed(&running, at(150)).1, 'B');
    for now in [at(149), at(99), at(-1)].into_iter().chain(LONG_AGO) {
        let (token, letter) = sealed(&running, now);
        assert_eq!((letter, refusal(&running, &token, now)), ('B', None), "{now}");
    }
    assert_eq!(sealed(&running, at(199)).1, 'B');
    assert_eq!(sealed(&running, at(200)).1, 'C');
}

#[test]
fn a_service_that_starts_long_ago_seals_and_opens() {
    for now in LONG_AGO {
        let started = sealer(&three());
        let (token, letter) = sealed(&started, now);
        assert_eq!((letter, refusal(&started, &token, now)), ('A', None), "{now}");
        assert_eq!(sealed(&started, at(150)).1, 'B', "{now}");
    }
}

#[test]
fn a_service_in_the_year_9999_seals_and_opens() {
    let now = datetime!(9999-12-31 23:59:59 UTC);
    let (token, letter) = sealed(&sealer(&three()), now);
    assert_eq!((letter, refusal(&sealer(&three()), &token, now)), ('C', None));
}
