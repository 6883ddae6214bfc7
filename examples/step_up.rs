//! Step-up: a transfer needs a password given in the last five minutes, however long the session itself goes on.
//!
//! Run it, open <http://127.0.0.1:3000> and log in with the password `open sesame`:
//!
//! ```sh
//! cargo run --example step_up --features axum
//! ```

use std::{env, error::Error};

use axum::{
    Form, Router,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use hardtack::{Clock, ConfigError, Current, Keyring, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use time::Duration;

/// For how long a password is enough for a transfer.
const RECENT: Duration = Duration::minutes(5);

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
    password: String,
}

#[derive(Deserialize)]
struct Confirmation {
    password: String,
}

pub(crate) fn app(keyring: Keyring, clock: Clock) -> Result<Router, ConfigError> {
    let sessions = SessionLayer::<Login>::builder(keyring).clock(clock).sign_in_at("/login").build()?;
    Ok(Router::new()
        .route("/", get(home))
        .route("/login", get(Html(SIGN_IN)).post(log_in))
        .route("/transfer", post(transfer))
        .route("/confirm", post(confirm))
        .layer(sessions))
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

async fn home(_: Current<Login>) -> Html<&'static str> {
    Html(HOME)
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<Response, SessionError> {
    if !is_password_of(&form.name, &form.password) {
        return Ok((StatusCode::FORBIDDEN, Html(SIGN_IN)).into_response());
    }
    login.begin(Login { name: form.name })?;
    Ok(Redirect::to("/").into_response())
}

/// The sensitive act. A renewal does not count as proof, and neither does `cycle`: only a login and `reauthenticate` do.
/// An application without pages writes `login.require_recent(RECENT)?`, which answers a bare 403.
async fn transfer(_: Current<Login>, login: Session<Login>) -> Result<Response, SessionError> {
    match login.require_recent(RECENT) {
        Ok(()) => Ok("transferred".into_response()),
        Err(SessionError::NotRecent) => Ok((StatusCode::FORBIDDEN, Html(CONFIRM)).into_response()),
        Err(other) => Err(other),
    }
}

/// The password again: of the session's user, and not of a name in the form, or anybody's own password would do.
async fn confirm(
    user: Current<Login>,
    login: Session<Login>,
    Form(form): Form<Confirmation>,
) -> Result<Response, SessionError> {
    if !is_password_of(&user.name, &form.password) {
        return Ok((StatusCode::FORBIDDEN, Html(CONFIRM)).into_response());
    }
    login.reauthenticate()?; // a new id, new times of beginning and end, the same data
    Ok(Redirect::to("/").into_response())
}

/// A real service compares with a slow salted hash, and counts the attempts on the server (see `second_factor.rs`).
fn is_password_of(_name: &str, password: &str) -> bool {
    password == "open sesame"
}

const SIGN_IN: &str = "<!doctype html><title>Log in</title><form method=post action=/login>\
    <input name=name required autocomplete=username> <input name=password type=password> <button>Log in</button></form>";
const HOME: &str =
    "<!doctype html><title>Bank</title><form method=post action=/transfer><button>Transfer</button></form>";
const CONFIRM: &str = "<!doctype html><title>Is it you?</title><p>Give your password once more, then repeat the transfer.\
    <form method=post action=/confirm><input name=password type=password autofocus> <button>Confirm</button></form>";
