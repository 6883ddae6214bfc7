//! What a response with a 5xx carries.

use hardtack::Session;

use crate::common::{
    at,
    steps::{Login, begun, carried, login, logins, plain},
};

/// The user in what a 200 and a 500 are sent after this; `None` where they are sent nothing, 0 for a removal.
#[track_caller]
fn sent(seconds: i64, act: impl Fn(&Session<Login>)) -> [Option<u8>; 2] {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    [false, true].map(|server_error| {
        let session = carried(&manager, &cookie, seconds);
        act(&session);
        let set_cookies = manager.commit(&session, server_error, at(seconds)).unwrap();
        assert!(set_cookies.len() < 2, "{set_cookies:?}");
        let set_cookie = set_cookies.first()?;
        Some(if set_cookie.starts_with("__Host-login=;") { 0 } else { plain(set_cookie).data()[0] })
    })
}

fn change(session: &Session<Login>) {
    session.update(|login| login.user = 8).unwrap();
}

#[test]
fn a_change_goes_with_the_work_that_failed() {
    assert_eq!(sent(0, change), [Some(8), None]);
    assert_eq!(sent(900, change), [Some(8), None], "even where a renewal is due");
}

#[test]
fn a_change_can_be_written_all_the_same() {
    for asks_first in [true, false] {
        let both = |session: &Session<Login>| {
            if asks_first {
                session.write_despite_error();
            }
            change(session);
            if !asks_first {
                session.write_despite_error();
            }
        };
        assert_eq!(sent(0, both), [Some(8), Some(8)], "asks first: {asks_first}");
    }
}

#[test]
fn asking_alone_writes_nothing() {
    assert_eq!(sent(0, Session::write_despite_error), [None, None]);
}

#[test]
fn a_renewal_is_left_out_unless_writes_were_asked_for() {
    assert_eq!(sent(900, |session| assert!(session.get().is_some())), [Some(7), None]);
    assert_eq!(sent(0, |session| session.renew().unwrap()), [Some(7), None]);
    assert_eq!(sent(900, Session::write_despite_error), [Some(7), Some(7)]);
}

#[test]
fn what_concerns_identity_is_written_whatever_the_status() {
    assert_eq!(sent(0, |session| session.begin(login(8)).unwrap()), [Some(8); 2]);
    assert_eq!(sent(0, |session| session.cycle().unwrap()), [Some(7); 2]);
    assert_eq!(sent(0, |session| session.reauthenticate().unwrap()), [Some(7); 2]);
    assert_eq!(sent(0, Session::end), [Some(0); 2]);
}

#[test]
fn an_anonymous_session_that_begins_by_itself_goes_with_the_work_that_failed() {
    let manager = logins();
    for (despite, cookies) in [(false, 0), (true, 1)] {
        let session = manager.load([], at(0));
        session.update_or_default(|login| login.user = 8).unwrap();
        if despite {
            session.write_despite_error();
        }
        assert_eq!(manager.commit(&session, true, at(0)).unwrap().len(), cookies);
    }
}
