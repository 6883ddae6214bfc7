//! What `update` notices, and what its closure may do.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread,
};

use hardtack::{Session, SessionData, SessionError, SessionManager};
use serde::{Deserialize, Serialize, Serializer};

use crate::sessions::{
    SHOP_BYTES, Shop, begun, carried,
    common::{at, ring},
    manager, plain, sent, shop, user, written,
};

#[test]
fn unchanged_is_unwritten() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 0);
    session.update(|_| ()).unwrap();
    session.update(|data| *data = shop()).unwrap();
    session.update_or_default(|data| data.baskets.get_mut("a").unwrap().items[1] = 11).unwrap();
    assert!(sent(&manager, &session, 0).is_empty());
}

#[test]
fn a_nested_edit_is_noticed() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 0);
    session.update(|data| data.baskets.get_mut("a").unwrap().items[1] = 12).unwrap();
    assert_eq!(session.get().unwrap().baskets["a"].items, [10, 12]);
    assert_eq!(plain(&written(&manager, &session, 0)).data(), [1, 1, 1, b'a', 2, 10, 12]);
}

#[test]
fn there_and_back_again_is_unwritten() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, user(1), 0), 0);
    session.update(|shop| shop.user = 2).unwrap();
    session.update(|shop| shop.user = 1).unwrap();
    assert_eq!(session.get().unwrap().user, 1);
    assert!(sent(&manager, &session, 0).is_empty());
}

#[test]
fn there_and_back_again_leaves_a_renewal_and_explicit_verbs_alone() {
    let manager = manager();
    let cookie = begun(&manager, user(1), 0);
    let back_and_forth = |session: &Session<Shop>| {
        session.update(|shop| shop.user = 2).unwrap();
        session.update(|shop| shop.user = 1).unwrap();
    };
    let renewed = carried(&manager, &cookie, 900);
    back_and_forth(&renewed);
    assert_eq!(plain(&written(&manager, &renewed, 900)).data(), [1, 0]);

    let cycled = carried(&manager, &cookie, 0);
    cycled.cycle().unwrap();
    back_and_forth(&cycled);
    assert_ne!(plain(&written(&manager, &cycled, 0)).session_id, plain(&cookie).session_id);

    let begun = manager.load([], at(0));
    begun.update_or_default(|shop| shop.user = 1).unwrap();
    back_and_forth(&begun);
    assert_eq!(plain(&written(&manager, &begun, 0)).data(), [1, 0]);
}

/// Runs `write` inside of an update's closure on a live session, and says how that update ended.
fn within(write: impl FnOnce(&Session<Shop>)) -> (Result<(), SessionError>, Option<Shop>) {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 0);
    let result = session.update(|shop| {
        shop.user = 99;
        write(&session);
    });
    (result, session.get().as_deref().cloned())
}

#[test]
fn another_write_during_the_closure_is_a_conflict_and_stays() {
    let conflict = Err(SessionError::Conflict);
    assert_eq!(within(|session| session.begin(user(2)).unwrap()), (conflict, Some(user(2))));
    assert_eq!(within(|session| session.cycle().unwrap()), (conflict, Some(shop())));
    assert_eq!(within(Session::end), (conflict, None));
    let inner = |session: &Session<Shop>| session.update(|shop| shop.user = 3).unwrap();
    assert_eq!(within(inner), (conflict, Some(Shop { user: 3, ..shop() })));
}

#[test]
fn what_a_conflict_left_out_is_not_written() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 0);
    let result = session.update(|shop| {
        shop.user = 99;
        session.update(|shop| shop.user = 3).unwrap();
    });
    assert_eq!(result, Err(SessionError::Conflict));
    assert_eq!(plain(&written(&manager, &session, 0)).data(), [&[3], &SHOP_BYTES[1..]].concat());
}

#[test]
fn reading_during_the_closure_works_and_is_no_conflict() {
    let changed = Some(Shop { user: 99, ..shop() });
    let reads = |session: &Session<Shop>| {
        assert_eq!(*session.get().unwrap(), shop(), "the change is not there yet");
        assert_eq!(session.claims().unwrap().created_at(), at(0));
        assert!(session.key_id().is_some() && session.refusal().is_none());
    };
    assert_eq!(within(reads), (Ok(()), changed.clone()));
    assert_eq!(within(|session| session.update(|_| ()).unwrap()), (Ok(()), changed));
}

