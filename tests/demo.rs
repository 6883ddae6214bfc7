//! The demonstration under requests that no browser makes of its forms. `scripts/browser` plays what browsers do.

use crate::common;

#[allow(dead_code, reason = "its main")]
#[path = "../examples/demo/main.rs"]
mod demonstration;

use axum::{
    Router,
    body::Body,
    http::{StatusCode, header, request::Builder},
};

use common::web::{self, Reply};

const FORM: &str = "application/x-www-form-urlencoded";

fn service() -> Router {
    demonstration::app::app().unwrap()
}

/// A request to this host, of a page that it serves.
fn here(request: Builder) -> Builder {
    request.header(header::HOST, "127.0.0.1:3000").header("sec-fetch-site", "same-origin")
}

async fn send(service: &Router, request: Builder, cookie: &str, body: impl Into<Body>) -> Reply {
    let request = if cookie.is_empty() { request } else { request.header(header::COOKIE, cookie) };
    web::read(web::unread(service, request.body(body.into()).unwrap()).await).await
}

async fn get(service: &Router, path: &str, cookie: &str) -> Reply {
    send(service, here(web::get(path)), cookie, "").await
}

async fn post(service: &Router, path: &str, cookie: &str, form: impl Into<Body>) -> Reply {
    send(service, here(web::post(path)), cookie, form).await
}

/// The cookies that a response leaves a browser with, as it sends them back.
fn cookies(reply: &Reply) -> String {
    let pairs = reply.cookies().into_iter().map(common::pair);
    pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
}

/// The session's cookie among those that a response sets.
fn session(reply: &Reply) -> Option<&str> {
    reply.cookies().into_iter().map(common::pair).rfind(|pair| pair.starts_with("__Host-demo="))
}

#[tokio::test]
async fn a_form_of_a_megabyte_is_refused_before_it_is_read() {
    let service = service();
    for path in ["/login", "/ahead"] {
        let reply = post(&service, path, "", format!("name={0}&minutes={0}", "1".repeat(1_000_000))).await;
        assert_eq!((reply.status, session(&reply)), (StatusCode::PAYLOAD_TOO_LARGE, None), "{path}");
    }
}

#[tokio::test]
async fn forms_without_their_fields_are_refused() {
    let service = service();
    let forms = [
        ("/login", ""),
        ("/login", "remember=yes"),
        ("/ahead", ""),
        ("/ahead", "minutes="),
        ("/ahead", "minutes=soon"),
        ("/ahead", "minutes=-10"),
        ("/ahead", "minutes=65536"),
    ];
    for (path, form) in forms {
        let reply = post(&service, path, "", form).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {form}");
        assert!(reply.cookies().is_empty(), "{path} {form}");
    }
}

