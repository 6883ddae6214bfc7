//! Bindings in actix-web.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use actix_web::{
    HttpRequest,
    test::TestRequest,
    web::{self, ServiceConfig},
};
use hardtack::{Current, Facts, Session, SessionError, actix::SessionMiddleware};

use crate::binding::{
    ACME, Login, bound_to,
    common::{
        Hands,
        actix_app::{Reply, ask},
        ring,
    },
    payload,
};

type Middleware = SessionMiddleware<Login>;

fn tenant(request: &HttpRequest, facts: &mut Facts) {
    facts.add("tenant", request.headers().get("tenant").map_or(&b""[..], |value| value.as_bytes()));
}

fn routes(routes: &mut ServiceConfig) {
    async fn user(login: Session<Login>) -> String {
        login.get().map_or(0, |login| login.user).to_string()
    }
    async fn both(current: Current<Login>, login: Session<Login>) -> String {
        assert!(Arc::ptr_eq(&current.0, &login.get().unwrap()));
        current.user.to_string()
    }
    async fn log_in(login: Session<Login>) -> Result<String, SessionError> {
        login.begin(Login { user: 8 }).map(|()| String::new())
    }
    async fn update(login: Session<Login>) -> Result<String, SessionError> {
        login.update(|login| login.user = 9).map(|()| String::new())
    }
    routes
        .route("/", web::get().to(user))
        .route("/both", web::get().to(both))
        .route("/nothing", web::get().to(async || "nothing"))
        .route("/login", web::post().to(log_in))
        .route("/update", web::post().to(update));
}

#[track_caller]
fn bound(take: impl Fn(&HttpRequest, &mut Facts) + Send + Sync + 'static) -> (Middleware, Hands) {
    let hands = Hands::default();
    (Middleware::builder(ring()).clock(hands.clock()).bind_to(take).build().unwrap(), hands)
}

async fn of(sessions: &Middleware, tenant: &str, request: TestRequest, cookie: &str) -> Reply {
    ask(routes, sessions, request.insert_header(("tenant", tenant)), cookie).await
}

fn outcome(reply: &Reply) -> (u16, &str, usize) {
    (reply.status.as_u16(), &reply.body, reply.set_cookies.len())
}

#[tokio::test]
async fn the_same_tenant_has_the_session_and_another_has_none() {
    let (sessions, _) = bound(tenant);
    assert_eq!(outcome(&of(&sessions, "acme", TestRequest::get(), &bound_to(ACME)).await), (200, "7", 0));
    for other in ["acm", "", "globex"] {
        assert_eq!(outcome(&of(&sessions, other, TestRequest::get(), &bound_to(ACME)).await), (200, "0", 0), "{other}");
    }
    assert_eq!(outcome(&of(&sessions, "acme", TestRequest::get(), &bound_to(b"")).await), (200, "0", 0));
}

#[tokio::test]
async fn every_write_keeps_the_binding() {
    let (sessions, hands) = bound(tenant);
    hands.set(900);
    for (request, user) in [
        (TestRequest::post().uri("/login"), 8),
        (TestRequest::post().uri("/update"), 9),
        (TestRequest::get().uri("/"), 7),
    ] {
        let reply = of(&sessions, "acme", request, &bound_to(ACME)).await;
        assert_eq!(payload(reply.cookie(), ACME), Some(vec![user]));
        assert_eq!(payload(reply.cookie(), b""), None);
    }
}

#[tokio::test]
async fn a_binding_that_is_too_long_is_an_error() {
    let (sessions, _) = bound(tenant);
    let too_long = "x".repeat(1024 - 9);
    assert_eq!(outcome(&of(&sessions, &too_long, TestRequest::get(), &bound_to(ACME)).await), (500, "", 0));
    assert_eq!(outcome(&of(&sessions, &too_long[1..], TestRequest::get(), &bound_to(ACME)).await), (200, "0", 0));
}

#[tokio::test]
async fn facts_are_taken_once_a_request_and_only_if_the_session_is_asked_for() {
    let calls = Arc::new(AtomicU32::new(0));
    let counting = Arc::clone(&calls);
    let (sessions, _) = bound(move |request, facts| {
        counting.fetch_add(1, Ordering::SeqCst);
        tenant(request, facts);
    });
    assert_eq!(of(&sessions, "acme", TestRequest::get().uri("/both"), &bound_to(ACME)).await.body, "7");
    assert_eq!(calls.swap(0, Ordering::SeqCst), 1);
    of(&sessions, "acme", TestRequest::get().uri("/nothing"), &bound_to(ACME)).await;
    assert_eq!(calls.swap(0, Ordering::SeqCst), 0);
}
