//! A service behind API Gateway. Its keys come from a source that a frozen process does not look at: hardtack looks again when it
//! thaws (docs/DEPLOY.md).

use axum::{Router, extract::Path, routing::get};
use hardtack::{ConfigError, LiveKeyring, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};

/// Who is logged in.
#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// The service, with these keys.
pub fn app(keys: impl Into<LiveKeyring>) -> Result<Router, ConfigError> {
    let sessions = SessionLayer::<Login>::builder(keys).build()?;
    Ok(Router::new().route("/login/{user}", get(log_in)).route("/who", get(who)).layer(sessions))
}

async fn log_in(login: Session<Login>, Path(user): Path<u64>) -> Result<(), SessionError> {
    login.begin(Login { user })
}

async fn who(login: Session<Login>) -> String {
    login.get().map_or_else(|| "nobody".to_owned(), |login| login.user.to_string())
}
