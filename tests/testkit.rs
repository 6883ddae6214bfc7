//! The test kit: its time, its cookies, and what it reads from responses.

use crate::common;

use common::{NOW, Plain, at, value};
use hardtack::{
    Policy, Session, SessionData, SessionManager,
    testing::{CookieJar, TestKit, Written},
};
use serde::{Deserialize, Serialize};
use time::Duration;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

/// The kit's secret, which is no secret.
const SECRET: [u8; 32] = *b"hardtack test kit: known to all!";
const ADA: Login = Login { user: 7 };

/// What an application with the kit's keys and clock answers when it does this with a request's session.
#[track_caller]
fn answer(kit: &TestKit, cookie: &str, act: impl FnOnce(&Session<Login>)) -> Vec<String> {
    let manager = SessionManager::<Login>::builder(kit.keyring()).clock(kit.clock()).build().unwrap();
    let session = manager.load([cookie.as_bytes()], kit.now());
    act(&session);
    manager.commit(&session, false, kit.now()).unwrap()
}

#[test]
fn time_begins_at_a_fixed_instant_and_moves_for_every_clock_of_the_kit() {
    let kit = TestKit::new();
    let (clock, clone) = (kit.clock(), kit.clone());
    assert_eq!((kit.now(), clock.now()), (at(0), at(0)));
    kit.advance(Duration::seconds(90));
    assert_eq!((kit.now(), clock.now(), clone.clock().now()), (at(90), at(90), at(90)));
    clone.set_now(at(-5));
    assert_eq!((kit.now(), clock.now()), (at(-5), at(-5)));
}

#[test]
fn a_cookie_is_a_session_begun_now() {
    let kit = TestKit::new();
    kit.advance(Duration::seconds(10));
    let cookie = kit.cookie(&ADA);
    assert!(cookie.starts_with("__Host-login=E") && !cookie.contains(';'), "{cookie}");
    let plain = Plain::open(value(&cookie), &SECRET, "__Host-login", "");
    assert_eq!((plain.flags, plain.schema, &plain.payload[3..]), (0, 1, &[7][..]));
    let times = [plain.created_at, plain.issued_at, plain.expires_at, plain.ends_at];
    assert_eq!(times, [NOW + 10, NOW + 10, NOW + 10 + 1800, NOW + 10 + 43_200]);
    assert_ne!(kit.cookie(&ADA), cookie, "another session");
}

#[test]
fn a_cookie_can_be_told_more() {
    let cookie = TestKit::new().cookie_with(&ADA, |session| session.remember(true).unwrap());
    let plain = Plain::open(value(&cookie), &SECRET, "__Host-login", "");
    assert_eq!((plain.flags, plain.expires_at - NOW, plain.ends_at - NOW), (1, 7 * 86_400, 30 * 86_400));
}

#[test]
fn purpose_and_policy_are_those_of_the_application() {
    let kit = TestKit::new().purpose("shop").policy(Policy::default().idle_timeout(Duration::minutes(5)));
    let plain = Plain::open(value(&kit.cookie(&ADA)), &SECRET, "__Host-login", "shop");
    assert_eq!(plain.expires_at, NOW + 300);
}

#[test]
fn an_application_knows_the_kits_cookie_until_the_kits_time_ends_it() {
    let kit = TestKit::new();
    let cookie = kit.cookie(&ADA);
    kit.advance(Duration::seconds(1799));
    answer(&kit, &cookie, |session| assert_eq!(session.get().as_deref(), Some(&ADA)));
    kit.advance(Duration::SECOND);
    answer(&kit, &cookie, |session| assert_eq!(session.get(), None));
}

#[test]
fn a_response_is_opened() {
    let kit = TestKit::new();
    let set_cookies = answer(&kit, "", |session| session.begin(Login { user: 9 }).unwrap());
    assert_eq!(kit.open::<Login>(&set_cookies), Some(Login { user: 9 }));
    let claims = kit.claims::<Login>(&set_cookies).unwrap();
    assert_eq!((claims.created_at(), claims.ends_at(), claims.remembered()), (at(0), at(43_200), false));
}

#[test]
fn a_response_that_sets_nothing_or_removes_the_cookie_holds_no_session() {
    let kit = TestKit::new();
    let cookie = kit.cookie(&ADA);
    let removed = answer(&kit, &cookie, Session::end);
    assert_eq!(removed.len(), 1);
    for set_cookies in [removed, Vec::new(), vec!["__Host-login2=x".to_owned(), "theme=__Host-login=x".to_owned()]] {
        assert_eq!((kit.open::<Login>(&set_cookies), kit.claims::<Login>(&set_cookies)), (None, None));
    }
}

#[test]
fn the_last_of_several_counts_among_those_of_its_name() {
    let kit = TestKit::new();
    let [one, two] = [1, 2].map(|user| kit.cookie(&Login { user }));
    let cart = kit.cookie(&Cart { items: vec![5] });
    let removal = "__Host-login=; Path=/; Max-Age=0".to_owned();
    assert_eq!(kit.open::<Login>(&vec![&one, &two, &cart]), Some(Login { user: 2 }));
    assert_eq!(kit.open::<Cart>(&vec![&one, &two, &cart]), Some(Cart { items: vec![5] }));
    assert_eq!(kit.open::<Login>(&vec![&removal, &one]), Some(Login { user: 1 }));
    assert_eq!(kit.open::<Login>(&vec![&one, &removal]), None);
}

