//! `Current`, and what it answers where there is no session.

use axum::{Router, http::header::ACCEPT, routing::get};
use hardtack::{Current, Session, tower::SessionLayer};

use crate::axum::{
    Login, ada,
    common::{
        Hands, ring,
        web::{self, send},
    },
};

async fn name(login: Current<Login>) -> String {
    // Kept over an await, as an Arc.
    tokio::task::yield_now().await;
    login.name.clone()
}

async fn maybe(login: Option<Current<Login>>) -> String {
    login.map_or_else(|| "nobody".to_owned(), |login| login.0.name.clone())
}

/// Asks for the session after the handler's own `Current` let the request in.
async fn both(Current(login): Current<Login>, session: Session<Login>) -> String {
    assert!(std::sync::Arc::ptr_eq(&login, &session.get().unwrap()), "one session, opened once");
    login.user.to_string()
}

#[track_caller]
fn app(sign_in: Option<&str>) -> Router {
    let builder = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock());
    let builder = match sign_in {
        Some(address) => builder.sign_in_at(address),
        None => builder,
    };
    Router::new()
        .route("/name", get(name))
        .route("/maybe", get(maybe))
        .route("/both", get(both))
        .layer(builder.build().unwrap())
}

#[tokio::test]
async fn somebody_is_let_in() {
    for sign_in in [None, Some("/login")] {
        for (path, body) in [("/name", "Ada"), ("/maybe", "Ada"), ("/both", "7")] {
            let reply = send(&app(sign_in), web::get(path).header(ACCEPT, "application/json"), &ada()).await;
            assert_eq!((reply.status.as_u16(), reply.text()), (200, body));
        }
    }
}

#[tokio::test]
async fn a_page_is_sent_to_sign_in() {
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    for accept in [None, Some(browser), Some("text/*"), Some("application/json;q=0.5 , Text/HTML ;q=1")] {
        let request = accept.into_iter().fold(web::get("/name"), |request, accept| request.header(ACCEPT, accept));
        let reply = send(&app(Some("/login?from=name")), request, "").await;
        assert_eq!((reply.status.as_u16(), reply.location()), (303, "/login?from=name"), "{accept:?}");
        assert!(reply.body.is_empty() && reply.cookies().is_empty());
    }
}

#[tokio::test]
async fn a_client_that_wants_no_page_is_told_401() {
    for accept in ["application/json", "application/json, text/plain", "*/*", "text/htmlx", ""] {
        let reply = send(&app(Some("/login")), web::get("/name").header(ACCEPT, accept), "").await;
        assert_eq!((reply.status.as_u16(), &*reply.body), (401, &b""[..]), "{accept}");
        assert!(reply.headers.get("location").is_none() && reply.cookies().is_empty());
    }
    let reply = send(&app(Some("/login")), web::get("/name").header(ACCEPT, &b"text/html\xff"[..]), "").await;
    assert_eq!(reply.status.as_u16(), 401, "an Accept that is no text");
}

#[tokio::test]
async fn without_a_sign_in_address_everybody_is_told_401() {
    for accept in ["text/html", "*/*", "application/json"] {
        let reply = send(&app(None), web::get("/name").header(ACCEPT, accept), "").await;
        assert_eq!((reply.status.as_u16(), &*reply.body), (401, &b""[..]), "{accept}");
        assert!(reply.headers.get("location").is_none());
    }
}

#[tokio::test]
async fn nobody_is_an_option() {
    for cookie in ["", "__Host-login=garbage"] {
        let reply = send(&app(Some("/login")), web::get("/maybe"), cookie).await;
        assert_eq!((reply.status.as_u16(), reply.text()), (200, "nobody"));
        assert!(reply.cookies().is_empty());
    }
}
