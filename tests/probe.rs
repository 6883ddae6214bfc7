//! Whether the browser returns cookies.

use crate::common;

use common::{OTHER, SECRET, at, keys, pair};
use hardtack::{Probe, Session, SessionManager};

#[track_caller]
fn manager(secret: [u8; 32]) -> SessionManager<Probe> {
    SessionManager::new(keys(&[secret])).unwrap()
}

/// The session of a request with this cookie, so many seconds after it was set.
#[track_caller]
fn load(cookie: &str, seconds: i64) -> Session<Probe> {
    manager(SECRET).load([cookie.as_bytes()], at(seconds))
}

/// The cookie of a probe under this key.
#[track_caller]
fn probe(secret: [u8; 32]) -> String {
    let manager = manager(secret);
    let probe = manager.load([], at(0));
    probe.set().unwrap();
    pair(&manager.commit(&probe, false, at(0)).unwrap().remove(0)).to_owned()
}

#[test]
fn it_has_worked_when_the_browser_returns_it() {
    let cookie = probe(SECRET);
    assert!(cookie.starts_with("__Host-probe="));
    assert!(load(&cookie, 0).worked());
    assert!(!load("", 0).worked());
    assert!(!load("__Host-other=1", 0).worked());
}

#[test]
fn it_has_not_worked_in_the_request_that_sets_it() {
    let probe = load("", 0);
    probe.set().unwrap();
    assert!(!probe.worked());
}

#[test]
fn one_that_has_expired_or_does_not_open_counts() {
    assert!(load(&probe(SECRET), 1800).worked());
    assert!(load(&probe(OTHER), 0).worked());
    assert!(load("__Host-probe=", 0).worked());
}

#[test]
fn it_is_set_whatever_the_status_and_over_any_other() {
    for cookie in [String::new(), probe(SECRET), probe(OTHER)] {
        let probe = load(&cookie, 0);
        probe.set().unwrap();
        assert_eq!(manager(SECRET).commit(&probe, true, at(0)).unwrap().len(), 1);
    }
}

#[test]
fn clear_removes_it_and_the_answer_stays() {
    let probe = load(&probe(SECRET), 0);
    probe.clear();
    assert!(probe.worked());
    let set_cookie = manager(SECRET).commit(&probe, false, at(0)).unwrap().remove(0);
    assert_eq!(set_cookie, "__Host-probe=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
}

#[test]
fn asking_writes_nothing() {
    let probe = load(&probe(SECRET), 0);
    assert!(probe.worked());
    assert_eq!(manager(SECRET).commit(&probe, false, at(0)).unwrap(), [""; 0]);
}
