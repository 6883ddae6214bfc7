//! Log out on one instance, and copies of the cookie are refused on all of them: a deny-list in a Redis that runs already.
//!
//! ```sh
//! redis-server --port 6379 --save '' &
//! export HARDTACK_KEYS=$(cargo run --quiet --example generate_key) # the same keys for all instances
//! PORT=3000 cargo run --example redis_deny_list --features axum &
//! PORT=3001 cargo run --example redis_deny_list --features axum &
//! ```
//!
//! `REDIS_URL` names another Redis than the one at port 6379. `scripts/redis` plays it through with curl.
//!
//! **What Redis keeps:** for each session that was ended or replaced before its time, one key of 48 bytes: `hardtack:denied:`
//! and the session's id, which is random, says nothing and opens nothing. Redis drops it when the session would have ended
//! anyway. A Redis that forgets (a restart without persistence, an eviction) lets copies live again until then.
//!
//! **What it costs:** one `EXISTS` for each request that uses the session, one more before a cookie is written, one `SET` for
//! each logout. While Redis is away, sessions are refused and a logout is an error (`insecure_admit_when_hooks_fail` would
//! let them pass); nobody's cookie is touched, and when it is back, so are they.

use std::{env, error::Error, time::Duration};

use axum::{
    Form, Json, Router,
    response::Redirect,
    routing::{get, post},
};
use hardtack::{
    DenyList, Event, EventKind, HookFuture, Keyring, Session, SessionData, SessionError, SessionId, tower::SessionLayer,
};
use redis::{
    AsyncCommands, Client, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// The clocks of two instances may differ by this many seconds: until the slower one sees the session's end too.
const SKEW: i64 = 60;

/// A deny-list that instances share.
struct RedisDenyList(ConnectionManager);

impl RedisDenyList {
    /// Fails if there is no Redis: better found when the service starts than at the first logout.
    async fn connect(url: &str) -> Result<Self, RedisError> {
        // Well below the two seconds that a hook may take, so that an error is named and not only late.
        let within = Some(Duration::from_millis(500));
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(within)
            .set_response_timeout(within)
            .set_number_of_retries(1);
        Client::open(url)?.get_connection_manager_with_config(config).await.map(Self)
    }
}

fn key(session: SessionId) -> String {
    format!("hardtack:denied:{session}")
}

impl DenyList for RedisDenyList {
    fn deny(&self, session: SessionId, ends_at: OffsetDateTime, now: OffsetDateTime) -> HookFuture<'_, ()> {
        let mut redis = self.0.clone();
        let seconds = ends_at.unix_timestamp().saturating_sub(now.unix_timestamp()).saturating_add(SKEW);
        Box::pin(async move {
            // SET key "" EX seconds; a session that ended long ago needs no entry, but Redis wants a second at least.
            Ok(redis.set_ex(key(session), "", u64::try_from(seconds).unwrap_or(0).max(1)).await?)
        })
    }

    fn is_denied(&self, session: SessionId, _: OffsetDateTime) -> HookFuture<'_, bool> {
        let mut redis = self.0.clone();
        Box::pin(async move { Ok(redis.exists(key(session)).await?) })
    }
}

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
    let url = env::var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned());
    let sessions = SessionLayer::<Login>::builder(Keyring::from_env("HARDTACK_KEYS")?)
        .deny_list(RedisDenyList::connect(&url).await?)
        .observer(|event: &Event<'_>| {
            if let EventKind::HookFailed(failure) = event.kind {
                eprintln!("{}: {failure}", event.cookie);
            }
        })
        .build()?;
    let app = Router::new()
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/whoami", get(who_am_i))
        .layer(sessions);
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    login.begin(Login { name: form.name })?; // a real service checks a password first
    Ok(Redirect::to("/whoami"))
}

/// If the list cannot be told, the response is a 500 and the session lives: nobody is shown a logout that was none.
async fn log_out(login: Session<Login>) -> Redirect {
    login.end();
    Redirect::to("/whoami")
}

async fn who_am_i(login: Session<Login>) -> Json<Value> {
    Json(json!({ "user": login.get().map(|login| login.name.clone()) }))
}
