//! A second factor: who has given a password, but no code yet, has a session of another type, which lasts five minutes and
//! opens nothing but the page for the code.
//!
//! Run it, open <http://127.0.0.1:3000>, log in with the password `open sesame` and the code `314159`:
//!
//! ```sh
//! cargo run --example second_factor --features axum
//! ```

use std::{collections::HashMap, env, error::Error, sync::Arc};

use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Form, Router, extract::State, http::StatusCode, routing::get};
use hardtack::{Clock, ConfigError, Current, Keyring, Policy, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// Half logged in. A type of its own and not a flag in `Login`: a handler that asks for `Login` cannot forget to look.
#[derive(Serialize, Deserialize)]
struct Pending {
    name: String,
}

impl SessionData for Pending {
    const COOKIE: &'static str = "__Host-pending";
}

/// How many codes each user has tried, and when that is forgotten.
///
/// On the server and not in the cookie, because an older cookie can be sent again: whoever keeps the one in which the count
/// is zero puts it back after every wrong code, and tries all million of them. By user and not by session, because a
/// new session is one password away. Only names whose password was right get in here, so the map stays small.
#[derive(Clone)]
struct Attempts {
    clock: Clock,
    made: Arc<Mutex<HashMap<String, (u32, OffsetDateTime)>>>,
}

impl Attempts {
    /// Counts an attempt, and says whether it may be made: five in a quarter of an hour. Before the code is looked at and
    /// under the lock, so that requests sent all at once get no more of them.
    async fn count(&self, name: &str) -> bool {
        let now = self.clock.now();
        let mut made = self.made.lock().await;
        let (count, forgotten_at) = made.entry(name.to_owned()).or_insert((0, now));
        if *forgotten_at <= now {
            (*count, *forgotten_at) = (0, now.saturating_add(Duration::minutes(15)));
        }
        *count = count.saturating_add(1);
        *count <= 5
    }
}

pub(crate) fn app(keyring: Keyring, clock: Clock) -> Result<Router, ConfigError> {
    let keyring = Arc::new(keyring);
    let five_minutes = Policy::default().lifetimes(Duration::minutes(5), Duration::minutes(5));
    let pending = SessionLayer::<Pending>::builder(Arc::clone(&keyring)).policy(five_minutes).clock(clock.clone());
    let logins = SessionLayer::<Login>::builder(keyring).clock(clock.clone());
    Ok(Router::new()
        .route("/", get(async |user: Current<Login>| format!("Hello {}", user.name)))
        .route("/login", get(Html(PASSWORD)).post(password))
        .route("/code", get(async |_: Current<Pending>| Html(CODE)).post(code))
        .layer(pending.sign_in_at("/login").build()?)
        .layer(logins.sign_in_at("/login").build()?)
        .with_state(Attempts { clock, made: Arc::default() }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    // A key for this run; a real service has Keyring::from_env, so that a restart logs nobody out.
    axum::serve(listener, app(Keyring::generate()?, Clock::system())?).await?;
    Ok(())
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
    password: String,
}

async fn password(pending: Session<Pending>, Form(form): Form<SignIn>) -> Result<Response, SessionError> {
    if form.password != "open sesame" {
        // A real service compares with a slow salted hash, and counts these attempts too.
        return Ok((StatusCode::FORBIDDEN, Html(PASSWORD)).into_response());
    }
    pending.begin(Pending { name: form.name })?;
    Ok(Redirect::to("/code").into_response())
}

async fn code(
    State(attempts): State<Attempts>,
    user: Current<Pending>,
    pending: Session<Pending>,
    login: Session<Login>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response, SessionError> {
    if !attempts.count(&user.name).await {
        return Ok((StatusCode::TOO_MANY_REQUESTS, "too many codes; wait a quarter of an hour").into_response());
    }
    // A real code changes with the time and is good once: remember on the server which was used last.
    if form.get("code").is_none_or(|code| code != "314159") {
        return Ok((StatusCode::FORBIDDEN, Html(CODE)).into_response());
    }
    attempts.made.lock().await.remove(&user.name);
    login.begin(Login { name: user.name.clone() })?;
    pending.end();
    Ok(Redirect::to("/").into_response())
}

const PASSWORD: &str = "<!doctype html><title>Log in</title><form method=post><input name=name required> \
    <input name=password type=password> <button>Go on</button></form>";
const CODE: &str = "<!doctype html><title>The code</title><form method=post><input name=code inputmode=numeric \
    autocomplete=one-time-code autofocus> <button>Log in</button></form>";
