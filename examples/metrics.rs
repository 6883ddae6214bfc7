//! A service that people log in to, with what its operator sees: counts for Prometheus at `/metrics`, and a line on standard
//! output for each event that somebody should look at.
//!
//! ```sh
//! cargo run --example metrics --features axum
//! ```
//!
//! A copied cookie, used by another client (Linux answers to all of 127.0.0.0/8):
//!
//! ```sh
//! curl -sc jar -A Firefox -d name=Ada http://127.0.0.1:3000/login
//! curl -s -b jar --interface 127.9.9.9 http://127.0.0.1:3000/       # the thief
//! curl -s -b jar -A Firefox -X POST http://127.0.0.1:3000/admin    # Ada's cookie is replaced; the jar keeps the old one
//! curl -s -b jar --interface 127.9.9.9 http://127.0.0.1:3000/       # the thief again
//! curl -s http://127.0.0.1:3000/metrics
//! ```

use std::{env, error::Error, fmt::Write as _, net::SocketAddr, sync::Arc};

use axum::{
    Form, Router,
    extract::{ConnectInfo, State},
    http::{header::CONTENT_TYPE, header::USER_AGENT, request::Parts},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use hardtack::{
    ConfigError, Counters, Event, EventKind, Facts, Keyring, Observer, Session, SessionData, SessionError, Watch,
    tower::SessionLayer,
};
use serde::{Deserialize, Serialize};

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
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = app(Keyring::generate()?, |line| println!("{line}"))?;
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

/// The service; what is worth a line goes to `write`.
pub(crate) fn app(keys: Keyring, write: impl Fn(&str) + Send + Sync + 'static) -> Result<Router, ConfigError> {
    let counters = Arc::new(Counters::new());
    let counting = Arc::clone(&counters);
    // What a watch notices is told to the observer in it: so both are.
    let watch = Watch::new(100_000, move |event: &Event<'_>| {
        counting.observe(event);
        report(event, &write);
    });
    let sessions = SessionLayer::<Login>::builder(keys).client_facts(client).observer(watch).build()?;
    Ok(Router::new()
        .route("/", get(home))
        .route("/login", post(log_in))
        .route("/admin", post(become_admin))
        .route("/logout", post(log_out))
        .layer(sessions)
        // For the operator only: in a real service on an address of its own.
        .route("/metrics", get(metrics))
        .with_state(counters))
}

/// The network and the kind of browser, each always and as coarse as will do: what changes within a session is no signal.
fn client(parts: &Parts, facts: &mut Facts) {
    let network = match parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip()) {
        Some(std::net::IpAddr::V4(address)) => address.octets()[..2].to_vec(),
        Some(std::net::IpAddr::V6(address)) => address.octets()[..6].to_vec(),
        None => Vec::new(),
    };
    facts.add("network", network);
    let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let class = ["Firefox", "Edg", "Chrome", "Safari"].into_iter().find(|class| agent.contains(class));
    facts.add("agent", class.unwrap_or("other"));
}

/// A line for what somebody should look at.
fn report(event: &Event<'_>, write: &impl Fn(&str)) {
    let session = event.session.map_or_else(|| "-".to_owned(), |tag| tag.to_string());
    let detail = match event.kind {
        EventKind::FactsChanged { count } => format!(": {count} of the client's facts are not those of the login"),
        EventKind::WentBackwards { seconds } => format!(": a token {seconds} s older than the one before"),
        EventKind::HookFailed(failure) => format!(": {failure}"),
        EventKind::RetiredReturned | EventKind::DeniedReturned => String::new(),
        _ => return,
    };
    write(&format!("{} session {session}{detail}", event.kind.name()));
}

async fn home(login: Session<Login>) -> String {
    login.get().map_or_else(|| "Who are you?".to_owned(), |login| format!("Hello {}", login.name))
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    login.begin(Login { name: form.name })?; // a real service checks a password first
    Ok(Redirect::to("/"))
}

/// A change of privilege: the session gets a new id.
async fn become_admin(login: Session<Login>) -> Result<Redirect, SessionError> {
    login.cycle()?;
    Ok(Redirect::to("/"))
}

async fn log_out(login: Session<Login>) -> Redirect {
    login.end();
    Redirect::to("/")
}

/// The counts in Prometheus' text format. Names of cookies, events, reasons and keys hold nothing that would have to be escaped.
async fn metrics(State(counters): State<Arc<Counters>>) -> impl IntoResponse {
    let mut text =
        "# HELP hardtack_events_total Events of sessions.\n# TYPE hardtack_events_total counter\n".to_owned();
    for (count, times) in counters.snapshot() {
        let key_id = count.key_id.map_or_else(String::new, |id| id.to_string());
        let (cookie, event, reason) = (&count.cookie, count.event, count.reason);
        let labels = format!("cookie=\"{cookie}\",event=\"{event}\",reason=\"{reason}\",key_id=\"{key_id}\"");
        // Writing into a string does not fail.
        let _ = writeln!(text, "hardtack_events_total{{{labels}}} {times}");
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
