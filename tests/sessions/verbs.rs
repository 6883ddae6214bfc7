//! Each verb by itself.

use std::cell::Cell;

use hardtack::{SessionData, SessionError, SessionManager};
use serde::{Deserialize, Deserializer, Serialize};

use crate::sessions::{
    SHOP_BYTES, begun, carried,
    common::{NOW, Plain, SECRET, at, ring, token},
    manager, plain, remembered, sent, shop, shop_payload, user, written,
};

const NAME: &str = "__Host-shop";

#[test]
fn without_a_cookie_there_is_no_session() {
    let manager = manager();
    for cookies in [vec![], vec!["theme=dark"], vec!["a=1; __Host-shops=2", "b=3"]] {
        let session = manager.load(cookies.iter().map(|cookie| cookie.as_bytes()), at(0));
        assert!(session.get().is_none());
        assert!(session.claims().is_none());
        assert!(session.key_id().is_none());
        assert!(session.refusal().is_none());
        assert!(sent(&manager, &session, 0).is_empty());
    }
}

#[test]
fn what_begins_is_read_at_once() {
    let manager = manager();
    let session = manager.load([], at(0));
    session.begin(shop()).unwrap();
    assert_eq!(*session.get().unwrap(), shop());
    let claims = session.claims().unwrap();
    assert_eq!((claims.created_at(), claims.ends_at()), (at(0), at(43_200)));
    assert_eq!((claims.remembered(), claims.schema()), (false, 1));
    assert_eq!(session.key_id().unwrap().as_bytes(), &token::key_id(&SECRET));
}

#[test]
fn what_begins_is_sealed_as_the_format_says() {
    let manager = manager();
    let session = manager.load([], at(0));
    session.begin(shop()).unwrap();
    let set_cookie = written(&manager, &session, 0);
    let id = *session.claims().unwrap().session_id().as_bytes();
    let expected = Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: id,
        payload: shop_payload(1),
        extensions: None,
    };
    assert_eq!(plain(&set_cookie), expected);
    let (head, attributes) = set_cookie.split_once("; ").unwrap();
    assert!(head.starts_with("__Host-shop=E"), "{head}");
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax");
}

#[test]
fn the_next_request_reads_it() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 100);
    assert_eq!(*session.get().unwrap(), shop());
    let claims = session.claims().unwrap();
    assert_eq!((claims.created_at(), claims.ends_at()), (at(0), at(43_200)));
    assert_eq!((claims.issued_at(), claims.expires_at()), (at(0), at(1800)));
    assert_eq!(session.key_id().unwrap().as_bytes(), &token::key_id(&SECRET));
    assert_eq!(session.refusal(), None);
}

#[test]
fn begin_brings_a_new_id_and_all_times() {
    let manager = manager();
    let cookie = remembered(&manager, shop(), 0);
    let session = carried(&manager, &cookie, 5000);
    let before = session.claims().unwrap();
    session.begin(user(2)).unwrap();
    let after = plain(&written(&manager, &session, 5001));
    assert_ne!(&after.session_id, before.session_id().as_bytes());
    assert_eq!((after.created_at, after.ends_at), (NOW + 5000, NOW + 5000 + 43_200));
    assert_eq!((after.issued_at, after.expires_at), (NOW + 5001, NOW + 5001 + 1800));
    assert_eq!((after.flags, after.data()), (0, vec![2, 0]));
}

#[test]
fn update_changes_the_data_and_keeps_the_rest() {
    let manager = manager();
    let cookie = begun(&manager, shop(), 0);
    let session = carried(&manager, &cookie, 60);
    let items = session.update(|shop| {
        shop.user = 9;
        shop.baskets["a"].items.len()
    });
    assert_eq!(items, Ok(2));
    assert_eq!(session.get().unwrap().user, 9);
    let expected =
        Plain { payload: shop_payload(9), issued_at: NOW + 61, expires_at: NOW + 61 + 1800, ..plain(&cookie) };
    assert_eq!(plain(&written(&manager, &session, 61)), expected);
}

