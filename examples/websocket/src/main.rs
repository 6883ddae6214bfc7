//! A WebSocket that ends with its session: by its times, by a logout elsewhere, by a restart under other keys.
//!
//! Run it and open <http://127.0.0.1:3000>. The session lasts two minutes when idle, and ten in all:
//!
//! ```sh
//! cargo run --manifest-path examples/websocket/Cargo.toml
//! ```
//!
//! The connection has the session of the request that opened it. It cannot see what other requests renewed since, and a socket is
//! no activity. So the page sends a request while somebody is there, which renews the session, and then connects anew: people who
//! are active keep their socket, and a tab that was left open does not keep its session alive.

use std::{env, error::Error, time::Duration};

use axum::{
    Form, Router,
    extract::{
        WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use hardtack::{
    Clock, ConfigError, Current, Keyring, MemoryDenyList, Policy, Session, SessionData, SessionError,
    tower::SessionLayer,
};
use serde::{Deserialize, Serialize};

/// How long a logout elsewhere may go unnoticed while nobody writes.
const LOOK: Duration = Duration::from_secs(10);

/// The close code for a session that is over; applications choose from 4000 on.
const OVER: u16 = 4401;

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

pub(crate) fn app(keyring: Keyring, clock: Clock) -> Result<Router, ConfigError> {
    let policy =
        Policy::default().idle_timeout(time::Duration::minutes(2)).absolute_timeout(time::Duration::minutes(10));
    let sessions = SessionLayer::<Login>::builder(keyring)
        .policy(policy)
        .clock(clock)
        .deny_list(MemoryDenyList::new(10_000))
        .sign_in_at("/login")
        .build()?;
    Ok(Router::new()
        .route("/", get(async |_: Current<Login>| Html(PAGE)))
        .route("/login", get(Html(SIGN_IN)).post(log_in))
        .route("/logout", post(log_out))
        .route("/stay", post(stay))
        .route("/socket", get(connect))
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

async fn log_out(login: Session<Login>) -> Redirect {
    login.end();
    Redirect::to("/login")
}

/// Somebody is there: the session is renewed, and the page connects anew with the new cookie.
async fn stay(_: Current<Login>, login: Session<Login>) -> Result<StatusCode, SessionError> {
    login.renew()?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens the connection for whoever is logged in, and for pages of this host only: browsers let any page ask.
async fn connect(_: Current<Login>, login: Session<Login>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    if !is_from_here(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    // Opening it is no activity: the page has renewed the session already.
    login.skip_renewal();
    upgrade.on_upgrade(|socket| serve(socket, login))
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::ORIGIN).and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    host.is_some() && host == text(header::HOST)
}

/// Answers each message in the name of the session's user, for as long as there is one.
async fn serve(mut socket: WebSocket, login: Session<Login>) {
    let mut looks = tokio::time::interval(LOOK);
    loop {
        let message = tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(message)) => Some(message),
                _ => return,
            },
            _ = looks.tick() => None,
        };
        if let Err(error) = login.still_valid().await {
            let _ = socket.send(Message::Close(Some(over(error)))).await;
            return;
        }
        if let (Some(Message::Text(text)), Some(login)) = (message, login.get())
            && socket.send(Message::text(format!("{}: {text}", login.name))).await.is_err()
        {
            return;
        }
    }
}

/// Which end came is no secret here: it was this client's session.
fn over(error: SessionError) -> CloseFrame {
    CloseFrame { code: OVER, reason: error.to_string().into() }
}

const SIGN_IN: &str = "<!doctype html><title>Log in</title><form method=post><input name=name required autofocus> \
    <button>Log in</button></form>";

const PAGE: &str =
    "<!doctype html><title>Talk</title><form id=form><input id=text required autofocus> <button>Say</button></form>
<pre id=said></pre><script>
let socket, active = false;
const connect = () => {
    const next = new WebSocket(location.origin.replace('http', 'ws') + '/socket');
    next.onopen = () => { const before = socket; socket = next; before?.close(); };
    next.onmessage = (event) => { said.textContent += event.data + '\\n'; };
    next.onclose = (event) => { if (event.code === 4401 && next === socket) location.assign('/login'); };
};
const noticed = () => { active = true; };
['pointerdown', 'keydown'].forEach((kind) => addEventListener(kind, noticed));
form.onsubmit = (event) => { event.preventDefault(); socket.send(text.value); form.reset(); };
setInterval(async () => {
    if (!active) return;
    active = false;
    const stayed = await fetch('/stay', { method: 'POST', headers: { accept: 'application/json' } });
    if (stayed.ok) connect();
}, 30000);
connect();
</script>";
