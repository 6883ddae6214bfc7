//! A service on Cloudflare Workers: its keys are a secret of the Worker's (`wrangler secret put HARDTACK_KEYS`).
//!
//! A Worker is started anew whenever its secrets change, so nothing has to be watched.

use axum::{Router, extract::Path, routing::get};
use hardtack::{Keyring, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use tower_service::Service;
use worker::{Context, Env, HttpRequest, event};

/// Who is logged in.
#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[event(fetch)]
async fn fetch(request: HttpRequest, env: Env, _: Context) -> worker::Result<axum::http::Response<axum::body::Body>> {
    let keys = Keyring::from_text(&env.secret("HARDTACK_KEYS")?.to_string());
    let keys = keys.map_err(|error| worker::Error::RustError(error.to_string()))?;
    let sessions = SessionLayer::<Login>::new(keys).map_err(|error| worker::Error::RustError(error.to_string()))?;
    let mut app = Router::new().route("/login/{user}", get(log_in)).route("/who", get(who)).layer(sessions);
    Ok(app.call(request).await?)
}

async fn log_in(login: Session<Login>, Path(user): Path<u64>) -> Result<(), SessionError> {
    login.begin(Login { user })
}

async fn who(login: Session<Login>) -> String {
    login.get().map_or_else(|| "nobody".to_owned(), |login| login.user.to_string())
}
