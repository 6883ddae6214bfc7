//! The methods of `tower_sessions_core::Session` over the bridge.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use axum::{
    Router,
    routing::{get, post},
};
use common::{Browser, sessions};
use hardtack::testing::TestKit as Kit;
use http::StatusCode;
use time::{Duration, OffsetDateTime};
use tower_sessions_core::{Session, session::Expiry};

async fn count(session: Session) -> String {
    let count = session.get::<u32>("count").await.expect("read").unwrap_or_default() + 1;
    session.insert("count", count).await.expect("written");
    count.to_string()
}

async fn shown(session: Session) -> String {
    let count: Option<u32> = session.get("count").await.expect("read");
    format!("{count:?} {}", session.id().is_some())
}

async fn ending_at(session: Session, end: OffsetDateTime) {
    session.insert("count", 1).await.expect("written");
    session.set_expiry(Some(Expiry::AtDateTime(end)));
}

async fn too_much(session: Session) {
    session.insert("text", "x".repeat(4096)).await.expect("taken");
}

async fn failing(session: Session) -> StatusCode {
    session.insert("count", 99).await.expect("taken");
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn flush_and_fail(session: Session) -> StatusCode {
    session.flush().await.expect("flushed");
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn id_after_save(session: Session) -> String {
    session.insert("count", 1).await.expect("written");
    session.save().await.expect("saved");
    session.id().map(|id| id.to_string()).unwrap_or_default()
}

async fn id(session: Session) -> String {
    session.id().map(|id| id.to_string()).unwrap_or_default()
}

fn browser(kit: &Kit) -> Browser {
    let (soon, far) = (kit.now() + Duration::minutes(5), kit.now() + Duration::days(300));
    let app = Router::new()
        .route("/", get(shown))
        .route("/count", post(count))
        .route("/short", post(move |session| ending_at(session, soon)))
        .route("/long", post(move |session| ending_at(session, far)))
        .route("/too-much", post(too_much))
        .route("/failing", post(failing))
        .route("/flush-and-fail", post(flush_and_fail))
        .route("/id", get(id).post(id_after_save));
    Browser::new(app.layer(sessions(kit)))
}

#[tokio::test]
async fn values_are_kept_from_request_to_request() {
    let mut browser = browser(&Kit::new());
    assert_eq!(browser.show("/").await.body, "None false");
    assert_eq!(browser.submit("/count", "").await.body, "1");
    assert_eq!(browser.submit("/count", "").await.body, "2");
    assert_eq!(browser.show("/").await.body, "Some(2) true");
}

#[tokio::test]
async fn the_id_is_that_of_the_token_and_stays() {
    let mut browser = browser(&Kit::new());
    let id = browser.submit("/id", "").await.body;
    assert_eq!(id.len(), 22);
    assert_eq!(browser.show("/id").await.body, id);
}

#[tokio::test]
async fn an_expiry_of_the_application_ends_the_session_earlier_and_outlasts_other_writes() {
    let kit = Kit::new();
    let mut browser = browser(&kit);
    browser.submit("/short", "").await;
    kit.advance(Duration::minutes(4));
    assert_eq!(browser.submit("/count", "").await.body, "2");
    kit.advance(Duration::minutes(10));
    assert_eq!(browser.show("/").await.body, "None false");
}

#[tokio::test]
async fn an_expiry_of_the_application_cannot_outlast_the_policy() {
    let kit = Kit::new();
    let mut browser = browser(&kit);
    browser.submit("/long", "").await;
    kit.advance(Duration::minutes(30));
    assert_eq!(browser.show("/").await.body, "None false");
}

#[tokio::test]
async fn what_does_not_fit_a_cookie_is_answered_with_413_and_changes_nothing() {
    let mut browser = browser(&Kit::new());
    browser.submit("/count", "").await;
    let answer = browser.submit("/too-much", "").await;
    assert_eq!((answer.status, answer.set_cookies.len()), (StatusCode::PAYLOAD_TOO_LARGE, 0));
    assert_eq!(browser.show("/").await.body, "Some(1) true");
}

#[tokio::test]
async fn a_failure_writes_no_change_but_a_flush_holds() {
    let mut browser = browser(&Kit::new());
    browser.submit("/count", "").await;
    browser.submit("/failing", "").await;
    assert_eq!(browser.show("/").await.body, "Some(1) true");
    browser.submit("/flush-and-fail", "").await;
    assert!(browser.jar.is_empty());
}

#[tokio::test]
async fn plain_values_do_not_replace_a_cookie_that_another_node_may_read() {
    let mut old = browser(&Kit::new());
    old.submit("/count", "").await;
    // A key id that this node does not know: the bytes after the first.
    for value in old.jar.values_mut() {
        value.replace_range(2..4, if &value[2..4] == "AA" { "BB" } else { "AA" });
    }
    let answer = old.submit("/count", "").await;
    assert_eq!((answer.status, answer.set_cookies.len()), (StatusCode::UNAUTHORIZED, 0));
}

#[tokio::test]
async fn a_remembered_bridge_writes_persistent_cookies() {
    let kit = Kit::new();
    let app = Router::new().route("/count", post(count)).layer(sessions(&kit).remembered());
    let mut browser = Browser::new(app);
    let answer = browser.submit("/count", "").await;
    assert!(answer.set_cookies[0].contains("Max-Age=604800"), "{:?}", answer.set_cookies);
    kit.advance(Duration::days(6));
    assert_eq!(browser.submit("/count", "").await.body, "2");
}
