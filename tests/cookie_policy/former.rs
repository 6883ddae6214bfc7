//! Names that a cookie had before.

use hardtack::{KnownCookie, Refusal, Session, SessionManager};

use crate::cookie_policy::{
    Shop, build,
    common::{
        NOW, OTHER, Plain, SECRET, at, keys,
        layout::Value,
        pair,
        steps::{begun, carried, sent, set},
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
    build(|builder| {
        builder
            .former_cookie(KnownCookie::named("old-shop"), at(600))
            .former_cookie(KnownCookie::named("older-shop"), at(300))
    })
    .unwrap()
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
    let set_cookie = set(&manager, &session, 10);
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
    let set_cookie = set(&manager, &session, 599);
    assert_eq!(read(&carried(&manager, pair(&set_cookie), 600)), Some(1));
}

#[test]
fn a_change_is_written_under_the_present_name() {
    let manager = renamed();
    let session = carried(&manager, &older(1, 0), 10);
    session.update(|shop| shop.0.push(2)).unwrap();
    assert_eq!(plain(&set(&manager, &session, 10)).data(), [2, 1, 2]);
}

#[test]
fn a_cookie_that_only_this_host_can_set_decides_over_others_in_any_order() {
    let manager = renamed();
    let mut cookies = [new(3, 0), old(2, 50), older(1, 90)];
    for _ in 0..3 {
        cookies.rotate_left(1);
        assert_eq!(read(&carried(&manager, &cookies.join("; "), 100)), Some(3));
    }
}

#[test]
fn two_sessions_under_names_that_a_sibling_host_can_plant_are_none() {
    let manager = renamed();
    for header in [[old(2, 50), older(1, 90)], [older(1, 90), old(2, 50)]] {
        let session = carried(&manager, &header.join("; "), 100);
        assert_eq!((read(&session), session.refusal()), (None, Some(Refusal::ConflictingCookies)));
    }
}

#[test]
fn a_prefixed_cookie_decides_even_if_it_is_refused_or_held() {
    let manager = renamed();
    let held = begun(&SessionManager::<Shop>::new(keys(&[OTHER])).unwrap(), Shop(vec![3]), 0);
    for (cookie, reason) in [
        ("__Host-shop=garbage".to_owned(), Refusal::Encoding),
        (held, Refusal::UnknownKey),
        (new(2, -1800), Refusal::IdleTimeout),
        (vec![new(2, 0); 5].join("; "), Refusal::TooManyCookies),
    ] {
        let session = carried(&manager, &format!("{}; {cookie}", old(1, 0)), 0);
        assert_eq!((read(&session), session.refusal()), (None, Some(reason)));
    }
    // An empty value is what some clients keep of a removal, however many there are. Behind them, one with a value decides.
    for count in [1, 2, 4, 5, 9] {
        let empty = vec!["__Host-shop="; count].join("; ");
        assert_eq!(read(&carried(&manager, &format!("{}; {empty}", old(1, 0)), 0)), Some(1), "{count}");
        let behind = carried(&manager, &format!("{}; {empty}; __Host-shop=garbage", old(1, 0)), 0);
        assert_eq!(read(&behind), None, "{count}");
    }
}

/// The same session under its former name, sealed at another time.
#[track_caller]
fn moved_back(cookie: &str, data: u8, seconds: i64) -> String {
    let plain = Plain::open(value(cookie), &SECRET, "__Host-shop", "");
    let issued_at = NOW.checked_add_signed(seconds).unwrap();
    let plain = Plain {
        issued_at,
        expires_at: issued_at + 1800,
        payload: Value::Seq(vec![Value::U8(data)]).payload(),
        ..plain
    };
    format!("old-shop={}", plain.seal(&SECRET, "old-shop", ""))
}

#[test]
fn a_later_token_of_the_same_session_counts_under_a_former_name_too() {
    let manager = renamed();
    let session = carried(&manager, &new(2, 0), 50);
    session.update(|shop| shop.0 = vec![3]).unwrap();
    let present = pair(&set(&manager, &session, 50)).to_owned();
    for (seconds, data) in [(49, 3), (50, 3), (51, 4)] {
        let header = format!("{}; {present}", moved_back(&present, 4, seconds));
        assert_eq!(read(&carried(&manager, &header, 60)), Some(data), "{seconds}");
    }
    // A session that is over still has a name.
    let expired = new(3, -1800);
    assert_eq!(read(&carried(&manager, &format!("{expired}; {}", moved_back(&expired, 4, -10)), 0)), Some(4));
    let session = carried(&manager, &format!("{expired}; {}", old(4, -10)), 0);
    assert_eq!((read(&session), session.refusal()), (None, Some(Refusal::IdleTimeout)));
}

#[test]
fn planted_cookies_of_a_former_name_do_not_push_ours_out() {
    let manager = renamed();
    let present = new(3, 0);
    let planted = vec![old(9, 5); 5].join("; ");
    assert_eq!(read(&carried(&manager, &format!("{planted}; {present}"), 10)), Some(3));
    // Nor do they hide a later token of ours.
    let header = format!("{}; {}; {present}", old(9, 8), moved_back(&present, 4, 5));
    assert_eq!(read(&carried(&manager, &header, 10)), Some(4));
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
        assert_eq!(plain(&set_cookies[2]).data(), [1, 9]);
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
    let manager =
        build::<Shop>(|builder| builder.former_cookie(KnownCookie::named("old-shop"), at(600)).partitioned()).unwrap();
    let session = carried(&manager, &old(1, 0), 0);
    session.end();
    let partitioned = |removal: &str| format!("{removal}; Partitioned");
    let removals = [REMOVE_OLD.to_owned(), REMOVE.to_owned(), partitioned(REMOVE)];
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

/// Both names can be planted by a sibling host.
#[track_caller]
fn plantable() -> SessionManager<Shop> {
    build(|builder| builder.cookie_name("shop").former_cookie(KnownCookie::named("old-shop"), at(600))).unwrap()
}

#[test]
fn whoever_plants_twins_and_a_session_of_their_own_logs_nobody_in() {
    named!(Present, "shop");
    let of = |data| begun(&build::<Present>(|b| b).unwrap(), Present(vec![data]), 0);
    let manager = plantable();
    let (victim, planted) = (of(1), old(9, 0));
    let twin = format!("{victim}; {}; {planted}", of(9));
    let session = carried(&manager, &twin, 5);
    assert_eq!((read(&session), session.refusal()), (None, Some(Refusal::ConflictingCookies)));
    let flood = format!("{victim}; shop=a; shop=b; shop=c; shop=d; {planted}");
    let session = carried(&manager, &flood, 5);
    assert_eq!((read(&session), session.refusal()), (None, Some(Refusal::TooManyCookies)));
    // And by the other name.
    let session = carried(&manager, &format!("{}; {}; {}", old(1, 0), old(9, 1), of(9)), 5);
    assert_eq!((read(&session), session.refusal()), (None, Some(Refusal::ConflictingCookies)));
}

#[test]
fn of_two_sessions_that_are_over_the_later_is_named() {
    let manager = renamed();
    let session = carried(&manager, &new(2, -1900), -1850);
    session.update(|shop| shop.0 = vec![3]).unwrap();
    let (earlier, later) = (new(2, -4000), pair(&set(&manager, &session, -1850)).to_owned());
    let of_later = moved_back(&later, 4, -10);
    for twins in [format!("{earlier}; {later}"), format!("{later}; {earlier}")] {
        assert_eq!(read(&carried(&manager, &format!("{twins}; {of_later}"), 0)), Some(4));
    }
}
