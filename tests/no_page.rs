//! Requests whose answer nobody sees: `HEAD`, and pages that are fetched ahead. They take no message and are no activity.

use crate::common;

use actix_web::{App, HttpResponse, test::TestRequest, web};
use axum::{
    Router,
    http::{Method, Request},
    routing::any,
};
use common::{
    Hands, Plain, SECRET, ring,
    steps::{Login, begun, login, logins},
    value, web as axum_web,
};
use hardtack::{
    Flash, Messages, Session, SessionError, SessionManager, Verdict, actix::SessionMiddleware, tower::SessionLayer,
};

/// A request, and whether it shows a page.
type Row = (&'static str, &'static [(&'static str, &'static str)], bool);

const ROWS: &[Row] = &[
    ("GET", &[], true),
    ("POST", &[], true),
    ("HEAD", &[], false),
    // Browsers: speculation rules, and Chromium's own guesses.
    ("GET", &[("sec-purpose", "prefetch")], false),
    ("GET", &[("sec-purpose", "prefetch;prerender")], false),
    ("GET", &[("sec-purpose", "prefetch;anonymous-client-ip")], false),
    ("GET", &[("sec-purpose", "prerender")], false),
    ("GET", &[("sec-purpose", "other, prefetch ; prerender")], false),
    ("GET", &[("sec-purpose", "PREFETCH")], false),
    // Turbo, and browsers of before.
    ("GET", &[("x-sec-purpose", "prefetch")], false),
    ("GET", &[("purpose", "prefetch")], false),
    ("GET", &[("x-moz", "prefetch")], false),
    ("GET", &[("x-purpose", "preview")], false),
    // Other purposes, known or not.
    ("GET", &[("sec-purpose", "")], true),
    ("GET", &[("sec-purpose", "navigate")], true),
    ("GET", &[("sec-purpose", "no-prefetch")], true),
    ("GET", &[("sec-purpose", "prefetched")], true),
    ("GET", &[("sec-purpose", "other;prefetch")], true),
    ("GET", &[("sec-purpose", "other=prefetch")], true),
    ("GET", &[("x-requested-with", "prefetch")], true),
];

/// Half of the idle window of a login and of the messages is used: a renewal is due.
const DUE: i64 = 900;

fn manager<T: hardtack::SessionData>() -> SessionManager<T> {
    SessionManager::builder(ring()).clock(Hands::default().clock()).build().unwrap()
}

/// The cookies of somebody who is logged in and has one message waiting.
fn cookies() -> String {
    let messages = manager::<Flash>().load([], common::at(0));
    messages.info("saved").unwrap();
    let flash = common::steps::written(&manager(), &messages, 0);
    format!("{}; {}", begun(&logins(), login(7), 0), common::pair(&flash))
}

/// What a page says of itself, in a header since `HEAD` has no body: the messages it shows, and how many are left.
fn page(login: &Session<Login>, messages: &Messages) -> String {
    let shown: Vec<_> = messages.show().iter().map(|message| message.text.clone()).collect();
    let left = messages.get().map_or(0, |flash| flash.messages().len());
    format!("{:?} {shown:?} {left}", login.get().map(|login| login.user))
}

/// What the page said, and the names of the cookies that its response sets.
type Outcome = (String, Vec<String>);

fn names<'a>(set_cookies: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<_> =
        set_cookies.into_iter().map(|cookie| cookie.split('=').next().unwrap().to_owned()).collect();
    names.sort();
    names
}

async fn in_axum((method, headers, _): &Row) -> Outcome {
    let hands = Hands::default();
    hands.set(DUE);
    let handler = |login: Session<Login>, messages: Messages| async move { [("x-page", page(&login, &messages))] };
    let app = Router::new()
        .route("/", any(handler))
        .layer(SessionLayer::<Login>::builder(ring()).clock(hands.clock()).build().unwrap())
        .layer(SessionLayer::<Flash>::builder(ring()).clock(hands.clock()).build().unwrap());
    let mut request = Request::builder().uri("/").method(Method::from_bytes(method.as_bytes()).unwrap());
    for (name, value) in *headers {
        request = request.header(*name, *value);
    }
    let reply = axum_web::send(&app, request, &cookies()).await;
    (reply.headers["x-page"].to_str().unwrap().to_owned(), names(reply.cookies()))
}

