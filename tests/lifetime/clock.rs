//! Clocks that step backwards: no cookie is lost, and none lives longer for it.

use hardtack::{Refusal, SessionError};

use crate::lifetime::{
    common::{
        NOW, Plain, at, pair,
        steps::{begun, carried, login, logins, plain, sent, written},
    },
    refusal,
};

/// 1970-01-01, in seconds after [`NOW`].
const EPOCH: i64 = -1_800_000_000;

#[test]
fn back_by_as_much_as_the_skew_nothing_happens() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    let session = carried(&manager, &cookie, -60);
    session.update(|login| login.user = 8).unwrap();
    // The times do not go back with the clock.
    let sealed = plain(&written(&manager, &session, -60));
    assert_eq!(sealed, Plain { payload: crate::common::layout::user(8), ..plain(&cookie) });
}

#[test]
fn back_by_minutes_a_session_waits() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    for seconds in [-61, -120, -600, -3600] {
        let session = carried(&manager, &cookie, seconds);
        let reason = Refusal::NotYetValid { seconds_ahead: seconds.unsigned_abs() };
        assert!(session.get().is_none());
        assert_eq!(session.refusal(), Some(reason));
        // Nothing but an explicit verb replaces it, so it is there when the clock is right again.
        assert_eq!(session.update(|login| login.user = 8), Err(SessionError::Held(reason)));
        assert_eq!(session.update_or_default(|login| login.user = 8), Err(SessionError::Held(reason)));
        assert!(sent(&manager, &session, seconds).is_empty());
    }
    assert_eq!(refusal(&manager, &cookie, -60), None);
    assert_eq!(refusal(&manager, &cookie, 1799), None);
    assert_eq!(refusal(&manager, &cookie, 1800), Some(Refusal::IdleTimeout), "no longer than ever");
}

#[test]
fn back_to_1970_a_session_waits() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    for seconds in [EPOCH, EPOCH - 1, EPOCH + 86_400] {
        let session = carried(&manager, &cookie, seconds);
        assert!(session.get().is_none());
        assert_eq!(session.update(|login| login.user = 8), Err(SessionError::NoSession));
        assert!(sent(&manager, &session, seconds).is_empty());
    }
    let reason = Refusal::NotYetValid { seconds_ahead: 1_800_000_000 };
    assert_eq!(refusal(&manager, &cookie, EPOCH), Some(reason));
    assert_eq!(refusal(&manager, &cookie, 1), None);
}

#[test]
fn what_begins_in_1970_is_over_when_the_clock_is_right() {
    let manager = logins();
    let cookie = begun(&manager, login(7), EPOCH);
    assert_eq!((plain(&cookie).created_at, plain(&cookie).ends_at), (0, 43_200));
    assert_eq!(refusal(&manager, &cookie, EPOCH + 1799), None);
    assert_eq!(refusal(&manager, &cookie, 0), Some(Refusal::AbsoluteTimeout));
}

#[test]
fn between_request_and_response_the_times_do_not_go_back() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    for (stepped_to, issued_at) in [(600, NOW + 600), (0, NOW), (-600, NOW), (EPOCH, NOW), (EPOCH - 5, NOW)] {
        let session = carried(&manager, &cookie, 1000);
        session.update(|login| login.user = 8).unwrap();
        let sealed = plain(&written(&manager, &session, stepped_to));
        let expected = Plain {
            issued_at,
            expires_at: issued_at + 1800,
            payload: crate::common::layout::user(8),
            ..plain(&cookie)
        };
        assert_eq!(sealed, expected, "{stepped_to}");
    }
    // A session that begins, likewise.
    let session = manager.load([], at(0));
    session.begin(login(7)).unwrap();
    let sealed = plain(&written(&manager, &session, EPOCH));
    assert_eq!((sealed.issued_at, sealed.expires_at, sealed.ends_at), (NOW, NOW + 1800, NOW + 43_200));
}

#[test]
fn what_was_sealed_on_a_fast_node_or_before_a_step_back_is_not_sealed_as_older() {
    let manager = logins();
    let session = carried(&manager, &begun(&manager, login(7), 0), 1000);
    assert!(session.get().is_some());
    let renewed = written(&manager, &session, 1000);
    assert_eq!((plain(&renewed).created_at, plain(&renewed).issued_at), (NOW, NOW + 1000));
    for (loaded, stepped_to) in [(940, 940), (1000, 999), (1000, 0), (1000, EPOCH)] {
        let session = carried(&manager, pair(&renewed), loaded);
        session.update(|login| login.user = 8).unwrap();
        let sealed = plain(&written(&manager, &session, stepped_to));
        assert_eq!(sealed, Plain { payload: crate::common::layout::user(8), ..plain(&renewed) }, "{stepped_to}");
    }
}

#[test]
fn a_clock_that_goes_back_and_forth_lengthens_nothing() {
    let manager = logins();
    let mut cookie = begun(&manager, login(7), 0);
    let mut renewed = 0;
    // 1000 s forward and 50 s back, over and over.
    for turn in 0..46 {
        for seconds in [turn * 950, turn * 950 - 50] {
            let session = carried(&manager, &cookie, seconds);
            assert!(session.get().is_some(), "{seconds}");
            for set_cookie in sent(&manager, &session, seconds) {
                let sealed = plain(&set_cookie);
                assert_eq!((sealed.created_at, sealed.ends_at), (NOW, NOW + 43_200));
                assert!(sealed.issued_at > plain(&cookie).issued_at && sealed.expires_at <= NOW + 43_200);
                pair(&set_cookie).clone_into(&mut cookie);
                renewed += 1;
            }
        }
    }
    assert!(renewed > 40, "{renewed}");
    assert_eq!(refusal(&manager, &cookie, 43_200), Some(Refusal::AbsoluteTimeout));
}
