//! Requests that another site made: their cookie was kept away by its `SameSite`, so its absence says nothing.

use crate::common;

use actix_web::{App, test::TestRequest, web};
use axum::{
    Router,
    http::{Method, Request},
    routing::any,
};
use common::{Hands, ring, told::Told, web as axum_web};
use hardtack::{
    Builder, Layered, Level, Messages, Probe, Refusal, SameSite, Session, SessionData, SessionError, SessionManager,
    SessionMap, actix::SessionMiddleware, tower::SessionLayer,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cart(Vec<u32>);

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

/// What a request says, and whether a cookie that is `Lax` was kept away; then one that is `Strict`.
type Row = (&'static str, &'static [(&'static str, &'static str)], bool, bool);

const HOST: (&str, &str) = ("host", "shop.example:8443");

const ROWS: &[Row] = &[
    // A return from a payment page, by a form.
    ("POST", &[("sec-fetch-site", "cross-site"), NAVIGATE, DOCUMENT], true, true),
    // A link from another site, and one opened from a mail.
    ("GET", &[("sec-fetch-site", "cross-site"), NAVIGATE, DOCUMENT], false, true),
    ("HEAD", &[("sec-fetch-site", "cross-site"), NAVIGATE, DOCUMENT], false, true),
    // A frame, an image, a script's request.
    ("GET", &[("sec-fetch-site", "cross-site"), NAVIGATE, ("sec-fetch-dest", "iframe")], true, true),
    (
        "GET",
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
        true,
        true,
    ),
    ("GET", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")], true, true),
    ("GET", &[("sec-fetch-site", "cross-site")], true, true),
    // This site, a sibling host, the address bar.
    ("POST", &[("sec-fetch-site", "same-origin"), NAVIGATE, DOCUMENT], false, false),
    ("POST", &[("sec-fetch-site", "same-site"), NAVIGATE, DOCUMENT], false, false),
    ("GET", &[("sec-fetch-site", "none"), NAVIGATE, DOCUMENT], false, false),
    // What is said by Sec-Fetch-Site counts, whatever Origin says.
    ("POST", &[("sec-fetch-site", "same-origin"), ("origin", "https://pay.example"), HOST], false, false),
    // Plain http and old browsers.
    ("POST", &[("origin", "https://pay.example"), HOST], true, true),
    ("PUT", &[("origin", "https://pay.example:8443"), HOST], true, true),
    ("POST", &[("origin", "https://shop.example:8443"), HOST], false, false),
    ("POST", &[("origin", "http://Shop.Example"), HOST], false, false),
    ("POST", &[("origin", "http://[::1]:3000"), ("host", "[::1]:4000")], false, false),
    ("POST", &[("origin", "http://[::1]:3000"), ("host", "[::2]:3000")], true, true),
    ("POST", &[("origin", "null"), HOST], false, false),
    ("POST", &[HOST], false, false),
    ("GET", &[("origin", "https://pay.example"), HOST], false, false),
    ("GET", &[], false, false),
];

const NAVIGATE: (&str, &str) = ("sec-fetch-mode", "navigate");
const DOCUMENT: (&str, &str) = ("sec-fetch-dest", "document");

fn built<T: SessionData, Out: From<SessionManager<T>> + Layered>(builder: Builder<T, Out>, same_site: SameSite) -> Out {
    builder.same_site(same_site).clock(Hands::default().clock()).build().unwrap()
}

fn outcome(added: Result<(), SessionError>) -> String {
    match added {
        Err(SessionError::Held(reason)) => format!("Held({reason:?})"),
        Err(error) => error.to_string(),
        Ok(()) => "added".to_owned(),
    }
}

async fn add(cart: Session<Cart>) -> String {
    outcome(cart.update_or_default(|cart| cart.0.push(1)))
}

async fn in_axum(method: &str, headers: &[(&'static str, &'static str)], cookie: &str, same_site: SameSite) -> String {
    let layer = built(SessionLayer::<Cart>::builder(ring()), same_site);
    let app = Router::new().route("/", any(add)).layer(layer);
    let mut request = Request::builder().uri("/").method(Method::from_bytes(method.as_bytes()).unwrap());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    axum_web::send(&app, request, cookie).await.text().to_owned()
}

async fn in_actix(method: &str, headers: &[(&'static str, &'static str)], same_site: SameSite) -> String {
    let layer = built(SessionMiddleware::<Cart>::builder(ring()), same_site);
    let app = actix_web::test::init_service(App::new().wrap(layer).route("/", web::to(add))).await;
    let mut request = TestRequest::with_uri("/").method(method.parse().unwrap());
    for header in headers {
        request = request.insert_header(*header);
    }
    common::actix::send(&app, request.to_request()).await.text
}

#[tokio::test]
async fn an_absent_cookie_that_was_kept_away_is_not_replaced() {
    let name = |kept: bool| if kept { "Held(NotSent)" } else { "added" };
    for (method, headers, lax, strict) in ROWS {
        for (same_site, kept) in [(SameSite::Lax, *lax), (SameSite::Strict, *strict), (SameSite::None, false)] {
            let what = format!("{method} {headers:?} {same_site:?}");
            // A response to HEAD has no body.
            if *method != "HEAD" {
                assert_eq!(in_axum(method, headers, "", same_site).await, name(kept), "axum, {what}");
            }
            assert_eq!(in_actix(method, headers, same_site).await, name(kept), "actix-web, {what}");
        }
    }
}

#[tokio::test]
async fn a_cookie_that_came_along_counts_whatever_the_request_says() {
    let manager = SessionManager::<Cart>::builder(ring()).clock(Hands::default().clock()).build().unwrap();
    let cookie = common::steps::begun(&manager, Cart(vec![7]), 0);
    let (method, headers, ..) = ROWS[0];
    assert_eq!(in_axum(method, headers, &cookie, SameSite::Lax).await, "added");
    // Another layer's cookie is no cookie of this one.
    assert_eq!(in_axum(method, headers, "__Host-login=x", SameSite::Lax).await, "Held(NotSent)");
}

/// What a handler does with its session in a return from a payment page.
async fn returned<T: SessionData>(told: &Told, act: fn(Session<T>) -> String) -> axum_web::Reply {
    let layer = SessionLayer::<T>::builder(ring()).observer(told.clone()).clock(Hands::default().clock());
    let app = Router::new()
        .route("/", any(move |session: Session<T>| async move { act(session) }))
        .layer(layer.build().unwrap());
    let (method, headers, ..) = ROWS[0];
    let mut request = Request::builder().uri("/").method(method);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    axum_web::send(&app, request, "").await
}

#[tokio::test]
async fn begin_and_end_act_as_ever_and_other_verbs_are_held() {
    let told = Told::default();
    let reply = returned::<Cart>(&told, |cart| outcome(cart.begin(Cart(vec![1])))).await;
    assert_eq!((reply.text(), reply.cookies().len()), ("added", 1));
    let reply = returned::<Cart>(&told, |cart| outcome(cart.try_end())).await;
    assert_eq!((reply.text(), reply.cookies().len()), ("added", 1));
    told.take();
    let reply = returned::<Cart>(&told, |cart| {
        let after_end = |cart: &Session<Cart>| {
            cart.end();
            outcome(cart.update_or_default(|cart| cart.0.push(1)))
        };
        let updated = outcome(cart.update(|cart| cart.0.push(1)));
        format!("{updated} {:?} {:?} {}", cart.get(), cart.refusal(), after_end(&cart))
    });
    assert_eq!(reply.await.text(), "Held(NotSent) None Some(NotSent) added");
    let reply = returned::<SessionMap>(&told, |map| {
        let insert = outcome(map.insert("cart", &1));
        format!("{insert} {:?} {}", map.value::<u32>("cart"), outcome(map.remove("cart").map(drop)))
    });
    assert_eq!(reply.await.text(), "Held(NotSent) Ok(None) Held(NotSent)");
}

#[tokio::test]
async fn messages_can_be_pushed_and_a_probe_says_nothing() {
    let reply = returned(&Told::default(), |messages: Messages| outcome(messages.push(Level::Info, "paid"))).await;
    assert_eq!((reply.text(), reply.cookies().len()), ("added", 1));
    let reply = returned(&Told::default(), |probe: Session<Probe>| probe.worked().to_string()).await;
    assert_eq!(reply.text(), "false");
}

#[tokio::test]
async fn it_is_no_event() {
    // Every image and frame on other sites would be one.
    let told = Told::default();
    let reply = returned::<Cart>(&told, |cart| format!("{:?}", cart.refusal())).await;
    assert_eq!((reply.text(), told.take()), ("Some(NotSent)", vec![]));
    assert!(!Refusal::NotSent.is_held());
}

#[tokio::test]
async fn the_error_says_what_to_do() {
    let text = SessionError::Held(Refusal::NotSent).to_string();
    assert!(text.contains("answer with a redirect to a page of this site"), "{text}");
    assert_eq!(SessionError::Held(Refusal::NotSent).status(), 401);
}

/// What an observer is told of a session that begins in a request with these headers.
async fn told_at_login(headers: &[(&'static str, &'static str)], plain_http: bool) -> Vec<String> {
    let told = Told::default();
    let builder = SessionLayer::<Cart>::builder(ring()).clock(Hands::default().clock());
    let builder = if plain_http { builder.insecure_plain_http() } else { builder };
    let layer = builder.observer(told.clone()).build().unwrap();
    let begin = |cart: Session<Cart>| async move { cart.begin(Cart::default()) };
    let app = Router::new().route("/", any(begin)).layer(layer);
    let mut request = Request::builder().uri("/").method("POST");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    axum_web::send(&app, request, "").await;
    told.take().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_login_over_what_looks_like_plain_http_is_an_event() {
    const UPGRADE: (&str, &str) = ("upgrade-insecure-requests", "1");
    assert_eq!(told_at_login(&[UPGRADE], false).await, ["begun", "may_be_dropped", "sealed"]);
    // A trustworthy origin; a client that is no browser; a cookie without Secure.
    assert_eq!(told_at_login(&[UPGRADE, ("sec-fetch-site", "same-origin")], false).await, ["begun", "sealed"]);
    assert_eq!(told_at_login(&[], false).await, ["begun", "sealed"]);
    assert_eq!(told_at_login(&[UPGRADE], true).await, ["plain_http", "begun", "sealed"]);
}
