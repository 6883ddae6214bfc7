//! Names at run time, plain http by configuration, cookies that another service shares, and purposes that change.

use std::sync::{Arc, Mutex};

use hardtack::{Event, KnownCookie, Refusal, Session, SessionManager};

use crate::cookie_policy::{
    Manager, Shop, build,
    common::{
        Plain, SECRET, at,
        jar::{Jar, Page},
        pair,
        steps::{begun, carried, sent, set},
        value,
    },
};

fn read(session: &Session<Shop>) -> Option<u8> {
    session.get().map(|shop| shop.0[0])
}

fn before() -> KnownCookie {
    KnownCookie::named("shop").domain("shop.example")
}

/// A login at the sibling that writes `shop; Domain=shop.example`.
#[track_caller]
fn of_the_sibling(data: u8) -> String {
    begun(&build::<Shop>(|b| b.cookie_name("shop").domain("shop.example")).unwrap(), Shop(vec![data]), 0)
}

#[test]
fn a_name_at_run_time_is_the_name_of_header_and_key() {
    let manager = build::<Shop>(|b| b.cookie_name("shop-staging")).unwrap();
    let cookie = begun(&manager, Shop(vec![1]), 0);
    let (name, token) = cookie.split_once('=').unwrap();
    assert_eq!(name, "shop-staging");
    assert_eq!(Plain::open(token, &SECRET, "shop-staging", "").data(), [1, 1]);
    assert_eq!(read(&carried(&manager, &cookie, 0)), Some(1));
    let production = build::<Shop>(|b| b).unwrap();
    assert!(carried(&production, &cookie, 0).get().is_none());
    // Renamed by hand it does not open: the name is in the key.
    let renamed = format!("__Host-shop={token}");
    assert_eq!(carried(&production, &renamed, 0).refusal(), Some(Refusal::Authentication));
}

#[test]
fn two_instances_on_one_host_leave_each_other_alone() {
    // Browsers send a cookie to every port of a host.
    let page = Page::https("box.example", "/");
    let mut jar = Jar::default();
    let instances = ["__Host-shop-a", "__Host-shop-b"].map(|name| build::<Shop>(|b| b.cookie_name(name)).unwrap());
    let mut visit = |instance: usize, act: &dyn Fn(&Session<Shop>)| {
        let session = instances[instance].load([jar.sent_to(page).as_bytes()], at(0));
        let shown = read(&session);
        act(&session);
        jar.receive(page, sent(&instances[instance], &session, 0));
        shown
    };
    visit(0, &|session| session.begin(Shop(vec![1])).unwrap());
    visit(1, &|session| session.begin(Shop(vec![2])).unwrap());
    assert_eq!(visit(0, &Session::end), Some(1));
    assert_eq!((visit(0, &|_| ()), visit(1, &|_| ())), (None, Some(2)));
}

#[test]
fn plain_http_leaves_out_secure_and_the_prefix_and_has_a_name_of_its_own() {
    for name in ["__Host-shop", "__Secure-shop", "shop"] {
        let manager = build::<Shop>(|b| b.cookie_name(name).insecure_plain_http()).unwrap();
        let session = manager.load([], at(0));
        session.begin(Shop(vec![1])).unwrap();
        let set_cookie = set(&manager, &session, 0);
        let (pair, attributes) = set_cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax");
        assert!(pair.starts_with("shop-http="), "{pair}");
        assert_eq!(read(&carried(&manager, pair, 0)), Some(1));
    }
}

#[test]
fn plain_http_and_https_on_one_host_do_not_get_into_each_others_way() {
    let https = build::<Shop>(|b| b.cookie_name("shop")).unwrap();
    let http = build::<Shop>(|b| b.cookie_name("shop").insecure_plain_http()).unwrap();
    let mut jar = Jar::default();
    for (manager, page, data) in
        [(&https, Page::https("box.example", "/"), 1), (&http, Page::http("box.example", "/"), 2)]
    {
        let session = manager.load([jar.sent_to(page).as_bytes()], at(0));
        session.begin(Shop(vec![data])).unwrap();
        jar.receive(page, sent(manager, &session, 0));
        let session = manager.load([jar.sent_to(page).as_bytes()], at(1));
        assert_eq!(read(&session), Some(data));
    }
    let page = Page::http("box.example", "/");
    let session = http.load([jar.sent_to(page).as_bytes()], at(2));
    session.end();
    jar.receive(page, sent(&http, &session, 2));
    assert_eq!(jar.names(), ["shop"]);
}

#[test]
fn without_secure_a_known_cookie_is_removed_by_a_header_that_browsers_keep() {
    let configure = |b: Manager<Shop>| {
        b.same_site(hardtack::SameSite::None).also_known(KnownCookie::named("old").insecure_without_secure())
    };
    let manager = build(configure).unwrap();
    let session = manager.load([], at(0));
    session.end();
    // SameSite=None without Secure would be dropped.
    assert_eq!(sent(&manager, &session, 0)[0], "old=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    // Over https, without Secure by choice, a cookie with Secure can be removed.
    let configure =
        |b: Manager<Shop>| b.cookie_name("shop").insecure_without_secure().also_known(KnownCookie::named("old"));
    assert!(build(configure).is_ok());
}

#[test]
fn plain_http_is_an_event_at_start_up() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let observer = move |event: &Event<'_>| {
        heard.lock().unwrap().push(format!("{} {}", event.kind.name(), event.cookie));
    };
    build::<Shop>(|b| b.observer(observer).insecure_plain_http()).unwrap();
    assert_eq!(*told.lock().unwrap(), ["plain_http shop-http"]);
}

