//! A login session, its cookies, and a service around it: for the tests of how sessions end.

use axum::{
    Router,
    routing::{get, post},
};
use hardtack::{Builder, Current, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};

use super::{
    Hands, NOW, Plain, SECRET, ring, value,
    web::{self, Reply, send},
};

pub(crate) const NAME: &str = "__Host-login";

/// What removes the cookie.
pub(crate) const REMOVAL: &str = "__Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) user: u8,
    /// A number that changes with the password.
    pub(crate) stamp: u8,
}

impl SessionData for Login {
    const COOKIE: &'static str = NAME;
}

/// User 7 with stamp 1, who logged in at [`NOW`].
pub(crate) fn plain() -> Plain {
    Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: super::layout::stamped([7, 1]),
        extensions: None,
    }
}

/// The cookie with this inside.
#[track_caller]
pub(crate) fn cookie(plain: &Plain) -> String {
    format!("{NAME}={}", plain.seal(&SECRET, NAME, ""))
}

/// The cookie of user 7.
#[track_caller]
pub(crate) fn user_7() -> String {
    cookie(&plain())
}

/// What is inside of a cookie.
#[track_caller]
pub(crate) fn inside(cookie: &str) -> Plain {
    Plain::open(value(cookie), &SECRET, NAME, "")
}

pub(crate) fn builder(hands: &Hands) -> Builder<Login, SessionLayer<Login>> {
    SessionLayer::builder(ring()).clock(hands.clock())
}

/// Routes for each of the verbs; `/who` answers with the user.
pub(crate) fn routes() -> Router {
    type Session = hardtack::Session<Login>;
    Router::new()
        .route("/who", get(who))
        .route("/static", get(async || "static"))
        .route("/login", post(async |login: Session| login.begin(Login { user: 7, stamp: 1 })))
        .route("/logout", post(async |login: Session| login.end()))
        .route("/cycle", post(async |login: Session| login.cycle()))
        .route("/again", post(async |login: Session| login.reauthenticate()))
        .route("/renew", post(async |login: Session| login.renew()))
        .route("/change", post(async |login: Session| login.update(|login| login.stamp += 1)))
        .route("/default", post(async |login: Session| login.update_or_default(|login| login.stamp += 1)))
}

/// The service with this layer around it.
pub(crate) fn app(layer: SessionLayer<Login>) -> Router {
    routes().layer(layer)
}

async fn who(login: Option<Current<Login>>) -> String {
    login.map_or_else(|| "nobody".to_owned(), |login| login.user.to_string())
}

/// Whose session this cookie is.
pub(crate) async fn whose(app: &Router, cookie: &str) -> String {
    send(app, web::get("/who"), cookie).await.text().to_owned()
}

/// Sends a POST request with this cookie.
pub(crate) async fn act(app: &Router, path: &str, cookie: &str) -> Reply {
    send(app, web::post(path), cookie).await
}

/// As [`act`], for a request that has to fail: the error, and the reply.
pub(crate) async fn fails(app: &Router, path: &str, cookie: &str) -> (Option<SessionError>, Reply) {
    let response = web::raw(app, web::post(path).header("cookie", cookie), "").await;
    (web::error(&response), web::read(response).await)
}
