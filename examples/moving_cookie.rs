//! A cookie that changes its name, `Domain` or `Path` while people are logged in.
//!
//! Each change has two steps. In step 1 a node still writes the old cookie and reads both; in step 2 it writes the new one. The example
//! serves both steps of each change, each at a port of its own. A browser sends a cookie to every port of a host, so the two ports
//! are a fleet in the middle of the roll-out:
//!
//! ```sh
//! cargo run --example moving_cookie --features axum
//! ```
//!
//! `scripts/scopes` drives it in a real browser; `docs/COOKIES.md` explains the changes.

use std::{error::Error, sync::Arc};

use axum::{
    Form, Router,
    routing::{get, post},
};
use hardtack::{Builder, Keyring, KnownCookie, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
    visits: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

type Logins = Builder<Login, SessionLayer<Login>>;

/// What a change is called, and the settings of its two steps. `until` is the date after which the old name is no longer read.
struct Change {
    name: &'static str,
    steps: [fn(Logins, OffsetDateTime) -> Logins; 2],
}

const CHANGES: [Change; 4] = [
    Change {
        name: "rename",
        steps: [
            |logins, _| {
                let next = KnownCookie::named("__Host-login");
                logins.cookie_name("login").domain("shop.localhost").path("/app").also_known(next)
            },
            |logins, until| {
                let before = KnownCookie::named("login").domain("shop.localhost").path("/app");
                logins.former_cookie(before, until)
            },
        ],
    },
    Change {
        name: "add a Domain",
        steps: [
            |logins, _| {
                logins.cookie_name("login-a").also_known(KnownCookie::named("login-a").domain("shop.localhost"))
            },
            |logins, _| logins.cookie_name("login-a").domain("shop.localhost"),
        ],
    },
    Change {
        name: "drop a Domain",
        steps: [
            |logins, _| logins.cookie_name("login-b").domain("shop.localhost"),
            |logins, _| {
                logins.cookie_name("login-b").also_known(KnownCookie::named("login-b").domain("shop.localhost"))
            },
        ],
    },
    Change {
        name: "change the Path",
        steps: [
            |logins, _| logins.cookie_name("login-c").path("/app").also_known(KnownCookie::named("login-c")),
            |logins, _| logins.cookie_name("login-c").also_known(KnownCookie::named("login-c").path("/app")),
        ],
    },
];

#[derive(Deserialize)]
struct SignIn {
    user: u64,
}

async fn who_am_i(login: Session<Login>) -> String {
    login.get().map_or_else(|| "nobody".to_owned(), |login| format!("user {}, visit {}", login.user, login.visits))
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<(), SessionError> {
    login.begin(Login { user: form.user, visits: 0 }) // a real service checks a password first
}

async fn visit(login: Session<Login>) -> Result<(), SessionError> {
    login.update(|login| login.visits = login.visits.saturating_add(1))
}

async fn log_out(login: Session<Login>) {
    login.end();
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let keys = Arc::new(Keyring::generate()?);
    let until = OffsetDateTime::now_utc().saturating_add(Duration::days(30));
    let mut servers = tokio::task::JoinSet::new();
    for change in CHANGES {
        for (step, settings) in (1..).zip(change.steps) {
            let sessions = settings(SessionLayer::builder(Arc::clone(&keys)), until).build()?;
            let app = Router::new()
                .route("/app/", get(who_am_i))
                .route("/app/login", post(log_in))
                .route("/app/visit", post(visit))
                .route("/app/logout", post(log_out));
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            let port = listener.local_addr()?.port();
            println!("{}, step {step}: http://www.shop.localhost:{port}/app/", change.name);
            servers.spawn(axum::serve(listener, app.layer(sessions)).into_future());
        }
    }
    println!("ready");
    while servers.join_next().await.is_some() {}
    Ok(())
}
