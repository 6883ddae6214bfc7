//! Log out everywhere, and stay logged in here: a cut-off for each user, and no list of sessions.
//!
//! ```sh
//! cargo run --example log_out_everywhere --features axum
//! ```
//!
//! `scripts/two_jars` plays it through with curl and two browsers' cookies.
//!
//! The cut-offs stand in a map here; a real service keeps the time in the user's row, which it reads anyway. Sessions that
//! began before their user's cut-off are refused: at once, since this service asks at every request. The default is every
//! 15 minutes, which spares most requests the look-up and lets a copied cookie live that much longer.

use std::{
    collections::HashMap,
    env,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Form, Json, Router,
    extract::State,
    response::Redirect,
    routing::{get, post},
};
use hardtack::{Current, Keyring, Session, SessionData, SessionError, Verdict, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

/// From when on the sessions of each user count.
#[derive(Clone, Default)]
struct CutOffs(Arc<Mutex<HashMap<String, OffsetDateTime>>>);

impl CutOffs {
    fn of(&self, user: &str) -> OffsetDateTime {
        let cut_offs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cut_offs.get(user).copied().unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Ends what this user has begun until now; later than the one before, so that each ends what the last one kept.
    fn raise(&self, user: &str) -> OffsetDateTime {
        let mut cut_offs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = cut_offs.entry(user.to_owned()).or_insert(OffsetDateTime::UNIX_EPOCH);
        *before = OffsetDateTime::now_utc().max(before.saturating_add(Duration::SECOND));
        *before
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
    let cut_offs = CutOffs::default();
    let asked = cut_offs.clone();
    let sessions = SessionLayer::<Login>::builder(Keyring::generate()?)
        .check_user(move |login, claims| {
            let cut_off = asked.of(&login.name);
            async move { Ok(Verdict::valid_if(claims.created_at() >= cut_off)) }
        })
        .recheck_after(Duration::ZERO)
        .build()?;
    let app = Router::new()
        .route("/login", post(log_in))
        .route("/log-out-everywhere", post(log_out_everywhere))
        .route("/whoami", get(who_am_i))
        .layer(sessions)
        .with_state(cut_offs);
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// A session that begins counts as begun at its user's cut-off at the earliest.
async fn log_in(
    State(cut_offs): State<CutOffs>,
    login: Session<Login>,
    Form(form): Form<SignIn>,
) -> Result<Redirect, SessionError> {
    let cut_off = cut_offs.of(&form.name);
    login.begin(Login { name: form.name })?; // a real service checks a password first
    login.outlive(cut_off)?;
    Ok(Redirect::to("/whoami"))
}

/// Every session of this user ends; the one at hand begins anew. A real service asks for the password once more.
async fn log_out_everywhere(
    State(cut_offs): State<CutOffs>,
    user: Current<Login>,
    login: Session<Login>,
) -> Result<Redirect, SessionError> {
    let cut_off = cut_offs.raise(&user.name);
    login.reauthenticate()?;
    login.outlive(cut_off)?;
    Ok(Redirect::to("/whoami"))
}

async fn who_am_i(login: Session<Login>) -> Json<Value> {
    Json(json!({ "user": login.get().map(|login| login.name.clone()) }))
}
