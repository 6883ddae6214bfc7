//! A session's own end and its own idle timeout: shorter than the policy's, embedded, kept.

use hardtack::{Policy, Refusal, Session, SessionError};
use time::Duration;

use crate::lifetime::{
    common::{
        NOW, Plain, at, pair,
        steps::{Login, begun, begun_with, carried, login, logins, logins_under, plain, sent, written},
    },
    refusal,
};

/// The pair of a session of user 7 with this end of its own, in seconds after [`NOW`].
#[track_caller]
fn ending(seconds: i64) -> String {
    begun_with(&logins(), login(7), 0, |session| session.end_by(at(seconds)).unwrap())
}

/// The pair of a session of user 7 with this idle timeout of its own.
#[track_caller]
fn idling(seconds: i64) -> String {
    begun_with(&logins(), login(7), 0, |session| session.idle_within(Duration::seconds(seconds)).unwrap())
}

/// What a session holds after a request that changes its data at this time.
#[track_caller]
fn visited(cookie: &str, seconds: i64) -> (String, Plain) {
    let session = carried(&logins(), cookie, seconds);
    session.update(|login| login.user += 1).unwrap();
    let set_cookie = written(&logins(), &session, seconds);
    (pair(&set_cookie).to_owned(), plain(&set_cookie))
}

#[test]
fn an_end_of_its_own_is_embedded() {
    // Before the idle timeout, after it, one second, and with parts of a second.
    for (seconds, expires_at) in [(600, 600), (1800, 1800), (5000, 1800), (1, 1)] {
        let sealed = plain(&ending(seconds));
        let ends_at = NOW + u64::try_from(seconds).unwrap();
        assert_eq!((sealed.created_at, sealed.ends_at, sealed.expires_at), (NOW, ends_at, NOW + expires_at));
    }
    let session = logins().load([], at(0));
    session.begin(login(7)).unwrap();
    session.end_by(at(600) + Duration::milliseconds(999)).unwrap();
    assert_eq!(session.claims().unwrap().ends_at(), at(600));
}

#[test]
fn an_end_of_its_own_is_enforced_at_its_second() {
    let cookie = ending(600);
    assert_eq!(refusal(&logins(), &cookie, 599), None);
    assert_eq!(refusal(&logins(), &cookie, 600), Some(Refusal::AbsoluteTimeout));
}

#[test]
fn an_end_of_its_own_is_kept_however_often_the_session_is_written() {
    let mut cookie = ending(5000);
    for (seconds, expires_at) in [(1000, 2800), (2000, 3800), (3199, 4999), (3201, 5000), (4900, 5000), (4999, 5000)] {
        let (next, sealed) = visited(&cookie, seconds);
        assert_eq!((sealed.ends_at, sealed.expires_at), (NOW + 5000, NOW + expires_at), "{seconds}");
        cookie = next;
    }
    assert_eq!(refusal(&logins(), &cookie, 5000), Some(Refusal::AbsoluteTimeout));
}

#[test]
fn an_end_of_its_own_is_never_later_than_the_policys() {
    for seconds in [43_200, 43_201, 5_000_000, 200_000_000_000] {
        assert_eq!(plain(&ending(seconds)).ends_at, NOW + 43_200, "{seconds}");
    }
    assert_eq!(plain(&ending(43_199)).ends_at, NOW + 43_199);
    // Today's policy can only shorten it.
    let tight = logins_under(Policy::default().lifetimes(Duration::seconds(300), Duration::seconds(400)));
    assert_eq!(refusal(&tight, &ending(5000), 299), None);
    assert_eq!(refusal(&tight, &ending(5000), 400), Some(Refusal::AbsoluteTimeout));
}

#[test]
fn an_end_of_its_own_cuts_a_remembered_session_and_its_max_age() {
    let session = logins().load([], at(0));
    session.begin(login(7)).unwrap();
    session.remember(true).unwrap();
    session.end_by(at(1000)).unwrap();
    let set_cookie = written(&logins(), &session, 10);
    assert!(set_cookie.contains("; Max-Age=990;"), "{set_cookie}");
    assert_eq!((plain(&set_cookie).flags, plain(&set_cookie).ends_at), (1, NOW + 1000));
}

