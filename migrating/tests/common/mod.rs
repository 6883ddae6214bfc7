//! What the tests share: the session of the new crate, and a client that sends cookies as it got them.
#![allow(dead_code, reason = "not every test file uses all of it")]

use axum::{Router, body::Body};
use hardtack::{KnownCookie, Session, SessionData, testing::TestKit, tower::SessionLayer};
use hardtack_migrating::{Moving, MovingLayer};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tower::ServiceExt;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// A cookie that holds the user's number as text.
pub(crate) fn user(value: &str) -> Option<Login> {
    value.parse().ok().map(|user| Login { user })
}

pub(crate) fn until(kit: &TestKit) -> OffsetDateTime {
    kit.now() + Duration::hours(10)
}

async fn whoami(session: Session<Login>) -> String {
    session.get().map_or("nobody".to_owned(), |login| login.user.to_string())
}

/// The service after the move. The old cookie is called `old`.
pub(crate) fn moved(kit: &TestKit, moving: Moving<Login>) -> Router {
    let former = KnownCookie::named("old");
    let sessions = SessionLayer::<Login>::builder(kit.keyring())
        .clock(kit.clock())
        .former_cookie(former, until(kit))
        .build()
        .expect("a layer");
    Router::new()
        .route("/", axum::routing::get(whoami))
        .route("/logout", axum::routing::post(|session: Session<Login>| async move { session.end() }))
        .layer(MovingLayer::new(moving).clock(kit.clock()))
        .layer(sessions)
}

/// The `name=value` pairs that a response sets, without those that it removes, and those that it removes.
pub(crate) struct Answer {
    pub(crate) set: Vec<String>,
    pub(crate) removed: Vec<String>,
    pub(crate) body: String,
}

pub(crate) async fn ask(app: &Router, method: &str, path: &str, cookies: &[&str]) -> Answer {
    let request = http::Request::builder().method(method).uri(path).header("cookie", cookies.join("; "));
    let response = app.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible");
    let headers: Vec<_> = response.headers().get_all("set-cookie").iter().map(|v| v.to_str().expect("text")).collect();
    let pair = |header: &&str| header.split(';').next().unwrap_or_default().to_owned();
    let (removed, set): (Vec<&str>, Vec<&str>) = headers.into_iter().partition(|header| header.contains("Max-Age=0"));
    let (removed, set) = (removed.iter().map(pair).collect(), set.iter().map(pair).collect());
    let body = axum::body::to_bytes(response.into_body(), 1 << 16).await.expect("a body");
    Answer { set, removed, body: String::from_utf8(body.to_vec()).expect("text") }
}

pub(crate) async fn show(app: &Router, cookies: &[&str]) -> Answer {
    ask(app, "GET", "/", cookies).await
}
