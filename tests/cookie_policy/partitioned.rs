//! `Partitioned`, switched on and off: browsers then hold two cookies of one name.

use hardtack::{Refusal, SameSite, SessionManager};

use crate::cookie_policy::{
    Manager, Shop, build,
    common::{
        Plain, SECRET, at, pair,
        steps::{begun, carried, sent, set},
        value,
    },
};

const REMOVE_UNPARTITIONED: &str = "__Host-shop=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None";
const REMOVE_PARTITIONED: &str = "__Host-shop=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None; Partitioned";

fn none(builder: Manager<Shop>) -> Manager<Shop> {
    builder.same_site(SameSite::None)
}

/// As it was before the switch.
#[track_caller]
fn before() -> SessionManager<Shop> {
    build(none).unwrap()
}

#[track_caller]
fn partitioned() -> SessionManager<Shop> {
    build(|builder| none(builder).partitioned()).unwrap()
}

#[track_caller]
fn formerly() -> SessionManager<Shop> {
    build(|builder| none(builder).formerly_partitioned()).unwrap()
}

/// The attributes of the one that sets a session, after so many others.
#[track_caller]
fn set_after<'a>(set_cookies: &'a [String], others: &[&str]) -> &'a str {
    let (last, first) = set_cookies.split_last().expect("a Set-Cookie");
    assert_eq!(first, others);
    let sealed = Plain::open(value(last), &SECRET, "__Host-shop", "");
    assert_eq!(sealed.schema, 1);
    last.split_once("; ").unwrap().1
}

const SET: &str = "Path=/; Secure; HttpOnly; SameSite=None";
const SET_PARTITIONED: &str = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned";

#[test]
fn begin_removes_the_twin_of_before_and_then_sets_the_cookie() {
    for (manager, twin, attributes) in
        [(partitioned(), REMOVE_UNPARTITIONED, SET_PARTITIONED), (formerly(), REMOVE_PARTITIONED, SET)]
    {
        for cookie in ["", &*begun(&before(), Shop(vec![1]), 0)] {
            let session = carried(&manager, cookie, 0);
            session.begin(Shop(vec![2])).unwrap();
            assert_eq!(set_after(&sent(&manager, &session, 0), &[twin]), attributes);
        }
    }
}

#[test]
fn cycle_removes_the_twin_too() {
    let manager = partitioned();
    let session = carried(&manager, &begun(&before(), Shop(vec![1]), 0), 0);
    session.cycle().unwrap();
    assert_eq!(set_after(&sent(&manager, &session, 0), &[REMOVE_UNPARTITIONED]), SET_PARTITIONED);
}

#[test]
fn end_removes_both() {
    for (manager, removals) in [
        (partitioned(), [REMOVE_UNPARTITIONED, REMOVE_PARTITIONED]),
        (formerly(), [REMOVE_PARTITIONED, REMOVE_UNPARTITIONED]),
    ] {
        for cookie in ["", &*begun(&before(), Shop(vec![1]), 0)] {
            let session = carried(&manager, cookie, 0);
            session.end();
            assert_eq!(sent(&manager, &session, 0), removals);
        }
    }
    let never = before();
    let session = carried(&never, "", 0);
    session.end();
    assert_eq!(sent(&never, &session, 0), [REMOVE_UNPARTITIONED]);
}

#[test]
fn a_renewal_or_a_change_removes_the_twin_too() {
    let manager = partitioned();
    let cookie = begun(&before(), Shop(vec![1]), 0);
    let renewed = carried(&manager, &cookie, 900);
    assert!(renewed.get().is_some());
    assert_eq!(set_after(&sent(&manager, &renewed, 900), &[REMOVE_UNPARTITIONED]), SET_PARTITIONED);
    let changed = carried(&manager, &cookie, 10);
    changed.update(|shop| shop.0.push(2)).unwrap();
    assert_eq!(set_after(&sent(&manager, &changed, 10), &[REMOVE_UNPARTITIONED]), SET_PARTITIONED);
}

#[test]
fn of_two_cookies_of_one_session_the_newer_counts_in_either_order() {
    let manager = partitioned();
    let old = begun(&before(), Shop(vec![1]), 0);
    let session = carried(&manager, &old, 10);
    session.update(|shop| shop.0 = vec![2]).unwrap();
    let new = pair(&set(&manager, &session, 10)).to_owned();
    for header in [format!("{old}; {new}"), format!("{new}; {old}")] {
        let session = carried(&manager, &header, 20);
        assert_eq!(session.get().as_deref(), Some(&Shop(vec![2])));
        // The next change is made to the newer one.
        session.update(|shop| shop.0.push(3)).unwrap();
        let sealed = Plain::open(value(&set(&manager, &session, 20)), &SECRET, "__Host-shop", "");
        assert_eq!(sealed.data(), [2, 2, 3]);
    }
}

#[test]
fn after_a_login_that_removed_only_one_of_two_neither_counts_until_the_next_verb() {
    // What the removal prevents: two sessions under one name.
    let manager = partitioned();
    let (old, new) = (begun(&before(), Shop(vec![1]), 0), begun(&manager_alone(), Shop(vec![2]), 10));
    let session = carried(&manager, &format!("{old}; {new}"), 20);
    assert!(session.get().is_none());
    assert_eq!(session.refusal(), Some(Refusal::ConflictingCookies));
    session.end();
    assert_eq!(sent(&manager, &session, 20), [REMOVE_UNPARTITIONED, REMOVE_PARTITIONED]);
}

/// A manager that knows nothing of a switch.
#[track_caller]
fn manager_alone() -> SessionManager<Shop> {
    before()
}

#[test]
fn a_partitioned_cookie_opens_where_partitioning_was_given_up() {
    let cookie = {
        let manager = partitioned();
        let session = manager.load([], at(0));
        session.begin(Shop(vec![1])).unwrap();
        let set_cookies = sent(&manager, &session, 0);
        pair(set_cookies.last().unwrap()).to_owned()
    };
    assert_eq!(carried(&formerly(), &cookie, 0).get().as_deref(), Some(&Shop(vec![1])));
}
