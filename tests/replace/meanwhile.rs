//! Rings that come while a request is under way.

use std::sync::Arc;

use hardtack::{Older, SessionData, SessionError, SessionManager};
use serde::{Deserialize, Serialize};

use crate::replace::{
    common::{
        NOW, Plain, Told, at,
        steps::{begun, carried, login, sent, written},
        timed::{id, list, secret},
    },
    rotated, running, started, under,
};

#[test]
fn a_session_that_was_opened_before_is_sealed_by_the_ring_of_the_response() {
    let (manager, _) = running(started());
    let cookie = begun(&manager, login(7), 0);
    let session = carried(&manager, &cookie, 1200);
    session.update(|login| login.user = 8).unwrap();
    manager.force_keyring(&list("C"), at(1200));
    let set_cookie = written(&manager, &session, 1200);
    assert_eq!(under(&set_cookie), 'C');
    assert_eq!(carried(&manager, &set_cookie, 1200).get().map(|login| login.user), Some(8));
}

#[test]
fn a_session_that_was_not_opened_yet_is_opened_by_the_new_ring() {
    let (manager, _) = running(list("A"));
    let cookie = begun(&running(list("B")).0, login(7), 0);
    let session = carried(&manager, &cookie, 0);
    manager.replace_keyring(&list("AB"), at(0)).unwrap();
    assert_eq!(session.get().map(|login| login.user), Some(7));
}

#[test]
fn a_session_that_no_longer_was_stale_when_it_was_opened_is_not_written() {
    let (manager, _) = running(rotated());
    let cookie = begun(&manager, login(7), 1109);
    let session = carried(&manager, &cookie, 1109);
    assert!(session.get().is_some());
    // Its key makes room between the request and its response: the next request sees to it.
    assert_eq!(sent(&manager, &session, 1110), Vec::<String>::new());
}

/// A session whose decoding takes a while: meanwhile the ring of its service is replaced.
#[derive(Debug, Serialize, Deserialize)]
struct Slow(u8);

type Meanwhile = Box<dyn Fn() + Send>;

static MEANWHILE: std::sync::Mutex<Option<Meanwhile>> = std::sync::Mutex::new(None);

impl SessionData for Slow {
    const COOKIE: &'static str = "__Host-slow";
    const SCHEMA: u16 = 2;

    fn migrate(old: Older<'_>) -> Result<Self, SessionError> {
        if let Some(meanwhile) = MEANWHILE.lock().unwrap().as_ref() {
            meanwhile();
        }
        old.decode()
    }
}

#[test]
fn several_cookies_of_one_request_are_opened_by_one_ring() {
    let told = Told::default();
    let manager = SessionManager::<Slow>::builder(list("A")).observer(told.clone()).build().unwrap();
    let cookie = |issued| {
        let plain = Plain {
            flags: 0,
            schema: 1,
            created_at: NOW,
            ends_at: NOW + 43_200,
            issued_at: NOW + issued,
            expires_at: NOW + issued + 1800,
            session_id: [5; 16],
            payload: crate::common::layout::byte(u8::try_from(issued).unwrap()),
            extensions: None,
        };
        format!("__Host-slow={}", plain.seal(&secret('A'), "__Host-slow", ""))
    };
    let swapped = manager.clone();
    let swap: Meanwhile = Box::new(move || swapped.force_keyring(&list("B"), at(0)));
    *MEANWHILE.lock().unwrap() = Some(swap);
    let session = manager.load([format!("{}; {}", cookie(1), cookie(2)).as_bytes()], at(2));
    // The second is the later one.
    assert_eq!(session.get().map(|slow: Arc<Slow>| slow.0), Some(2));
    *MEANWHILE.lock().unwrap() = None;
    let told = told.take();
    assert_eq!(told.iter().filter(|line| line.starts_with("keyring_replaced")).count(), 2, "{told:?}");
    assert!(told.contains(&format!("opened A {} issued 2", id('A'))), "{told:?}");
}
