//! Log out on one instance, and copies of the cookie are refused on all of them: a deny-list in a Redis that runs already.
//!
//! ```sh
//! redis-server --port 6379 --save '' &
//! export HARDTACK_KEYS=$(cargo run --quiet --example generate_key) # the same keys for all instances
//! PORT=3000 cargo run --manifest-path examples/redis/Cargo.toml &
//! PORT=3001 cargo run --manifest-path examples/redis/Cargo.toml &
//! ```
//!
//! `REDIS_URL` names another Redis than the one at port 6379. `scripts/redis` plays it through with curl.
//!
//! **What Redis keeps:** keys of 48 bytes, `hardtack:denied:` and an id, which says nothing and opens nothing. A session that
//! gets a new id leaves one, a logout two: the session's own, and that of its lineage, which ends what the session became in
//! other hands. Redis drops each when no token of it opens any more. A Redis that forgets (a restart without persistence, an
//! eviction) lets copies live again until then.
//!
//! **What it costs:** one `EXISTS` of two keys for each request that uses the session, one more before a cookie is written, one
//! transaction for each logout. While Redis is away, sessions are refused and a logout is an error (`insecure_admit_when_hooks_fail` would
//! let them pass); nobody's cookie is touched, and when it is back, so are they.

use std::{env, error::Error, time::Duration};

use axum::{
    Form, Json, Router,
    response::Redirect,
    routing::{get, post},
};
use hardtack::{
    Denial, DenyId, DenyList, Event, EventKind, HookFuture, Keyring, Session, SessionData, SessionError,
    tower::SessionLayer,
};
use redis::{
    AsyncCommands, Client, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;

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

fn key(id: DenyId) -> String {
    format!("hardtack:denied:{id}")
}

impl DenyList for RedisDenyList {
    fn deny<'a>(&'a self, denials: &'a [Denial], _: OffsetDateTime) -> HookFuture<'a, ()> {
        let mut redis = self.0.clone();
        // MULTI, SET key "" EX seconds for each, EXEC: all of them, or none.
        let mut all = redis::pipe();
        all.atomic();
        for denial in denials {
            // Redis wants a second at least.
            let seconds = u64::try_from(denial.lasting.whole_seconds()).unwrap_or(0).max(1);
            all.set_ex(key(denial.id), "", seconds).ignore();
        }
        Box::pin(async move { Ok(all.query_async(&mut redis).await?) })
    }

    fn is_denied(&self, ids: [DenyId; 2], _: OffsetDateTime) -> HookFuture<'_, bool> {
        let mut redis = self.0.clone();
        Box::pin(async move { Ok(redis.exists(ids.map(key).as_slice()).await?) })
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
