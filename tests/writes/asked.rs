//! `renew` and `skip_renewal`: the handler's say.

use hardtack::{Session, SessionError};

use crate::common::{
    NOW, Plain, at, pair,
    steps::{Login, begun, carried, login, logins, plain, sent, written},
};

/// What a request at this time is sent after this, if anything.
#[track_caller]
fn after(seconds: i64, act: impl FnOnce(&Session<Login>)) -> Option<Plain> {
    let manager = logins();
    let session = carried(&manager, &begun(&manager, login(7), 0), seconds);
    act(&session);
    let set_cookies = sent(&manager, &session, seconds);
    assert!(set_cookies.len() < 2, "{set_cookies:?}");
    set_cookies.first().map(|set_cookie| plain(set_cookie))
}

#[test]
fn a_renewal_that_is_asked_for_comes_before_its_time() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    for seconds in [1, 100, 899] {
        let session = carried(&manager, &cookie, seconds);
        session.renew().unwrap();
        let issued_at = NOW + seconds.unsigned_abs();
        let sealed = plain(&written(&manager, &session, seconds));
        assert_eq!(sealed, Plain { issued_at, expires_at: issued_at + 1800, ..plain(&cookie) }, "{seconds}");
    }
}

#[test]
fn asking_for_a_renewal_needs_a_session_and_a_response() {
    let manager = logins();
    assert_eq!(carried(&manager, "", 0).renew(), Err(SessionError::NoSession));
    assert_eq!(carried(&manager, "__Host-login=garbage", 0).renew(), Err(SessionError::NoSession));
    let session = carried(&manager, &begun(&manager, login(7), 0), 0);
    sent(&manager, &session, 0);
    assert_eq!(session.renew(), Err(SessionError::HeadersSent));
}

#[test]
fn a_renewal_that_is_due_can_be_left_out() {
    for seconds in [900, 1799] {
        assert!(after(seconds, |session| assert!(session.get().is_some())).is_some(), "{seconds}");
        assert_eq!(after(seconds, Session::skip_renewal), None, "{seconds}");
        // Before the session is used, or after.
        let late = |session: &Session<Login>| {
            assert!(session.get().is_some());
            session.skip_renewal();
        };
        assert_eq!(after(seconds, late), None, "{seconds}");
    }
}

#[test]
fn a_page_that_polls_does_not_keep_a_session_alive() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    for seconds in (0..1800).step_by(10) {
        let session = carried(&manager, &cookie, seconds);
        session.skip_renewal();
        assert!(session.get().is_some() && sent(&manager, &session, seconds).is_empty(), "{seconds}");
    }
    assert!(carried(&manager, &cookie, 1800).get().is_none());
}

#[test]
fn leaving_a_renewal_out_leaves_other_writes_alone() {
    type Act = fn(&Session<Login>);
    let update: Act = |session| session.update(|login| login.user = 8).unwrap();
    let begin: Act = |session| session.begin(login(8)).unwrap();
    let cycle: Act = |session| session.cycle().unwrap();
    let reauthenticate: Act = |session| session.reauthenticate().unwrap();
    for act in [update, begin, cycle, reauthenticate] {
        for skip_first in [true, false] {
            let both = |session: &Session<Login>| {
                if skip_first {
                    session.skip_renewal();
                }
                act(session);
                session.skip_renewal();
            };
            for seconds in [0, 900] {
                let sealed = after(seconds, both).expect("written");
                assert_eq!(sealed.issued_at, NOW + seconds.unsigned_abs());
            }
        }
    }
    let manager = logins();
    let session = carried(&manager, &begun(&manager, login(7), 0), 900);
    session.skip_renewal();
    session.end();
    assert!(written(&manager, &session, 900).starts_with("__Host-login=; "));
}

#[test]
fn the_later_of_asking_and_leaving_out_counts() {
    let ask_last = |session: &Session<Login>| {
        session.skip_renewal();
        session.renew().unwrap();
    };
    let skip_last = |session: &Session<Login>| {
        session.renew().unwrap();
        session.skip_renewal();
    };
    for seconds in [10, 900] {
        assert_eq!((after(seconds, ask_last).is_some(), after(seconds, skip_last)), (true, None), "{seconds}");
    }
}

#[test]
fn a_change_that_is_taken_back_leaves_a_renewal_that_was_asked_for() {
    let there_and_back = |session: &Session<Login>| {
        session.update(|login| login.user = 8).unwrap();
        session.update(|login| login.user = 7).unwrap();
    };
    assert_eq!(after(10, there_and_back), None);
    for ask_first in [true, false] {
        let asked = after(10, |session| {
            if ask_first {
                session.renew().unwrap();
            }
            there_and_back(session);
            if !ask_first {
                session.renew().unwrap();
            }
        });
        assert_eq!(asked.map(|sealed| sealed.issued_at), Some(NOW + 10), "asked first: {ask_first}");
    }
}

#[test]
fn a_renewal_that_was_asked_for_is_left_out_where_it_comes_too_late() {
    let manager = logins();
    let end = Plain { issued_at: NOW + 43_000, expires_at: NOW + 43_200, ..plain(&begun(&manager, login(7), 0)) };
    let cookie = format!("__Host-login={}", end.seal(&crate::common::SECRET, "__Host-login", ""));
    let session = carried(&manager, &cookie, 43_100);
    session.renew().unwrap();
    assert_eq!(manager.commit(&session, false, at(43_200)), Ok(vec![]));
    // In time, it brings no more than there is.
    let session = carried(&manager, &cookie, 43_100);
    session.renew().unwrap();
    let sealed = plain(pair(&written(&manager, &session, 43_100)));
    assert_eq!((sealed.issued_at, sealed.expires_at), (NOW + 43_100, NOW + 43_200));
}