#[test]
fn a_shared_cookie_opens_and_only_begin_end_and_a_new_id_remove_it() {
    let manager = build::<Shop>(|b| b.former_cookie(before().shared(), at(100_000))).unwrap();
    let cookie = of_the_sibling(1);
    let removal = "shop=; Path=/; Domain=shop.example; Max-Age=0; Secure; HttpOnly; SameSite=Lax";
    // Read, and at half of its idle window: nothing is copied into the present name.
    for seconds in [0, 1_000] {
        let session = carried(&manager, &cookie, seconds);
        assert_eq!(read(&session), Some(1));
        assert_eq!(sent(&manager, &session, seconds), [""; 0]);
    }
    let changed = carried(&manager, &cookie, 0);
    changed.update(|shop| shop.0.push(2)).unwrap();
    let set_cookies = sent(&manager, &changed, 0);
    assert!(set_cookies.len() == 1 && set_cookies[0].starts_with("__Host-shop="), "{set_cookies:?}");
    let acts: [fn(&Session<Shop>); 4] = [
        |session| session.begin(Shop(vec![3])).unwrap(),
        |session| session.cycle().unwrap(),
        |session| session.reauthenticate().unwrap(),
        Session::end,
    ];
    for act in acts {
        let session = carried(&manager, &cookie, 0);
        act(&session);
        let set_cookies = sent(&manager, &session, 0);
        assert_eq!((set_cookies.len(), set_cookies[0].as_str()), (2, removal));
    }
}

#[test]
fn a_renewal_that_a_handler_asks_for_takes_a_shared_session_over() {
    let manager = build::<Shop>(|b| b.former_cookie(before().shared(), at(100_000))).unwrap();
    let session = carried(&manager, &of_the_sibling(1), 10);
    session.renew().unwrap();
    let set_cookies = sent(&manager, &session, 10);
    assert!(set_cookies.len() == 1 && set_cookies[0].starts_with("__Host-shop="), "{set_cookies:?}");
}

#[test]
fn a_former_purpose_opens_until_its_date_and_moves() {
    let old = build::<Shop>(|b| b.purpose("old")).unwrap();
    let cookie = begun(&old, Shop(vec![1]), 0);
    let manager = build::<Shop>(|b| b.purpose("new").former_purpose("old", at(600))).unwrap();
    let session = carried(&manager, &cookie, 599);
    assert_eq!(read(&session), Some(1));
    let moved = set(&manager, &session, 599);
    assert_eq!(Plain::open(value(&moved), &SECRET, "__Host-shop", "new").data(), [1, 1]);
    assert_eq!(carried(&manager, &cookie, 600).refusal(), Some(Refusal::Authentication));
    // One that is known moves with the next write only.
    let knows = build::<Shop>(|b| b.purpose("old").also_known_purpose("new")).unwrap();
    let session = carried(&knows, pair(&moved), 700);
    assert_eq!(read(&session), Some(1));
    assert_eq!(sent(&knows, &session, 700), [""; 0]);
}

#[test]
fn a_begin_removes_a_shared_cookie_that_did_not_open() {
    let manager = build::<Shop>(|b| b.former_cookie(before().shared(), at(100_000))).unwrap();
    let session = carried(&manager, "shop=garbage", 0);
    session.begin(Shop(vec![3])).unwrap();
    let set_cookies = sent(&manager, &session, 0);
    assert!(set_cookies.len() == 2 && set_cookies[0].starts_with("shop=; "), "{set_cookies:?}");
}

#[test]
fn beside_a_shared_cookie_the_later_of_the_two_counts() {
    // What RULES of one session say, and what docs/COOKIES.md warns of: the sibling's renewal hides the change made here.
    let manager = build::<Shop>(|b| b.former_cookie(before().shared(), at(100_000))).unwrap();
    let sibling = build::<Shop>(|b| b.cookie_name("shop").domain("shop.example")).unwrap();
    let shared = of_the_sibling(1);
    let session = carried(&manager, &shared, 10);
    session.update(|shop| shop.0 = vec![2]).unwrap();
    let own = pair(&set(&manager, &session, 10)).to_owned();
    assert_eq!(read(&carried(&manager, &format!("{shared}; {own}"), 20)), Some(2));
    let session = carried(&sibling, &shared, 1000);
    assert_eq!(read(&session), Some(1));
    let renewed = pair(&set(&sibling, &session, 1000)).to_owned();
    assert_eq!(read(&carried(&manager, &format!("{renewed}; {own}"), 1010)), Some(1));
}