#[tokio::test]
async fn a_form_that_is_no_form_is_refused() {
    let service = service();
    let json = here(web::get("/login")).method("POST").header(header::CONTENT_TYPE, "application/json");
    let reply = send(&service, json, "", r#"{"name":"Ada"}"#).await;
    assert_eq!((reply.status, session(&reply)), (StatusCode::UNSUPPORTED_MEDIA_TYPE, None));
    let untyped = here(web::get("/login")).method("POST");
    let reply = send(&service, untyped, "", "name=Ada").await;
    assert_eq!((reply.status, session(&reply)), (StatusCode::UNSUPPORTED_MEDIA_TYPE, None));
    assert_eq!(get(&service, "/login", "").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_name_has_1_to_40_characters() {
    let service = service();
    let forty = "%C3%84".repeat(40);
    for (form, begins) in [
        ("name=".to_owned(), false),
        ("name=+++".to_owned(), false),
        (format!("name={forty}"), true),
        (format!("name={forty}x"), false),
        (format!("name={}", "x".repeat(10_000)), false),
    ] {
        let reply = post(&service, "/login", "", form.clone()).await;
        assert_eq!(redirect(&reply), (303, "/"), "{form}");
        assert_eq!(session(&reply).is_some(), begins, "{form}");
        if !begins {
            let page = get(&service, "/", &cookies(&reply)).await;
            assert!(page.text().contains("A name has 1 to 40 characters. Nobody was logged in."), "{form}");
        }
    }
}

fn redirect(reply: &Reply) -> (u16, &str) {
    (reply.status.as_u16(), reply.location())
}

#[tokio::test]
async fn html_in_a_name_is_shown_as_text() {
    let service = service();
    let form = "name=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%26amp;%7B%7Bx%7D%7D";
    let reply = post(&service, "/login", "", form).await;
    let page = get(&service, "/", &cookies(&reply)).await;
    assert_eq!(page.status, StatusCode::OK);
    let shown = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;amp;{{x}}";
    assert!(page.text().contains(&format!("Hello, {shown}")));
    assert!(!page.text().contains("<script>"));
}

#[tokio::test]
async fn html_in_a_cookie_or_in_the_address_is_not_shown_as_html() {
    let service = service();
    let paths = ["/?try=%3Cb%3E", "/?thief=%3Cb%3E", "/?confirm=%3Cb%3E", "/?other=%3Cb%3E"];
    for path in paths {
        let page = get(&service, path, "__Host-demo=<b>; __Host-flash=<b>").await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text().contains("<b>"), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_attempt_shows_the_page_without_a_result() {
    let service = service();
    let page = get(&service, "/?try=everything", "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("id=\"result\""));
    assert_eq!(get(&service, "/?try=tag&try=nonce", "").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(get(&service, "/events?after=soon", "").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_forged_cookie_is_explained_to_the_operator_and_ends_nothing() {
    let service = service();
    let stranger = hardtack::Sealer::new(
        &common::ring(),
        &hardtack::Context::cookie("__Host-demo", "").unwrap(),
        hardtack::Policy::default(),
    )
    .unwrap();
    let now = time::OffsetDateTime::now_utc();
    let claims = stranger.begin(1, false, now).unwrap();
    let binding = hardtack::Binding::default();
    let token = stranger.seal(&claims, b"forged", binding, now, &mut hardtack::Scratch::new()).unwrap();
    let page = get(&service, "/", &format!("__Host-demo={token}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("<strong>UnknownKey</strong>"));
    assert!(page.text().contains("Who are you?"));
    assert_eq!(session(&page), None);
}

#[tokio::test]
async fn acts_need_a_session() {
    let service = service();
    for path in ["/visit", "/renew", "/message", "/transfer", "/confirm", "/logout-everywhere"] {
        let scripted = here(web::post(path)).header(header::ACCEPT, "application/json");
        let reply = send(&service, scripted, "__Host-demo=AAAA", "").await;
        assert_eq!((reply.status, session(&reply)), (StatusCode::UNAUTHORIZED, None), "{path}");
        let navigated = here(web::post(path)).header("sec-fetch-mode", "navigate").header(header::ACCEPT, "text/html");
        let reply = send(&service, navigated, "", "").await;
        assert_eq!(redirect(&reply), (303, "/"), "{path}");
    }
}

#[tokio::test]
async fn another_site_cannot_press_a_button() {
    let service = service();
    let paths = ["/login", "/logout", "/rotate", "/ahead", "/thief/copy", "/thief/empty"];
    for path in paths {
        let request = web::get(path).method("POST").header(header::HOST, "127.0.0.1:3000");
        let request = request.header(header::CONTENT_TYPE, FORM).header("sec-fetch-site", "cross-site");
        let reply = send(&service, request, "", "name=Ada&minutes=10").await;
        assert_eq!((reply.status, session(&reply)), (StatusCode::FORBIDDEN, None), "{path}");
    }
}

#[tokio::test]
async fn a_host_that_is_not_this_machine_is_not_answered() {
    let service = service();
    for host in ["demo.example", "demo.example:3000", "127.0.0.1.example", "127.0.0.1@demo.example", "", ":3000"] {
        let request = web::get("/").header(header::HOST, host);
        let reply = send(&service, request, "", "").await;
        assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    for host in ["127.0.0.1", "127.0.0.1:3000", "localhost:3000", "[::1]:3000", "[::1]"] {
        let request = web::get("/").header(header::HOST, host);
        assert_eq!(send(&service, request, "", "").await.status, StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn reasons_are_on_the_page_and_on_no_route_of_the_service() {
    let service = service();
    assert_eq!(get(&service, "/reason", "__Host-demo=AAAA").await.status, StatusCode::NOT_FOUND);
    let with = get(&service, "/account", "__Host-demo=AAAA").await;
    let without = get(&service, "/account", "").await;
    assert_eq!((with.status, &with.headers, &with.body), (without.status, &without.headers, &without.body));
}
