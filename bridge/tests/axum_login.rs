//! The flows of axum-login's own examples, over the bridge: a login page, a guarded page, permissions aside.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::HashMap;

use axum::{
    Form, Router,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_login::{AuthUser, AuthnBackend, UserId, login_required};
use common::{Browser, sessions};
use hardtack::testing::TestKit as Kit;
use hardtack_tower_sessions::AuthManagerLayerBuilder;
use http::StatusCode;
use time::Duration;

#[derive(Clone, Debug)]
struct User {
    name: String,
    password_hash: Vec<u8>,
}

impl AuthUser for User {
    type Id = String;

    fn id(&self) -> String {
        self.name.clone()
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.password_hash
    }
}

#[derive(Clone)]
struct Users(HashMap<String, User>);

impl Users {
    fn with(name: &str, password: &str) -> Self {
        let user = User { name: name.to_owned(), password_hash: password.bytes().rev().collect() };
        Self(HashMap::from([(name.to_owned(), user)]))
    }
}

#[derive(serde::Deserialize)]
struct Credentials {
    name: String,
    password: String,
}

impl AuthnBackend for Users {
    type User = User;
    type Credentials = Credentials;
    type Error = std::convert::Infallible;

    async fn authenticate(&self, given: Credentials) -> Result<Option<User>, Self::Error> {
        let hash: Vec<u8> = given.password.bytes().rev().collect();
        Ok(self.0.get(&given.name).filter(|user| user.password_hash == hash).cloned())
    }

    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<User>, Self::Error> {
        Ok(self.0.get(id).cloned())
    }
}

type AuthSession = axum_login::AuthSession<Users>;

async fn account(auth: AuthSession) -> String {
    format!("hello {}", auth.user.map(|user| user.name).unwrap_or_default())
}

async fn log_in(mut auth: AuthSession, Form(given): Form<Credentials>) -> Response {
    let Ok(Some(user)) = auth.authenticate(given).await else { return StatusCode::UNAUTHORIZED.into_response() };
    match auth.login(&user).await {
        Ok(()) => Redirect::to("/account").into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn log_in_and_fail(auth: AuthSession, form: Form<Credentials>) -> StatusCode {
    log_in(auth, form).await;
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn log_out(mut auth: AuthSession) -> Redirect {
    auth.logout().await.expect("logged out");
    Redirect::to("/login")
}

async fn remember_page(auth: AuthSession) {
    auth.session.insert("page", "home").await.expect("inserted");
}

async fn page(auth: AuthSession) -> String {
    auth.session.get::<String>("page").await.expect("read").unwrap_or_default()
}

fn app(kit: &Kit, users: Users) -> Router {
    let auth = AuthManagerLayerBuilder::new(users, sessions(kit)).build();
    Router::new()
        .route("/account", get(account))
        .route_layer(login_required!(Users, login_url = "/login"))
        .route("/login", get(|| async { "who are you?" }).post(log_in))
        .route("/failing", post(log_in_and_fail))
        .route("/logout", post(log_out))
        .route("/mark", post(remember_page))
        .route("/page", get(page))
        .layer(auth)
}

const ADA: &str = "name=ada&password=engine";

#[tokio::test]
async fn a_user_logs_in_is_recognised_and_logs_out() {
    let kit = Kit::new();
    let mut browser = Browser::new(app(&kit, Users::with("ada", "engine")));
    let sent_away = browser.show("/account").await;
    assert_eq!(sent_away.location.as_deref(), Some("/login?next=%2Faccount"));

    let wrong = browser.submit("/login", "name=ada&password=wrong").await;
    assert_eq!((wrong.status, wrong.set_cookies.len()), (StatusCode::UNAUTHORIZED, 0));

    let answer = browser.submit("/login", ADA).await;
    assert_eq!(answer.location.as_deref(), Some("/account"));
    assert_eq!(answer.set_cookies.len(), 1);
    assert!(answer.set_cookies[0].starts_with("__Host-id="), "{:?}", answer.set_cookies);
    assert_eq!(browser.show("/account").await.body, "hello ada");

    browser.submit("/logout", "").await;
    assert!(browser.jar.is_empty());
    assert_eq!(browser.show("/account").await.status, StatusCode::TEMPORARY_REDIRECT);
}

#[tokio::test]
async fn a_request_that_changes_nothing_sets_no_cookie() {
    let kit = Kit::new();
    let mut browser = Browser::new(app(&kit, Users::with("ada", "engine")));
    assert_eq!(browser.show("/login").await.set_cookies.len(), 0);
    browser.submit("/login", ADA).await;
    assert_eq!(browser.show("/account").await.set_cookies.len(), 0);
}

#[tokio::test]
async fn a_login_replaces_the_session_from_before_and_keeps_its_values() {
    let kit = Kit::new();
    let mut browser = Browser::new(app(&kit, Users::with("ada", "engine")));
    browser.submit("/mark", "").await;
    let planted = browser.jar.clone();
    // The new session has the whole of its time: 12 hours from the login, not from the first visit.
    kit.advance(Duration::minutes(29));
    browser.submit("/login", ADA).await;
    assert_eq!(browser.show("/page").await.body, "home");

    let mut thief = browser.clone();
    thief.jar = planted;
    assert_eq!(thief.show("/account").await.status, StatusCode::TEMPORARY_REDIRECT);
}

#[tokio::test]
async fn a_changed_password_ends_the_session() {
    let kit = Kit::new();
    let mut before = Browser::new(app(&kit, Users::with("ada", "engine")));
    before.submit("/login", ADA).await;

    let mut after = Browser::new(app(&kit, Users::with("ada", "difference")));
    after.jar = before.jar;
    let answer = after.show("/account").await;
    assert_eq!(answer.location.as_deref(), Some("/login?next=%2Faccount"));
    assert!(after.jar.is_empty(), "the cookie is removed");
}

#[tokio::test]
async fn a_login_that_answers_with_a_failure_logs_nobody_in() {
    let kit = Kit::new();
    let mut browser = Browser::new(app(&kit, Users::with("ada", "engine")));
    browser.submit("/failing", ADA).await;
    assert_eq!(browser.show("/account").await.status, StatusCode::TEMPORARY_REDIRECT);
}

#[tokio::test]
async fn the_policy_of_hardtack_ends_idle_sessions() {
    let kit = Kit::new();
    let mut browser = Browser::new(app(&kit, Users::with("ada", "engine")));
    browser.submit("/login", ADA).await;
    kit.advance(Duration::minutes(30));
    assert_eq!(browser.show("/account").await.status, StatusCode::TEMPORARY_REDIRECT);
}

#[tokio::test]
async fn a_cookie_that_was_tampered_with_is_no_session() {
    let kit = Kit::new();
    let mut browser = Browser::new(app(&kit, Users::with("ada", "engine")));
    browser.submit("/login", ADA).await;
    for value in browser.jar.values_mut() {
        let last = if value.ends_with('A') { "B" } else { "A" };
        value.replace_range(60..61, last);
    }
    assert_eq!(browser.show("/account").await.status, StatusCode::TEMPORARY_REDIRECT);
}
