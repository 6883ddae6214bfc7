//! One of several nodes: `scripts/fleet` runs them. Sessions live for a minute, so that a rotation can be watched.
//!
//! `HARDTACK_KEYS_FILE` names the keyring, `PORT` the port, and `AHEAD` by how many seconds this node's clock is wrong.

use std::{env, error::Error, sync::Arc};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use hardtack::{
    Clock, Counters, Keyring, LiveKeyring, Policy, Session, SessionData, SessionError, tower::SessionLayer,
};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

#[derive(Serialize, Deserialize)]
struct Client {
    number: u64,
}

impl SessionData for Client {
    const COOKIE: &'static str = "__Host-client";
}

struct File(String);

impl hardtack::KeySource for File {
    fn name(&self) -> &str {
        &self.0
    }

    fn read(&self) -> hardtack::KeySourceFuture<'_> {
        Box::pin(async { Ok(Keyring::from_file(&self.0)?) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let ahead = env::var("AHEAD").map_or(Ok(0), |ahead| ahead.parse())?;
    let clock = Clock::from_fn(move || OffsetDateTime::now_utc().saturating_add(Duration::seconds(ahead)));
    let file = File(env::var("HARDTACK_KEYS_FILE")?);
    let keys = LiveKeyring::watcher(file).every(Duration::seconds(1)).clock(clock.clone()).start().await?;
    let minute = Duration::seconds(60);
    let policy = Policy::default()
        .lifetimes(minute, Duration::hours(1))
        .remembered_idle_timeout(minute)
        .remembered_absolute_timeout(Duration::hours(1))
        .skew(Duration::seconds(1));
    let counters = Arc::new(Counters::new());
    let sessions = SessionLayer::<Client>::builder(&keys).policy(policy).clock(clock).observer(Arc::clone(&counters));
    let app = Router::new()
        .route("/login/{number}", get(log_in))
        .route("/who", get(who))
        .layer(sessions.build()?)
        .route("/events", get(events).with_state(counters));
    let port: u16 = env::var("PORT")?.parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn log_in(
    client: Session<Client>,
    axum::extract::Path(number): axum::extract::Path<u64>,
) -> Result<String, SessionError> {
    client.begin(Client { number })?;
    Ok(number.to_string())
}

/// Who it is; or why not. A real service tells nobody.
async fn who(client: Session<Client>) -> Result<String, (StatusCode, String)> {
    match (client.get(), client.refusal()) {
        (Some(found), _) => {
            // A cookie that moves at every request meets every node's keys.
            client.renew().map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
            Ok(found.number.to_string())
        }
        (None, Some(refusal)) if refusal.is_held() => Err((StatusCode::UNAUTHORIZED, format!("held {refusal:?}"))),
        (None, refusal) => Err((StatusCode::UNAUTHORIZED, format!("refused {refusal:?}"))),
    }
}

async fn events(State(counters): State<Arc<Counters>>) -> String {
    let lines =
        counters.snapshot().into_iter().map(|(count, times)| format!("{} {} {times}\n", count.event, count.reason));
    lines.collect()
}
