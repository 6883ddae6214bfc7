//! Names that a cookie had before.

use hardtack::{Refusal, Session, SessionManager};

use crate::{
    Shop, build,
    common::{
        NOW, OTHER, Plain, SECRET, at, keys, pair,
        steps::{begun, carried, sent, written},
        value,
    },
    named,
};

named!(Old, "old-shop");
named!(Older, "older-shop");

const REMOVE_OLD: &str = "old-shop=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";
const REMOVE_OLDER: &str = "older-shop=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";
const REMOVE: &str = "__Host-shop=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";

/// Renamed from `older-shop` to `old-shop` to `__Host-shop`; the former names open until 600 and 300.
#[track_caller]
fn renamed() -> SessionManager<Shop> {
    build(|builder| builder.former_name("old-shop", at(600)).former_name("older-shop", at(300))).unwrap()
}

/// A cookie of the days before.
#[track_caller]
fn old(data: u8, seconds: i64) -> String {
    begun(&build::<Old>(|builder| builder).unwrap(), Old(vec![data]), seconds)
}

#[track_caller]
fn older(data: u8, seconds: i64) -> String {
    begun(&build::<Older>(|builder| builder).unwrap(), Older(vec![data]), seconds)
}

#[track_caller]
fn new(data: u8, seconds: i64) -> String {
    begun(&build::<Shop>(|builder| builder).unwrap(), Shop(vec![data]), seconds)
}

fn read(session: &Session<Shop>) -> Option<u8> {
    session.get().map(|shop| shop.0[0])
}

/// What a cookie of the present name holds, by the second implementation.
#[track_caller]
fn plain(set_cookie: &str) -> Plain {
    assert!(set_cookie.starts_with("__Host-shop="), "{set_cookie}");
    Plain::open(value(set_cookie), &SECRET, "__Host-shop", "")
}

#[test]
fn a_cookie_of_a_former_name_opens_until_its_date() {
    let manager = renamed();
    for (cookie, last) in [(old(1, 0), 599), (older(1, 0), 299)] {
        assert_eq!(read(&carried(&manager, &cookie, last)), Some(1));
        let past = carried(&manager, &cookie, last + 1);
        assert_eq!((read(&past), past.refusal()), (None, None), "as if it were not there");
        assert!(sent(&manager, &past, last + 1).is_empty());
    }
    // Without the setting it never does.
    assert_eq!(read(&carried(&build::<Shop>(|builder| builder).unwrap(), &old(1, 0), 0)), None);
}

#[test]
fn a_read_writes_it_under_the_present_name_once() {
    let manager = renamed();
    let cookie = old(1, 0);
    let session = carried(&manager, &cookie, 10);
    assert_eq!(read(&session), Some(1));
    let set_cookie = written(&manager, &session, 10);
    let before = Plain::open(value(&cookie), &SECRET, "old-shop", "");
    assert_eq!(plain(&set_cookie), Plain { issued_at: NOW + 10, expires_at: NOW + 1810, ..before });
    // From now on the browser holds both.
    let both = format!("{cookie}; {}", pair(&set_cookie));
    let session = carried(&manager, &both, 20);
    assert_eq!(read(&session), Some(1));
    assert!(sent(&manager, &session, 20).is_empty());
}

#[test]
fn what_is_written_under_the_present_name_outlives_the_date() {
    let manager = renamed();
    let session = carried(&manager, &old(1, 0), 599);
    assert_eq!(read(&session), Some(1));
    let set_cookie = written(&manager, &session, 599);
    assert_eq!(read(&carried(&manager, pair(&set_cookie), 600)), Some(1));
}

#[test]
fn a_change_is_written_under_the_present_name() {
    let manager = renamed();
    let session = carried(&manager, &older(1, 0), 10);
    session.update(|shop| shop.0.push(2)).unwrap();
    assert_eq!(plain(&written(&manager, &session, 10)).payload, [2, 1, 2]);
}

