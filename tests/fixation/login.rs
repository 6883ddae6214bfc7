//! `begin` and `cycle`.

use hardtack::Session;

use crate::fixation::{
    Visitor,
    common::{
        NOW, Plain, SECRET, at,
        steps::{begun, carried, remembered, written},
    },
    nobody, plain, somebody, visitors,
};

const NAME: &str = "__Host-visitor";

/// A session of user 7 that was sealed 1000 s ago, with an end and an idle timeout of its own, and with an entry for
/// others.
fn arrived() -> Plain {
    Plain {
        flags: 2,
        schema: 1,
        created_at: NOW - 5000,
        ends_at: NOW + 9000,
        issued_at: NOW - 50,
        expires_at: NOW + 50,
        session_id: [5; 16],
        payload: crate::common::layout::visitor(7, &[10, 11]),
        extensions: Some(vec![0x80, 2, 7, 8]),
    }
}

/// What a request that carried [`arrived`] is sent.
#[track_caller]
fn after(act: impl FnOnce(&Session<Visitor>)) -> Plain {
    let manager = visitors();
    let session = carried(&manager, &format!("{NAME}={}", arrived().seal(&SECRET, NAME, "")), 0);
    assert_eq!(session.get().as_deref(), Some(&somebody(7, &[10, 11])));
    act(&session);
    plain(&written(&manager, &session, 0))
}

#[test]
fn a_login_leaves_nothing_of_the_session_before() {
    let sealed = after(|session| session.begin(somebody(8, &[])).unwrap());
    assert_ne!(sealed.session_id, [5; 16]);
    let expected = Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: sealed.session_id,
        payload: crate::common::layout::visitor(8, &[]),
        extensions: None,
    };
    assert_eq!(sealed, expected);
}

#[test]
fn a_login_of_the_same_user_is_a_new_session_too() {
    let sealed = after(|session| session.begin(somebody(7, &[10, 11])).unwrap());
    assert_ne!(sealed.session_id, [5; 16]);
    assert_eq!((sealed.created_at, sealed.ends_at, sealed.extensions), (NOW, NOW + 43_200, None));
}

#[test]
fn a_login_forgets_that_the_session_before_was_remembered() {
    let manager = visitors();
    let session = carried(&manager, &remembered(&manager, somebody(7, &[]), 0), 10);
    session.begin(somebody(8, &[])).unwrap();
    let set_cookie = written(&manager, &session, 10);
    assert!(!set_cookie.contains("Max-Age"), "{set_cookie}");
    assert_eq!((plain(&set_cookie).flags, plain(&set_cookie).ends_at), (0, NOW + 43_210));
}

#[test]
fn every_login_has_an_id_of_its_own() {
    let manager = visitors();
    let ids: std::collections::BTreeSet<_> =
        (0..100).map(|_| plain(&begun(&manager, somebody(7, &[]), 0)).session_id).collect();
    assert_eq!(ids.len(), 100);
}

#[test]
fn an_anonymous_basket_is_dropped_unless_the_login_carries_it_over() {
    let manager = visitors();
    let anonymous = begun(&manager, nobody(&[10, 11]), 0);
    let dropped = carried(&manager, &anonymous, 100);
    dropped.begin(somebody(7, &[])).unwrap();
    let dropped = plain(&written(&manager, &dropped, 100));

    let carrying = carried(&manager, &anonymous, 100);
    let basket = carrying.get().map(|visitor| visitor.basket.clone()).unwrap_or_default();
    carrying.begin(somebody(7, &basket)).unwrap();
    let kept = plain(&written(&manager, &carrying, 100));

    assert_eq!((dropped.data(), kept.data()), (vec![1, 7, 0], vec![1, 7, 2, 10, 11]));
    for sealed in [(dropped.session_id, dropped.created_at), (kept.session_id, kept.created_at)] {
        assert_ne!(sealed.0, plain(&anonymous).session_id);
        assert_eq!(sealed.1, NOW + 100);
    }
}

#[test]
fn what_was_read_before_a_login_does_not_change_with_it() {
    let manager = visitors();
    let session = carried(&manager, &begun(&manager, somebody(7, &[10]), 0), 0);
    let before = session.get().unwrap();
    session.begin(somebody(8, &[])).unwrap();
    assert_eq!((&*before, &*session.get().unwrap()), (&somebody(7, &[10]), &somebody(8, &[])));
}

#[test]
fn a_planted_session_does_not_become_the_victims() {
    // The attacker's own anonymous cookie, set in the victim's browser before the login.
    let manager = visitors();
    let planted = begun(&manager, nobody(&[]), 0);
    let victim = carried(&manager, &planted, 10);
    victim.begin(somebody(7, &[])).unwrap();
    written(&manager, &victim, 10);
    assert_eq!(carried(&manager, &planted, 11).get().unwrap().user, None);
}

#[test]
fn a_change_of_privilege_brings_a_new_id_and_keeps_the_rest() {
    let sealed = after(|session| session.cycle().unwrap());
    assert_ne!(sealed.session_id, [5; 16]);
    // Sealed now, for the idle timeout of its own.
    let (issued_at, expires_at) = (NOW, NOW + 100);
    assert_eq!(sealed, Plain { session_id: sealed.session_id, issued_at, expires_at, ..arrived() });
}

#[test]
fn privilege_and_data_change_in_one_response() {
    let sealed = after(|session| {
        session.update(|visitor| visitor.user = Some(9)).unwrap();
        session.cycle().unwrap();
    });
    assert_ne!(sealed.session_id, [5; 16]);
    assert_eq!((sealed.created_at, sealed.data()), (NOW - 5000, vec![1, 9, 2, 10, 11]));
}

#[test]
fn each_cycle_is_another_id() {
    let manager = visitors();
    let session = carried(&manager, &begun(&manager, somebody(7, &[]), 0), 0);
    let id = || session.claims().unwrap().session_id();
    let first = id();
    session.cycle().unwrap();
    let second = id();
    session.cycle().unwrap();
    assert!(first != second && second != id() && first != id());
    assert_eq!(session.claims().unwrap().created_at(), at(0));
}