async fn in_actix((method, headers, _): &Row) -> Outcome {
    let hands = Hands::default();
    hands.set(DUE);
    let handler = |login: Session<Login>, messages: Messages| async move {
        HttpResponse::Ok().insert_header(("x-page", page(&login, &messages))).finish()
    };
    let app = App::new()
        .wrap(SessionMiddleware::<Login>::builder(ring()).clock(hands.clock()).build().unwrap())
        .wrap(SessionMiddleware::<Flash>::builder(ring()).clock(hands.clock()).build().unwrap())
        .route("/", web::to(handler));
    let app = actix_web::test::init_service(app).await;
    let mut request = TestRequest::with_uri("/").method(method.parse().unwrap());
    for header in *headers {
        request = request.insert_header(*header);
    }
    let reply = common::actix::send(&app, common::actix::with_cookie(request, &cookies()).to_request()).await;
    (reply.values("x-page")[0].to_owned(), names(reply.cookies()))
}

#[tokio::test]
async fn a_request_that_shows_no_page_takes_no_message_and_renews_nothing() {
    for row in ROWS {
        let expected = if row.2 {
            (r#"Some(7) ["saved"] 0"#.to_owned(), vec!["__Host-flash".to_owned(), "__Host-login".to_owned()])
        } else {
            (r#"Some(7) ["saved"] 1"#.to_owned(), vec![])
        };
        assert_eq!(in_axum(row).await, expected, "axum, {row:?}");
        assert_eq!(in_actix(row).await, expected, "actix-web, {row:?}");
    }
}

/// How many cookies a prefetch sets, at a time when a renewal is due, if its handler does this.
async fn written(act: fn(&Session<Login>, &Messages) -> Result<(), SessionError>) -> usize {
    let hands = Hands::default();
    hands.set(DUE);
    let handler = move |login: Session<Login>, messages: Messages| async move { act(&login, &messages) };
    let app = Router::new()
        .route("/", any(handler))
        .layer(SessionLayer::<Login>::builder(ring()).clock(hands.clock()).build().unwrap())
        .layer(SessionLayer::<Flash>::builder(ring()).clock(hands.clock()).build().unwrap());
    let request = axum_web::get("/").header("sec-purpose", "prefetch");
    axum_web::send(&app, request, &cookies()).await.cookies().len()
}

#[tokio::test]
async fn explicit_verbs_act_as_ever() {
    assert_eq!(written(|_, _| Ok(())).await, 0, "a control");
    assert_eq!(written(|login, _| login.begin(Login { user: 8 })).await, 1);
    assert_eq!(written(|login, _| login.update(|login| login.user = 8)).await, 1);
    assert_eq!(written(|login, _| login.update(|login| login.user = 7)).await, 0);
    assert_eq!(written(|login, _| login.cycle()).await, 1);
    assert_eq!(written(|login, _| login.renew()).await, 1);
    assert_eq!(written(|login, _| login.try_end()).await, 1);
    assert_eq!(written(|_, messages| messages.info("more")).await, 1);
    assert_eq!(written(|_, messages| messages.try_end()).await, 1);
}

#[tokio::test]
async fn a_message_that_is_pushed_by_a_request_without_a_page_waits_for_the_next() {
    let app = Router::new()
        .route(
            "/",
            any(async |messages: Messages| {
                messages.info("pushed").unwrap();
                [("x-shown", messages.show().len().to_string())]
            }),
        )
        .layer(SessionLayer::<Flash>::builder(ring()).clock(Hands::default().clock()).build().unwrap());
    let reply = axum_web::send(&app, Request::head("/"), "").await;
    assert_eq!(reply.headers["x-shown"], "1");
    let opened = Plain::open(value(reply.cookie()), &SECRET, "__Host-flash", "");
    // One message: its level, and its text.
    assert_eq!(opened.data(), b"\x01\x01\x06pushed");
}

#[tokio::test]
async fn a_check_of_the_user_that_is_due_renews_nothing_either() {
    let hands = Hands::default();
    hands.set(DUE);
    let layer = SessionLayer::<Login>::builder(ring())
        .clock(hands.clock())
        .recheck_after(time::Duration::minutes(1))
        .check_user(async |_, _| Ok(Verdict::Valid));
    let app = Router::new()
        .route("/", any(async |login: Session<Login>| login.get().is_some().to_string()))
        .layer(layer.build().unwrap());
    let cookie = begun(&logins(), login(7), 0);
    let reply = axum_web::send(&app, Request::head("/"), &cookie).await;
    assert_eq!((reply.status.as_u16(), reply.cookies().len()), (200, 0));
    let reply = axum_web::send(&app, Request::get("/"), &cookie).await;
    assert_eq!((reply.text(), reply.cookies().len()), ("true", 1), "a control");
}