#[test]
fn new_beats_old_and_old_beats_older_in_any_order() {
    let manager = renamed();
    let cookies = [(new(3, 0), Some(3)), (old(2, 50), Some(2)), (older(1, 90), Some(1))];
    for present in 0..3 {
        let mut header: Vec<&str> = cookies[present..].iter().map(|(cookie, _)| &**cookie).collect();
        for _ in 0..2 {
            header.reverse();
            assert_eq!(read(&carried(&manager, &header.join("; "), 100)), cookies[present].1, "{present}");
        }
    }
}

#[test]
fn a_cookie_of_the_present_name_counts_even_if_it_does_not_open() {
    let manager = renamed();
    let session = carried(&manager, &format!("{}; __Host-shop=garbage", old(1, 0)), 0);
    assert_eq!((read(&session), session.refusal()), (None, Some(Refusal::Encoding)));
    let expired = format!("{}; {}", old(1, 0), new(2, -1800));
    let session = carried(&manager, &expired, 0);
    assert_eq!((read(&session), session.refusal()), (None, Some(Refusal::IdleTimeout)));
}

#[test]
fn begin_removes_the_old_ones_and_then_sets_the_new_one() {
    let manager = renamed();
    // Past their dates as well: browsers may hold them for longer.
    for (cookie, seconds) in [(String::new(), 0), (old(1, 0), 0), (new(1, 0), 0), (old(1, 0), 1000)] {
        let session = carried(&manager, &cookie, seconds);
        session.begin(Shop(vec![9])).unwrap();
        let set_cookies = sent(&manager, &session, seconds);
        assert_eq!((set_cookies.len(), &set_cookies[..2]), (3, &[REMOVE_OLD.to_owned(), REMOVE_OLDER.to_owned()][..]));
        assert_eq!(plain(&set_cookies[2]).payload, [1, 9]);
    }
}

#[test]
fn end_removes_all_of_them() {
    let manager = renamed();
    for cookie in [String::new(), old(1, 0), format!("{}; {}", new(2, 0), older(1, 0))] {
        let session = carried(&manager, &cookie, 0);
        session.end();
        assert_eq!(sent(&manager, &session, 0), [REMOVE_OLD, REMOVE_OLDER, REMOVE]);
    }
}

#[test]
fn a_switch_of_partitions_and_a_new_name_leave_nothing_behind() {
    let manager = build::<Shop>(|builder| builder.former_name("old-shop", at(600)).partitioned()).unwrap();
    let session = carried(&manager, &old(1, 0), 0);
    session.end();
    let partitioned = |removal: &str| format!("{removal}; Partitioned");
    let removals = [REMOVE_OLD.to_owned(), partitioned(REMOVE_OLD), REMOVE.to_owned(), partitioned(REMOVE)];
    assert_eq!(sent(&manager, &session, 0), removals);
}

#[test]
fn a_former_cookie_is_checked_as_any_other() {
    let manager = renamed();
    let good = Plain::open(value(&old(1, 0)), &SECRET, "old-shop", "");
    let refusal = |cookie: &str, seconds| carried(&manager, cookie, seconds).refusal();
    let short = Plain { expires_at: NOW + 100, ..good.clone() };
    let short = format!("old-shop={}", short.seal(&SECRET, "old-shop", ""));
    assert_eq!((refusal(&short, 99), refusal(&short, 100)), (None, Some(Refusal::IdleTimeout)));
    // The token of another name, purpose or ring.
    let moved = format!("old-shop={}", value(&new(1, 0)));
    assert_eq!(refusal(&moved, 0), Some(Refusal::Authentication));
    let other = format!("old-shop={}", good.seal(&SECRET, "old-shop", "staging"));
    assert_eq!(refusal(&other, 0), Some(Refusal::Authentication));
    let foreign = begun(&SessionManager::<Old>::new(keys(&[OTHER])).unwrap(), Old(vec![1]), 0);
    assert_eq!(refusal(&foreign, 0), Some(Refusal::UnknownKey));
}

#[test]
fn a_cut_off_ends_former_cookies_too() {
    let manager = renamed();
    let cookie = old(1, 0);
    assert_eq!(carried(&manager, &cookie, 0).refusal(), None);
    manager.end_all(at(0)).unwrap();
    assert_eq!(carried(&manager, &cookie, 0).refusal(), Some(Refusal::Revoked));
}