#[test]
fn its_own_limits_stay_whatever_is_chosen_after_them() {
    let cookie = begun_with(&logins(), login(7), 0, |session| {
        session.end_by(at(5000)).unwrap();
        session.idle_within(Duration::seconds(300)).unwrap();
        session.remember(true).unwrap();
        session.outlive(at(30)).unwrap();
        session.end_by(at(6000)).unwrap();
    });
    let sealed = plain(&cookie);
    assert_eq!((sealed.flags, sealed.created_at, sealed.ends_at), (3, NOW + 30, NOW + 5000));
    assert_eq!((sealed.issued_at, sealed.expires_at), (NOW + 30, NOW + 330));
    // A login has none of them.
    let session = logins().load([], at(0));
    session.begin(login(7)).unwrap();
    session.end_by(at(600)).unwrap();
    session.begin(login(8)).unwrap();
    assert_eq!(plain(&written(&logins(), &session, 0)).ends_at, NOW + 43_200);
}

#[test]
fn an_end_is_for_sessions_that_begin_here() {
    let cookie = begun(&logins(), login(7), 0);
    for cookie in ["", &*cookie] {
        let session = carried(&logins(), cookie, 10);
        assert_eq!(session.end_by(at(600)), Err(SessionError::NotBegun));
        assert!(sent(&logins(), &session, 10).is_empty());
    }
    let session = carried(&logins(), &cookie, 10);
    session.cycle().unwrap();
    assert_eq!(session.end_by(at(600)), Err(SessionError::NotBegun));
}

#[test]
fn an_end_that_is_not_ahead_is_an_error_and_changes_nothing() {
    let session = logins().load([], at(0));
    session.begin(login(7)).unwrap();
    for seconds in [0, -1, -86_400, -1_800_000_000, -2_000_000_000] {
        assert_eq!(session.end_by(at(seconds)), Err(SessionError::Over), "{seconds}");
    }
    assert_eq!(plain(&written(&logins(), &session, 0)).ends_at, NOW + 43_200);
    // Ahead when it was given, and passed before the response.
    let session = logins().load([], at(0));
    session.begin(login(7)).unwrap();
    session.end_by(at(1)).unwrap();
    assert_eq!(logins().commit(&session, false, at(1)), Err(SessionError::Over));
}

#[test]
fn an_idle_timeout_of_its_own_is_embedded_and_leaves_the_end_alone() {
    for seconds in [61, 300, 1799] {
        let sealed = plain(&idling(seconds));
        let expires_at = NOW + u64::try_from(seconds).unwrap();
        assert_eq!((sealed.issued_at, sealed.expires_at, sealed.ends_at), (NOW, expires_at, NOW + 43_200));
    }
}

#[test]
fn an_idle_timeout_of_its_own_is_enforced_at_its_second() {
    let cookie = idling(300);
    assert_eq!(refusal(&logins(), &cookie, 299), None);
    assert_eq!(refusal(&logins(), &cookie, 300), Some(Refusal::IdleTimeout));
}

#[test]
fn an_idle_timeout_of_its_own_is_kept_however_often_the_session_is_written() {
    let mut cookie = idling(300);
    for turn in 1..=100 {
        let (next, sealed) = visited(&cookie, turn * 299);
        assert_eq!(sealed.expires_at - sealed.issued_at, 300, "{turn}");
        cookie = next;
    }
    assert_eq!(refusal(&logins(), &cookie, 29_900 + 299), None);
    assert_eq!(refusal(&logins(), &cookie, 29_900 + 300), Some(Refusal::IdleTimeout));
}

#[test]
fn its_own_idle_window_is_the_one_whose_half_counts() {
    let cookie = idling(300);
    for (seconds, renewed) in [(149, 0), (150, 1)] {
        let session = carried(&logins(), &cookie, seconds);
        assert!(session.get().is_some());
        assert_eq!(sent(&logins(), &session, seconds).len(), renewed, "{seconds}");
    }
}

#[test]
fn an_idle_timeout_of_its_own_is_never_longer_than_the_policys() {
    for seconds in [1800, 1801, 43_200, 5_000_000, i64::MAX] {
        assert_eq!(plain(&idling(seconds)).expires_at, NOW + 1800, "{seconds}");
    }
    let tight = logins_under(Policy::default().idle_timeout(Duration::seconds(100)));
    assert_eq!(refusal(&tight, &idling(300), 99), None);
    assert_eq!(refusal(&tight, &idling(300), 100), Some(Refusal::IdleTimeout));
}

