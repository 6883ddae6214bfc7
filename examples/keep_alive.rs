//! A page that warns before its session ends, and can keep it alive while that is possible.
//!
//! Run it and open <http://127.0.0.1:3000>; the session lasts two minutes when idle, and ten in all:
//!
//! ```sh
//! cargo run --example keep_alive --features axum
//! ```

use std::{env, error::Error};

use axum::{
    Form, Json, Router,
    http::StatusCode,
    response::{Html, Redirect},
    routing::{get, post},
};
use hardtack::{Clock, ConfigError, Current, Keyring, Policy, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::Duration;

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

pub(crate) fn app(keyring: Keyring, clock: Clock) -> Result<Router, ConfigError> {
    let policy = Policy::default().idle_timeout(Duration::minutes(2)).absolute_timeout(Duration::minutes(10));
    let sessions = SessionLayer::<Login>::builder(keyring).policy(policy).clock(clock).sign_in_at("/login").build()?;
    Ok(Router::new()
        .route("/", get(async |_: Current<Login>| Html(PAGE)))
        .route("/login", get(Html(SIGN_IN)).post(log_in))
        .route("/remaining", get(remaining))
        .route("/stay", post(stay))
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

#[derive(Deserialize)]
struct SignIn {
    name: String,
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    login.begin(Login { name: form.name })?; // a real service checks a password first
    Ok(Redirect::to("/"))
}

/// How many seconds are left if nothing else is requested, and whether staying would give more: not when the end of the
/// session is nearer than that of its idle time. No session has nothing left.
///
/// That a page asks is no activity: without `skip_renewal` an open tab would keep its session alive for ever.
async fn remaining(login: Session<Login>) -> Json<Value> {
    login.skip_renewal();
    let left = login.remaining();
    Json(json!({ "seconds": left.idle.min(left.absolute).whole_seconds(), "can_stay": left.idle < left.absolute }))
}

/// Somebody is there. Without a session the answer is 401, since the script asks for no page.
async fn stay(_: Current<Login>, login: Session<Login>) -> Result<StatusCode, SessionError> {
    login.renew()?;
    Ok(StatusCode::NO_CONTENT)
}

const SIGN_IN: &str = "<!doctype html><title>Log in</title><form method=post><input name=name required autofocus> \
    <button>Log in</button></form>";

const PAGE: &str = "<!doctype html><title>At work</title><p id=warning hidden><span id=text></span> \
    <button id=stay>Stay</button></p><script>
const show = async () => {
    const left = await (await fetch('/remaining')).json();
    if (left.seconds === 0) return location.assign('/login');
    warning.hidden = left.seconds > 60;
    text.textContent = `Your session ends in ${left.seconds} seconds.`;
    stay.hidden = !left.can_stay;
};
stay.onclick = async () => { await fetch('/stay', { method: 'POST', headers: { accept: 'application/json' } }); show(); };
setInterval(show, 5000);
show();
</script>";
