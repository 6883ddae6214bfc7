//! Step-up: when the user last proved themselves, and proving it again.

use hardtack::{Session, SessionError};
use time::Duration;

use crate::fixation::{
    Visitor,
    common::{
        NOW, Plain, SECRET, at, pair,
        steps::{begun, begun_with, carried, remembered, sent, written},
    },
    plain, somebody, visitors,
};

/// The login of user 7, at [`NOW`].
#[track_caller]
fn login() -> String {
    begun(&visitors(), somebody(7, &[10]), 0)
}

fn recent(session: &Session<Visitor>, seconds: i64) -> Result<(), SessionError> {
    session.require_recent(Duration::seconds(seconds))
}

#[test]
fn a_login_is_recent_for_exactly_so_many_seconds() {
    let cookie = login();
    for (now, within, expected) in [
        (0, 0, Ok(())),
        (1, 0, Err(SessionError::NotRecent)),
        (299, 300, Ok(())),
        (300, 300, Ok(())),
        (301, 300, Err(SessionError::NotRecent)),
        (1799, 1798, Err(SessionError::NotRecent)),
        (1799, 1799, Ok(())),
        (1, -5, Err(SessionError::NotRecent)),
        (1799, i64::MAX, Ok(())),
    ] {
        assert_eq!(recent(&carried(&visitors(), &cookie, now), within), expected, "{now} {within}");
    }
}

#[test]
fn without_a_session_nothing_is_recent() {
    for cookie in ["", "__Host-visitor=garbage"] {
        assert_eq!(recent(&carried(&visitors(), cookie, 0), 300), Err(SessionError::NoSession));
    }
    let ended = carried(&visitors(), &login(), 0);
    ended.end();
    assert_eq!(recent(&ended, 300), Err(SessionError::NoSession));
}

#[test]
fn asking_writes_nothing() {
    let manager = visitors();
    for now in [10, 400] {
        let session = carried(&manager, &login(), now);
        let _ = recent(&session, 300);
        assert!(sent(&manager, &session, now).is_empty());
    }
}

#[test]
fn neither_a_renewal_nor_a_change_makes_a_login_recent_again() {
    type Act = fn(&Session<Visitor>);
    let renew: Act = |session| session.renew().unwrap();
    let update: Act = |session| session.update(|visitor| visitor.basket.push(1)).unwrap();
    let cycle: Act = |session| session.cycle().unwrap();
    let idle: Act = |session| session.idle_within(Duration::seconds(600)).unwrap();
    let manager = visitors();
    for act in [renew, update, cycle, idle] {
        let session = carried(&manager, &login(), 301);
        act(&session);
        assert_eq!(recent(&session, 300), Err(SessionError::NotRecent));
        let cookie = written(&manager, &session, 301);
        assert_eq!(recent(&carried(&manager, pair(&cookie), 302), 300), Err(SessionError::NotRecent));
    }
}

#[test]
fn a_login_in_this_request_is_recent() {
    let session = carried(&visitors(), &login(), 1000);
    assert_eq!(recent(&session, 0), Err(SessionError::NotRecent));
    session.begin(somebody(8, &[])).unwrap();
    assert_eq!(recent(&session, 0), Ok(()));
}

#[test]
fn a_login_on_a_node_that_is_ahead_is_recent() {
    let cookie = begun(&visitors(), somebody(7, &[]), 60);
    assert_eq!(recent(&carried(&visitors(), &cookie, 0), 0), Ok(()));
}

#[test]
fn proving_it_again_brings_a_new_id_beginning_and_end_and_keeps_the_data() {
    let manager = visitors();
    for (cookie, flags, idle, absolute) in
        [(login(), 0, 1800, 43_200), (remembered(&manager, somebody(7, &[10]), 0), 1, 604_800, 2_592_000)]
    {
        let session = carried(&manager, &cookie, 1000);
        session.reauthenticate().unwrap();
        assert_eq!(recent(&session, 0), Ok(()));
        let sealed = plain(&written(&manager, &session, 1000));
        assert_ne!(sealed.session_id, plain(&cookie).session_id);
        let expected = Plain {
            flags,
            schema: 1,
            created_at: NOW + 1000,
            ends_at: NOW + 1000 + absolute,
            issued_at: NOW + 1000,
            expires_at: NOW + 1000 + idle,
            session_id: sealed.session_id,
            payload: crate::common::layout::visitor(7, &[10]),
            extensions: None,
        };
        assert_eq!(sealed, expected);
    }
}

#[test]
fn proving_it_again_is_written_whatever_the_status_and_remembered_in_the_next_request() {
    let manager = visitors();
    let session = carried(&manager, &login(), 1000);
    session.reauthenticate().unwrap();
    let cookie = manager.commit(&session, true, at(1000)).unwrap().remove(0);
    assert_eq!(recent(&carried(&manager, pair(&cookie), 1300), 300), Ok(()));
    assert_eq!(recent(&carried(&manager, pair(&cookie), 1301), 300), Err(SessionError::NotRecent));
}

#[test]
fn proving_it_again_keeps_changes_and_what_is_carried_for_others() {
    let arrived = Plain { flags: 2, extensions: Some(vec![0x80, 2, 7, 8]), ..plain(&login()) };
    let manager = visitors();
    let cookie = format!("__Host-visitor={}", arrived.seal(&SECRET, "__Host-visitor", ""));
    let session = carried(&manager, &cookie, 10);
    session.update(|visitor| visitor.basket.push(11)).unwrap();
    session.reauthenticate().unwrap();
    session.update(|visitor| visitor.basket.push(12)).unwrap();
    let sealed = plain(&written(&manager, &session, 10));
    assert_eq!((sealed.data(), sealed.extensions), (vec![1, 7, 3, 10, 11, 12], arrived.extensions));
}

#[test]
fn proving_it_again_keeps_an_idle_timeout_of_its_own() {
    let manager = visitors();
    let within = |session: &Session<Visitor>| session.idle_within(Duration::seconds(300)).unwrap();
    let cookie = begun_with(&manager, somebody(7, &[]), 0, within);
    let session = carried(&manager, &cookie, 100);
    session.reauthenticate().unwrap();
    let sealed = plain(&written(&manager, &session, 100));
    assert_eq!((sealed.expires_at, sealed.ends_at), (NOW + 400, NOW + 100 + 43_200));
}

#[test]
fn proving_it_again_lifts_an_end_that_was_given_at_the_login() {
    let manager = visitors();
    let cookie = begun_with(&manager, somebody(7, &[]), 0, |session| session.end_by(at(600)).unwrap());
    let session = carried(&manager, &cookie, 100);
    session.reauthenticate().unwrap();
    // Which the handler can give anew.
    assert_eq!(session.claims().unwrap().ends_at(), at(100 + 43_200));
    session.end_by(at(900)).unwrap();
    let sealed = plain(&written(&manager, &session, 100));
    assert_eq!((sealed.expires_at, sealed.ends_at), (NOW + 900, NOW + 900));
}

#[test]
fn there_is_nobody_to_prove_it_without_a_session() {
    for cookie in ["", "__Host-visitor=garbage"] {
        let session = carried(&visitors(), cookie, 0);
        assert_eq!(session.reauthenticate(), Err(SessionError::NoSession));
        assert!(sent(&visitors(), &session, 0).is_empty());
    }
    let over = carried(&visitors(), &login(), 1800);
    assert_eq!(over.reauthenticate(), Err(SessionError::NoSession));
}
