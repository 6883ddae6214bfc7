//! When a session is sealed anew although nobody wrote to it.

use hardtack::{Policy, SessionError, SessionManager};
use time::Duration;

use crate::sessions::{
    Shop, begun, carried,
    common::{NOW, OTHER, Plain, SECRET, at, keys, ring, token, value},
    manager, plain, remembered, sent, shop, shop_payload, written,
};

const NAME: &str = "__Host-shop";

/// What a visit that only reads is sent, at this time.
#[track_caller]
fn visit(manager: &SessionManager<Shop>, cookie: &str, seconds: i64) -> Vec<String> {
    let session = carried(manager, cookie, seconds);
    assert_eq!(session.get().as_deref(), Some(&shop()));
    sent(manager, &session, seconds)
}

#[test]
fn a_session_is_renewed_once_half_of_its_idle_window_is_used() {
    let manager = manager();
    let cookie = begun(&manager, shop(), 0);
    for seconds in [0, 1, 899] {
        assert!(visit(&manager, &cookie, seconds).is_empty(), "{seconds}");
    }
    for seconds in [900, 901, 1799] {
        let renewed = plain(&visit(&manager, &cookie, seconds)[0]);
        let issued_at = NOW + u64::try_from(seconds).unwrap();
        assert_eq!(renewed, Plain { issued_at, expires_at: issued_at + 1800, ..plain(&cookie) });
    }
}

#[test]
fn a_remembered_session_is_renewed_after_half_a_week() {
    let manager = manager();
    let cookie = remembered(&manager, shop(), 0);
    assert!(visit(&manager, &cookie, 302_399).is_empty());
    let set_cookies = visit(&manager, &cookie, 302_400);
    assert!(set_cookies[0].contains("; Max-Age=604800;"), "{set_cookies:?}");
    let (issued_at, expires_at) = (NOW + 302_400, NOW + 302_400 + 604_800);
    assert_eq!(plain(&set_cookies[0]), Plain { issued_at, expires_at, ..plain(&cookie) });
}

#[test]
fn half_of_an_odd_window_is_rounded_up() {
    let policy = Policy::default().skew(Duration::ZERO).idle_timeout(Duration::seconds(7));
    let manager = SessionManager::<Shop>::builder(ring()).policy(policy).build().unwrap();
    let cookie = begun(&manager, shop(), 0);
    assert!(visit(&manager, &cookie, 3).is_empty());
    assert_eq!(visit(&manager, &cookie, 4).len(), 1);
}

#[test]
fn a_token_that_lasts_until_the_end_is_not_renewed() {
    let manager = manager();
    let last = Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW + 41_400,
        expires_at: NOW + 43_200,
        session_id: [5; 16],
        payload: shop_payload(1),
        extensions: None,
    };
    let cookie = |plain: &Plain| format!("{NAME}={}", plain.seal(&SECRET, NAME, ""));
    for seconds in [41_400, 42_300, 43_199] {
        assert!(visit(&manager, &cookie(&last), seconds).is_empty(), "{seconds}");
    }
    let one_less = Plain { issued_at: NOW + 41_399, expires_at: NOW + 43_199, ..last };
    let renewed = plain(&visit(&manager, &cookie(&one_less), 43_198)[0]);
    assert_eq!((renewed.issued_at, renewed.expires_at), (NOW + 43_198, NOW + 43_200));
}

#[test]
fn max_age_goes_no_further_than_the_end() {
    let manager = manager();
    let day = 86_400;
    let arrived = Plain {
        flags: 1,
        schema: 1,
        created_at: NOW - 29 * day,
        ends_at: NOW + day,
        issued_at: NOW - 4 * day,
        expires_at: NOW + day,
        session_id: [5; 16],
        payload: shop_payload(1),
        extensions: None,
    };
    let session = carried(&manager, &format!("{NAME}={}", arrived.seal(&SECRET, NAME, "")), 0);
    session.update(|shop| shop.user = 2).unwrap();
    let set_cookie = written(&manager, &session, 0);
    assert!(set_cookie.contains("; Max-Age=86400;"), "{set_cookie}");
}

#[test]
fn a_session_under_an_old_key_moves_to_the_primary() {
    let cookie = begun(&manager(), shop(), 0);
    let rotated = SessionManager::<Shop>::new(keys(&[OTHER, SECRET])).unwrap();
    let session = carried(&rotated, &cookie, 1);
    assert_eq!(session.key_id().unwrap().as_bytes(), &token::key_id(&SECRET));
    let set_cookie = written(&rotated, &session, 1);
    let moved = Plain::open(value(&set_cookie), &OTHER, NAME, "");
    assert_eq!(moved, Plain { issued_at: NOW + 1, expires_at: NOW + 1801, ..plain(&cookie) });
    assert!(visit(&rotated, crate::common::pair(&set_cookie), 2).is_empty(), "once is enough");
}

#[test]
fn an_old_key_that_is_not_used_changes_nothing() {
    let rotated = SessionManager::<Shop>::new(keys(&[SECRET, OTHER])).unwrap();
    assert!(visit(&rotated, &begun(&manager(), shop(), 0), 1).is_empty());
}

#[test]
fn nothing_is_renewed_on_a_server_error() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 900);
    assert!(session.get().is_some());
    assert_eq!(manager.commit(&session, true, at(900)), Ok(vec![]));
}

#[test]
fn a_renewal_that_comes_too_late_is_left_out_and_a_write_is_an_error() {
    let policy = Policy::default().idle_timeout(Duration::hours(12));
    let manager = SessionManager::<Shop>::builder(ring()).policy(policy).build().unwrap();
    let rotated = keys(&[OTHER, SECRET]);
    let rotated = SessionManager::<Shop>::builder(rotated).build().unwrap();
    let last = Plain { expires_at: NOW + 43_200, issued_at: NOW + 41_400, ..plain(&begun(&manager, shop(), 0)) };
    let cookie = format!("{NAME}={}", last.seal(&SECRET, NAME, ""));
    let load = || {
        let session = carried(&rotated, &cookie, 43_199);
        assert!(session.get().is_some());
        session
    };
    let commit = |session| rotated.commit(&session, false, at(43_200));
    assert_eq!(commit(load()), Ok(vec![]), "the renewal to the primary key");
    let updated = load();
    updated.update(|shop| shop.user = 2).unwrap();
    assert_eq!(commit(updated), Err(SessionError::Over));
    let cycled = load();
    cycled.cycle().unwrap();
    assert_eq!(commit(cycled), Err(SessionError::Over));
    let begun = load();
    begun.begin(shop()).unwrap();
    assert_eq!(commit(begun).map(|cookies| cookies.len()), Ok(1));
}