#[test]
#[should_panic(expected = "the cookie __Host-login of the response does not open: idle for too long")]
fn a_cookie_that_does_not_open_fails_the_test() {
    let kit = TestKit::new();
    let set_cookies = answer(&kit, "", |session| session.begin(ADA).unwrap());
    kit.advance(Duration::minutes(31));
    let _ = kit.open::<Login>(&set_cookies);
}

#[test]
fn a_response_that_removes_the_cookie_is_told_from_one_that_does_not_mention_it() {
    let kit = TestKit::new();
    let removed = answer(&kit, &kit.cookie(&ADA), Session::end);
    assert_eq!(kit.written::<Login>(&removed), Written::Removal);
    assert_eq!(kit.written::<Login>(&Vec::<String>::new()), Written::Nothing);
    assert_eq!(kit.written::<Login>(&vec![kit.cookie(&Cart { items: vec![5] })]), Written::Nothing);
    assert_eq!(kit.written::<Login>(&vec![kit.cookie(&ADA)]), Written::Session(ADA));
}

#[test]
#[should_panic(expected = "This kit's purpose is \"\": set the application's by TestKit::purpose")]
fn another_purpose_than_the_applications_is_named() {
    let cookie = TestKit::new().purpose("shop").cookie(&ADA);
    let _ = TestKit::new().open::<Login>(&vec![cookie]);
}

#[test]
#[should_panic(expected = "give its layer .clock(kit.clock())")]
fn another_clock_than_the_applications_is_named() {
    let (kit, late) = (TestKit::new(), TestKit::new());
    late.advance(Duration::minutes(31));
    let _ = late.open::<Login>(&vec![kit.cookie(&ADA)]);
}

#[test]
#[should_panic(expected = "build its layer with kit.keyring()")]
fn other_keys_than_the_applications_are_named() {
    let manager = SessionManager::<Login>::new(hardtack::Keyring::generate().unwrap()).unwrap();
    let session = manager.load([], at(0));
    session.begin(ADA).unwrap();
    let _ = TestKit::new().open::<Login>(&manager.commit(&session, false, at(0)).unwrap());
}

#[test]
fn a_jar_keeps_what_responses_set_until_they_remove_it() {
    let kit = TestKit::new();
    let mut jar = CookieJar::new();
    assert_eq!((jar.header().as_str(), jar.is_empty()), ("", true));
    jar.put(&kit.cookie(&Cart { items: vec![5] }));
    jar.store(&answer(&kit, "", |session| session.begin(ADA).unwrap()));
    let both = jar.header();
    assert!(both.starts_with("__Host-cart=E") && both.contains("; __Host-login=E"), "{both}");
    assert_eq!((kit.open::<Login>(&jar), kit.open::<Cart>(&jar)), (Some(ADA), Some(Cart { items: vec![5] })));

    jar.store(&answer(&kit, &both, |session| session.update(|login| login.user = 8).unwrap()));
    assert_eq!((kit.open::<Login>(&jar), jar.header().matches("__Host-login=").count()), (Some(Login { user: 8 }), 1));
    jar.store(&answer(&kit, &jar.header(), Session::end));
    assert_eq!((jar.value("__Host-login"), jar.value("__Host-cart").is_some()), (None, true));
    assert_eq!(format!("{jar:?}"), "{\"__Host-cart\"}");
}

#[test]
fn a_jar_tells_cookies_apart_as_browsers_do() {
    let mut jar = CookieJar::new();
    jar.store(&vec!["a=1; Path=/", "a=2; Path=/app", "a=3; Domain=shop.example", "b=4; Max-Age=60"]);
    assert_eq!(jar.header(), "a=1; a=2; a=3; b=4");
    jar.store(&vec!["a=5; domain=.Shop.Example; path=/", "a=; Max-Age=0; Path=/app"]);
    assert_eq!((jar.header().as_str(), jar.value("a")), ("a=1; b=4; a=5", Some("5")));
    jar.store(&vec!["b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]);
    assert_eq!((jar.header().as_str(), jar.value("b")), ("a=1; a=5", None));
}

#[test]
#[should_panic(expected = "no session of __Host-cart: ")]
fn data_that_does_not_fit_fails_the_test() {
    let _ = TestKit::new().cookie(&Cart { items: vec![u32::MAX; 1000] });
}

#[test]
#[should_panic(expected = "no session of __Host-login: it was ended")]
fn a_session_that_was_ended_fails_the_test() {
    let _ = TestKit::new().cookie_with(&ADA, Session::end);
}

#[cfg(all(feature = "tower", feature = "actix-web"))]
#[test]
fn headers_of_either_framework_are_read() {
    let kit = TestKit::new();
    let cookies = [1, 2].map(|user| kit.cookie(&Login { user }));
    let mut ours = axum::http::HeaderMap::new();
    let mut actix = actix_web::http::header::HeaderMap::new();
    assert_eq!((kit.open::<Login>(&ours), kit.open::<Login>(&actix)), (None, None));
    for cookie in &cookies {
        ours.append("set-cookie", cookie.parse().unwrap());
        actix.append(actix_web::http::header::SET_COOKIE, cookie.parse().unwrap());
    }
    assert_eq!((kit.open(&ours), kit.open(&actix)), (Some(Login { user: 2 }), Some(Login { user: 2 })));
}