#[test]
fn update_or_default_begins_where_there_is_nothing() {
    let manager = manager();
    let session = manager.load([], at(0));
    assert_eq!(session.update_or_default(|shop| shop.user = 3), Ok(()));
    let written = plain(&written(&manager, &session, 0));
    assert_eq!((written.data(), written.created_at, written.ends_at), (vec![3, 0], NOW, NOW + 43_200));
}

#[test]
fn update_or_default_updates_where_there_is_a_session() {
    let manager = manager();
    let cookie = begun(&manager, shop(), 0);
    let session = carried(&manager, &cookie, 0);
    assert_eq!(session.update_or_default(|shop| shop.user = 3), Ok(()));
    let written = plain(&written(&manager, &session, 0));
    assert_eq!(written.session_id, plain(&cookie).session_id);
    assert_eq!(written.data(), [&[3], &SHOP_BYTES[1..]].concat());
}

#[test]
fn cycle_brings_a_new_id_only() {
    let manager = manager();
    for cookie in [begun(&manager, shop(), 0), remembered(&manager, shop(), 0)] {
        let before = plain(&cookie);
        let session = carried(&manager, &cookie, 100);
        session.cycle().unwrap();
        assert_eq!(*session.get().unwrap(), shop());
        let after = plain(&written(&manager, &session, 100));
        assert_ne!(after.session_id, before.session_id);
        let window = before.expires_at - before.issued_at;
        let (issued_at, expires_at) = (NOW + 100, NOW + 100 + window);
        assert_eq!(after, Plain { session_id: after.session_id, issued_at, expires_at, ..before });
    }
}

#[test]
fn carried_extensions_stay_until_a_session_begins() {
    let manager = manager();
    let arrived = Plain {
        flags: 2,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: shop_payload(1),
        extensions: Some(vec![0x80, 2, 7, 8, 0xff, 0]),
    };
    let cookie = format!("{NAME}={}", arrived.seal(&SECRET, NAME, ""));
    let kept = |act: &dyn Fn(&hardtack::Session<crate::sessions::Shop>), seconds| {
        let session = carried(&manager, &cookie, seconds);
        act(&session);
        let written = plain(&written(&manager, &session, seconds));
        (written.flags, written.extensions)
    };
    let all = (2, Some(vec![0x80, 2, 7, 8, 0xff, 0]));
    assert_eq!(kept(&|session| session.update(|shop| shop.user = 2).unwrap(), 0), all);
    assert_eq!(kept(&|session| session.cycle().unwrap(), 0), all);
    assert_eq!(kept(&|session| assert!(session.get().is_some()), 900), all, "a renewal");
    assert_eq!(kept(&|session| session.begin(shop()).unwrap(), 0), (0, None));
}

#[test]
fn end_removes_the_cookie() {
    let manager = manager();
    let cookie = begun(&manager, shop(), 0);
    for cookie in [&*cookie, "__Host-shop=garbage", ""] {
        let session = carried(&manager, cookie, 100);
        session.end();
        assert!(session.get().is_none());
        assert!(session.claims().is_none());
        let removal = "__Host-shop=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(written(&manager, &session, 100), removal);
    }
}

#[test]
fn remember_makes_a_persistent_cookie_with_the_longer_pair() {
    let manager = manager();
    let session = manager.load([], at(0));
    session.begin(shop()).unwrap();
    session.remember(true).unwrap();
    let claims = session.claims().unwrap();
    assert!(claims.remembered());
    assert_eq!(claims.ends_at(), at(2_592_000));
    let set_cookie = written(&manager, &session, 0);
    let attributes = set_cookie.split_once("; ").unwrap().1;
    assert_eq!(attributes, "Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Lax");
    let plain = plain(&set_cookie);
    assert_eq!((plain.flags, plain.ends_at, plain.expires_at), (1, NOW + 2_592_000, NOW + 604_800));
}