#[test]
fn a_write_on_another_thread_is_a_conflict_and_no_deadlock() {
    let conflict = within(|session| {
        let (done, wait) = mpsc::channel();
        let session = session.clone();
        thread::spawn(move || done.send(session.update(|shop| shop.user = 3)));
        assert_eq!(wait.recv(), Ok(Ok(())));
    });
    assert_eq!(conflict, (Err(SessionError::Conflict), Some(Shop { user: 3, ..shop() })));
}

#[test]
fn a_response_that_leaves_during_the_closure_is_an_error() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 0);
    let result = session.update(|shop| {
        shop.user = 99;
        assert!(sent(&manager, &session, 0).is_empty());
    });
    assert_eq!(result, Err(SessionError::HeadersSent));
    assert_eq!(*session.get().unwrap(), shop());
}

#[test]
fn a_panic_in_the_closure_leaves_the_session_usable() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 0);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        session.update(|shop| {
            shop.user = 99;
            panic!("in the closure");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(*session.get().unwrap(), shop());
    session.update(|shop| shop.user = 2).unwrap();
    assert_eq!(plain(&written(&manager, &session, 0)).data()[0], 2);
}

/// Panics while it is encoded, if its number is 13.
#[derive(Debug, PartialEq, Deserialize)]
struct Unlucky(u64);

impl Serialize for Unlucky {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        assert_ne!(self.0, 13, "unlucky");
        self.0.serialize(serializer)
    }
}

impl SessionData for Unlucky {
    const COOKIE: &'static str = "__Host-unlucky";
}

#[test]
fn a_panic_while_encoding_leaves_the_session_usable() {
    let manager = SessionManager::<Unlucky>::new(ring()).unwrap();
    let session = manager.load([], at(0));
    session.begin(Unlucky(12)).unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| session.begin(Unlucky(13)))).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| session.update(|number| number.0 = 13))).is_err());
    assert_eq!(session.get().as_deref(), Some(&Unlucky(12)));
    session.update(|number| number.0 = 14).unwrap();
    let cookie = written(&manager, &session, 0);
    assert_eq!(carried(&manager, crate::common::pair(&cookie), 0).get().as_deref(), Some(&Unlucky(14)));
}

/// A type that postcard writes and cannot read back: the absent field leaves no trace.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Skipping {
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon: Option<u32>,
    user: u64,
}

impl SessionData for Skipping {
    const COOKIE: &'static str = "__Host-skipping";
}

#[test]
fn what_cannot_be_read_back_fails_at_the_first_write() {
    let manager = SessionManager::<Skipping>::new(ring()).unwrap();
    let session = manager.load([], at(0));
    assert_eq!(session.begin(Skipping { coupon: None, user: 7 }), Err(SessionError::NotReadable));
    assert_eq!(session.update_or_default(|data| data.user = 7), Err(SessionError::NotReadable));
    assert!(session.get().is_none());
    assert!(sent(&manager, &session, 0).is_empty());
    let session = manager.load([], at(0));
    session.begin(Skipping { coupon: Some(3), user: 7 }).unwrap();
    assert_eq!(session.update(|data| data.coupon = None), Err(SessionError::NotReadable));
    assert_eq!(session.get().as_deref(), Some(&Skipping { coupon: Some(3), user: 7 }));
}

/// A type that cannot be encoded at all.
#[derive(Deserialize)]
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

impl SessionData for Unwritable {
    const COOKIE: &'static str = "__Host-unwritable";
}

#[test]
fn what_cannot_be_encoded_fails_at_the_first_write() {
    let manager = SessionManager::<Unwritable>::new(ring()).unwrap();
    let session = manager.load([], at(0));
    assert_eq!(session.begin(Unwritable), Err(SessionError::Encode));
    assert!(session.get().is_none());
    assert!(sent(&manager, &session, 0).is_empty());
}
