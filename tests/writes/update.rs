//! What `update` takes, and what others see of the session meanwhile.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use hardtack::{Refusal, SessionData, SessionError, SessionManager};
use serde::{Deserialize, Deserializer, Serialize};

use super::common::{
    Hands, pair, ring,
    steps::{begun, carried, login, logins, sent, written},
};

thread_local! {
    /// How often a [`Counted`] was read, and how often that goes well.
    static READ: Cell<u32> = const { Cell::new(0) };
    static GOES_WELL: Cell<u32> = const { Cell::new(u32::MAX) };
}

/// Data that counts how often it is read.
#[derive(Serialize)]
struct Counted(u64);

impl SessionData for Counted {
    const COOKIE: &'static str = "__Host-counted";
}

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = READ.replace(READ.get() + 1);
        let number = u64::deserialize(deserializer)?;
        if read < GOES_WELL.get() { Ok(Self(number)) } else { Err(serde::de::Error::custom("no more")) }
    }
}

fn counted() -> (SessionManager<Counted>, String) {
    let manager = SessionManager::builder(ring()).clock(Hands::default().clock()).build().unwrap();
    let cookie = begun(&manager, Counted(7), 0);
    READ.set(0);
    (manager, cookie)
}

#[test]
fn a_change_reads_the_data_when_it_is_opened_and_when_it_was_written() {
    let (manager, cookie) = counted();
    let session = carried(&manager, &cookie, 1);
    session.update(|counted| counted.0 = 8).unwrap();
    assert_eq!(READ.get(), 2);
    session.update(|counted| counted.0 = 9).unwrap();
    assert_eq!((session.get().unwrap().0, READ.get()), (9, 3));
    let cookie = written(&manager, &session, 1);
    assert_eq!(carried(&manager, pair(&cookie), 2).get().unwrap().0, 9);
}

/// Data with a total that readers work out once, and a count that they could change.
#[derive(Default, Serialize, Deserialize)]
struct Basket {
    prices: Vec<u32>,
    shown: u32,
    seen: AtomicU32,
    #[serde(skip)]
    total: OnceLock<u32>,
}

impl Basket {
    fn total(&self) -> u32 {
        *self.total.get_or_init(|| self.prices.iter().sum())
    }
}

impl SessionData for Basket {
    const COOKIE: &'static str = "__Host-basket";
}

#[test]
fn what_readers_left_in_the_data_is_not_in_what_is_changed() {
    let manager = SessionManager::builder(ring()).clock(Hands::default().clock()).build().unwrap();
    let cookie = begun(&manager, Basket { prices: vec![5], ..Basket::default() }, 0);
    let session = carried(&manager, &cookie, 1);
    let read = session.get().unwrap();
    read.seen.store(9, Ordering::Relaxed);
    assert_eq!(read.total(), 5);
    drop(read);
    session
        .update(|basket| {
            basket.prices.push(7);
            basket.shown = basket.total();
        })
        .unwrap();
    let cookie = written(&manager, &session, 1);
    let basket = carried(&manager, pair(&cookie), 2).get().unwrap();
    assert_eq!((basket.shown, basket.seen.load(Ordering::Relaxed)), (12, 0));
}

#[test]
fn what_somebody_holds_is_not_changed() {
    let (manager, cookie) = counted();
    let session = carried(&manager, &cookie, 1);
    let held = session.get().unwrap();
    session.update(|counted| counted.0 = 8).unwrap();
    assert_eq!((held.0, session.get().unwrap().0), (7, 8));
}

#[test]
fn while_a_change_is_made_the_session_shows_what_it_was() {
    let manager = logins();
    let session = carried(&manager, &begun(&manager, login(7), 0), 1);
    let user = || session.get().unwrap().user;
    let seen = session.update(|login| {
        login.user = 8;
        (user(), user())
    });
    assert_eq!((seen, user()), (Ok((7, 7)), 8));
}

#[test]
fn a_change_that_panics_or_conflicts_leaves_the_session_as_it_was() {
    let manager = logins();
    let session = carried(&manager, &begun(&manager, login(7), 0), 1);
    let panics = || {
        session.update(|login| -> () {
            login.user = 8;
            panic!("in the middle")
        })
    };
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    assert_eq!(session.get().unwrap().user, 7);
    let conflicts = session.update(|login| {
        login.user = 9;
        session.update(|login| login.user = 10)
    });
    assert_eq!((conflicts, session.get().unwrap().user), (Err(SessionError::Conflict), 10));
}

#[test]
fn data_that_reads_once_and_then_no_more_is_no_session() {
    let (manager, cookie) = counted();
    let session = carried(&manager, &cookie, 1000);
    GOES_WELL.set(2);
    // One reading when it is opened, one when it was written; nothing changed, so what is there is still in the payload only.
    session.update(|_| ()).unwrap();
    assert_eq!((session.get().map(|counted| counted.0), session.refusal()), (None, Some(Refusal::Payload)));
    assert!(sent(&manager, &session, 1000).is_empty(), "though a renewal was due");
}