#[test]
fn remember_can_be_taken_back_and_keeps_the_rest() {
    let manager = manager();
    let session = manager.load([], at(0));
    session.begin(shop()).unwrap();
    let id = session.claims().unwrap().session_id();
    session.remember(true).unwrap();
    session.update(|shop| shop.user = 2).unwrap();
    session.remember(false).unwrap();
    assert_eq!(session.claims().unwrap().session_id(), id);
    assert_eq!((session.claims().unwrap().remembered(), session.claims().unwrap().ends_at()), (false, at(43_200)));
    let set_cookie = written(&manager, &session, 0);
    assert!(!set_cookie.contains("Max-Age"), "{set_cookie}");
    assert_eq!(plain(&set_cookie).data()[0], 2);
}

#[test]
fn beginning_again_forgets_to_remember() {
    let manager = manager();
    let session = manager.load([], at(0));
    session.begin(shop()).unwrap();
    session.remember(true).unwrap();
    session.begin(shop()).unwrap();
    assert_eq!(plain(&written(&manager, &session, 0)).flags, 0);
}

#[test]
fn only_what_was_begun_here_can_be_remembered() {
    let manager = manager();
    let cookie = begun(&manager, shop(), 0);
    for cookie in ["", &*cookie] {
        let session = carried(&manager, cookie, 0);
        assert_eq!(session.remember(true), Err(SessionError::NotBegun));
        assert!(sent(&manager, &session, 0).is_empty());
    }
    let session = carried(&manager, &cookie, 0);
    session.begin(shop()).unwrap();
    session.end();
    assert_eq!(session.remember(true), Err(SessionError::NotBegun));
}

#[test]
fn there_is_nothing_to_update_or_cycle_without_a_session() {
    let manager = manager();
    let session = manager.load([], at(0));
    assert_eq!(session.update(|shop| shop.user = 2), Err(SessionError::NoSession));
    assert_eq!(session.cycle(), Err(SessionError::NoSession));
    assert!(session.get().is_none());
    assert!(sent(&manager, &session, 0).is_empty());
}

#[test]
fn clones_are_one_session() {
    let manager = manager();
    let session = manager.load([], at(0));
    let clone = session.clone();
    session.begin(user(4)).unwrap();
    assert_eq!(clone.get().unwrap().user, 4);
    clone.update(|shop| shop.user = 5).unwrap();
    assert_eq!(session.get().unwrap().user, 5);
    assert_eq!(plain(&written(&manager, &session, 0)).data(), [5, 0]);
    assert_eq!(clone.update(|_| ()), Err(SessionError::HeadersSent));
}

thread_local! {
    static DECODED: Cell<u32> = const { Cell::new(0) };
}

#[derive(Debug, PartialEq, Serialize)]
struct Counted(u64);

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DECODED.set(DECODED.get() + 1);
        u64::deserialize(deserializer).map(Self)
    }
}

impl SessionData for Counted {
    const COOKIE: &'static str = "__Host-counted";
}

#[test]
fn nothing_opens_before_its_first_use_and_once_is_enough() {
    let manager = SessionManager::<Counted>::new(ring()).unwrap();
    let cookie = begun(&manager, Counted(7), 0);
    DECODED.set(0);
    // Half of the idle window is used: a session that was looked at would be renewed.
    let session = carried(&manager, &cookie, 900);
    let clone = session.clone();
    assert_eq!(DECODED.get(), 0);
    assert_eq!(sent(&manager, &session, 900), Vec::<String>::new());
    assert_eq!(DECODED.get(), 0);
    assert_eq!(clone.get().as_deref(), Some(&Counted(7)));
    assert_eq!((session.get().is_some(), session.claims().is_some(), session.refusal()), (true, true, None));
    assert_eq!(DECODED.get(), 1);
}