#[test]
fn an_idle_timeout_can_be_given_to_a_session_that_arrived() {
    let cookie = begun(&logins(), login(7), 0);
    // At 1000 s, more than the new timeout has passed since the token was issued.
    for seconds in [100, 1000] {
        let session = carried(&logins(), &cookie, seconds);
        session.idle_within(Duration::seconds(300)).unwrap();
        let issued_at = NOW + u64::try_from(seconds).unwrap();
        let sealed = plain(&written(&logins(), &session, seconds));
        // The window of its own, 300 s, is written down: entry 0x91, two bytes of varint.
        let extensions = Some(vec![0x91, 2, 0xAC, 0x02]);
        assert_eq!(sealed, Plain { flags: 2, issued_at, expires_at: issued_at + 300, extensions, ..plain(&cookie) });
    }
    // It can be shortened further, not lengthened beyond the policy; and it is written even with a 5xx.
    let session = carried(&logins(), &idling(300), 10);
    session.idle_within(Duration::seconds(200)).unwrap();
    let sealed = plain(&logins().commit(&session, true, at(10)).unwrap()[0]);
    assert_eq!((sealed.issued_at, sealed.expires_at), (NOW + 10, NOW + 210));
}

#[test]
fn an_idle_timeout_of_its_own_ends_with_the_session() {
    let cookie = begun_with(&logins(), login(7), 0, |session| {
        session.end_by(at(400)).unwrap();
        session.idle_within(Duration::seconds(300)).unwrap();
    });
    assert_eq!((plain(&cookie).expires_at, plain(&cookie).ends_at), (NOW + 300, NOW + 400));
    let (cookie, sealed) = visited(&cookie, 50);
    assert_eq!((sealed.expires_at, sealed.ends_at), (NOW + 350, NOW + 400));
    let (_, sealed) = visited(&cookie, 200);
    assert_eq!((sealed.expires_at, sealed.ends_at), (NOW + 400, NOW + 400));
}

#[test]
fn an_idle_timeout_not_longer_than_the_skew_is_an_error_and_changes_nothing() {
    type Load = fn() -> Session<Login>;
    let fresh: Load = || {
        let session = logins().load([], at(0));
        session.begin(login(7)).unwrap();
        session
    };
    let arrived: Load = || carried(&logins(), &begun(&logins(), login(7), 0), 0);
    for (load, cookies) in [(fresh, 1), (arrived, 0)] {
        let session = load();
        for timeout in [Duration::ZERO, Duration::seconds(-5), Duration::MIN, Duration::milliseconds(60_999)] {
            assert_eq!(session.idle_within(timeout), Err(SessionError::IdleTooShort), "{timeout}");
        }
        assert_eq!(session.claims().unwrap().expires_at(), at(1800));
        assert_eq!(sent(&logins(), &session, 0).len(), cookies);
    }
}

#[test]
fn an_idle_timeout_needs_a_session() {
    for cookie in ["", "__Host-login=garbage"] {
        let session = carried(&logins(), cookie, 0);
        assert_eq!(session.idle_within(Duration::seconds(300)), Err(SessionError::NoSession));
    }
}

#[test]
fn a_new_proof_of_identity_keeps_the_idle_timeout_also_where_the_end_cut_it_short() {
    let near_the_end = begun_with(&logins(), login(7), 0, |session| {
        session.end_by(at(400)).unwrap();
        session.idle_within(Duration::seconds(300)).unwrap();
    });
    let (cut_short, sealed) = visited(&near_the_end, 200);
    assert_eq!(sealed.expires_at, sealed.ends_at);
    // The entry is what holds the window: 0x91, and 300 as a varint. Without it, the policy's applies.
    let (with, without) = (sealed.clone(), Plain { flags: 0, extensions: None, ..sealed });
    assert_eq!(with.extensions.as_deref(), Some(&[0x91, 2, 0xAC, 0x02][..]));
    let without = crate::common::steps::cookie(&without);
    for (cookie, window) in [(&cut_short, 300), (&without, 1800)] {
        let session = carried(&logins(), cookie, 250);
        session.reauthenticate().unwrap();
        let sealed = plain(&written(&logins(), &session, 250));
        assert_eq!((sealed.expires_at, sealed.ends_at), (NOW + 250 + window, NOW + 250 + 43_200));
    }
}

#[test]
fn an_idle_timeout_of_another_form_is_none() {
    // No value, zero, two values, a longer form of 300, and more than times can be.
    let odd: [&[u8]; 5] = [&[], &[0], &[0xAC, 0x02, 0x01], &[0xAC, 0x82, 0x00], &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]];
    for value in odd {
        let extensions = Some([&[0x91, u8::try_from(value.len()).unwrap()], value].concat());
        let fresh = plain(&begun(&logins(), login(7), 0));
        let cookie = crate::common::steps::cookie(&Plain { flags: 2, extensions: extensions.clone(), ..fresh });
        let session = carried(&logins(), &cookie, 10);
        session.reauthenticate().unwrap();
        let sealed = plain(&written(&logins(), &session, 10));
        assert_eq!((sealed.expires_at, sealed.extensions), (NOW + 1810, extensions));
    }
}