#[test]
fn the_reason_is_that_of_the_purpose_that_a_token_is_authentic_under() {
    let cookie = begun(&build::<Shop>(|b| b.purpose("old")).unwrap(), Shop(vec![1]), 0);
    let manager = build::<Shop>(|b| b.purpose("new").former_purpose("old", at(100_000))).unwrap();
    assert_eq!(carried(&manager, &cookie, 1800).refusal(), Some(Refusal::IdleTimeout));
    // Of the present purpose, too: the former one is not asked about it.
    let present = begun(&build::<Shop>(|b| b.purpose("new")).unwrap(), Shop(vec![1]), 0);
    assert_eq!(carried(&manager, &present, 1800).refusal(), Some(Refusal::IdleTimeout));
    let foreign = begun(&build::<Shop>(|b| b.purpose("third")).unwrap(), Shop(vec![1]), 0);
    assert_eq!(carried(&manager, &foreign, 0).refusal(), Some(Refusal::Authentication));
}

#[test]
fn former_purposes_and_former_names_go_together() {
    let old = build::<Shop>(|b| b.cookie_name("shop").purpose("old")).unwrap();
    let cookie = begun(&old, Shop(vec![1]), 0);
    let configure = |b: Manager<Shop>| {
        b.purpose("new").former_purpose("old", at(600)).former_cookie(KnownCookie::named("shop"), at(600))
    };
    let manager: SessionManager<Shop> = build(configure).unwrap();
    assert_eq!(read(&carried(&manager, &cookie, 1)), Some(1));
    let both = begun(&build::<Shop>(|b| b.purpose("old")).unwrap(), Shop(vec![2]), 0);
    assert_eq!(read(&carried(&manager, &both, 1)), Some(2));
}

#[test]
fn a_login_that_cannot_be_remembered_is_not_sent_by_half() {
    use hardtack::SessionError;
    let manager = build::<Shop>(|b| b.padding_block(1)).unwrap();
    let full = || {
        let session = manager.load([], at(0));
        session.begin(Shop(vec![0; 2000])).unwrap();
        let left = session.bytes_left().unwrap();
        session.update(|shop| shop.0.resize(2000 + left, 0)).unwrap();
        assert!(matches!(session.remember(true), Err(SessionError::TooLarge { limit: 4096, .. })));
        session
    };
    // The handler answers with the error: no cookie goes with it. Without, the response is an error.
    assert_eq!(manager.commit(&full(), true, at(0)).unwrap(), [""; 0]);
    assert!(matches!(manager.commit(&full(), false, at(0)), Err(SessionError::TooLarge { .. })));
    // Other verbs do not make it whole.
    let others: [fn(&Session<Shop>); 4] = [
        |session| session.cycle().unwrap(),
        |session| session.update(|shop| shop.0[0] = 1).unwrap(),
        |session| session.reauthenticate().unwrap(),
        |session| session.renew().unwrap(),
    ];
    for verb in others {
        let session = full();
        verb(&session);
        assert!(matches!(manager.commit(&session, false, at(0)), Err(SessionError::TooLarge { .. })));
    }
    // A second call does, or another login.
    let session = full();
    session.begin(Shop(vec![1])).unwrap();
    assert_eq!(sent(&manager, &session, 0).len(), 1);
    let session = full();
    session.update(|shop| shop.0.truncate(100)).unwrap();
    session.remember(true).unwrap();
    assert!(set(&manager, &session, 0).contains("; Max-Age=604800"));
    let session = full();
    session.end();
    assert_eq!(sent(&manager, &session, 0).len(), 1);
}

#[test]
fn what_fits_a_smaller_head_is_known() {
    let manager = build::<Shop>(|b| b.padding_block(1)).unwrap();
    let session = manager.load([], at(0));
    session.begin(Shop(vec![0; 200])).unwrap();
    let left = session.bytes_left_for(2048).unwrap();
    assert_eq!(session.bytes_left_for(4096), session.bytes_left());
    assert_eq!(session.bytes_left_for(9999), session.bytes_left());
    assert_eq!(session.bytes_left_for(10), Some(0));
    session.update(|shop| shop.0.resize(200 + left, 0)).unwrap();
    assert_eq!(session.bytes_left_for(2048), Some(0));
    let cookie = set(&manager, &session, 0);
    // The name, and the value without the = between them.
    assert!((2040..=2049).contains(&pair(&cookie).len()), "{}", pair(&cookie).len());
}

#[test]
fn removals_count_in_what_a_response_head_takes() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let observer = move |event: &Event<'_>| {
        if event.kind.name() == "large_cookie" {
            heard.lock().unwrap().push(format!("{:?}", event.kind));
        }
    };
    let manager = build::<Shop>(|b| {
        let b = b.padding_block(1).observer(observer).response_head(300);
        b.former_cookie(KnownCookie::named("old"), at(600))
    });
    let manager = manager.unwrap();
    let cookie = begun(&manager, Shop(vec![1]), 0);
    // Name and value, and "Set-Cookie: old=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax" with its line end.
    let size = cookie.len() - 1 + 12 + 55 + 2;
    assert_eq!(*told.lock().unwrap(), [format!("LargeCookie {{ size: {size} }}")]);
}
