//! Takes over the sessions of a Django service while both run. A person who is logged in there is logged in here, with a session of
//! hardtack's from the first request on. A logout here ends both.
//!
//! `scripts/django_cookies` runs it beside `app.py`.

mod reader;

use std::{env, error::Error, sync::Arc};

use axum::{
    Extension, Router,
    extract::Request,
    http::{HeaderMap, header::COOKIE},
    middleware::{Next, from_fn},
    response::{AppendHeaders, IntoResponse, Response, Result},
    routing::{get, post},
};
use hardtack::{Keyring, Session, SessionData, tower::SessionLayer};
use reader::Reader;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// The session of either service: Django's JSON has the same fields, and some more.
#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
    theme: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// Runs inside of the session layer. A cookie of our own decides, also if it is refused: somebody who logged out here stays logged out.
async fn adopt(
    reader: Extension<Arc<Reader>>,
    login: Session<Login>,
    request: Request,
    next: Next,
) -> Result<Response> {
    if login.get().is_none() && login.refusal().is_none() {
        let found = cookie(request.headers(), "sessionid");
        if let Some(theirs) = found.and_then(|cookie| reader.open(cookie, OffsetDateTime::now_utc())) {
            login.begin(theirs)?;
            login.end_by(reader.until())?; // an adopted session ends with the transition, at the latest
        }
    }
    Ok(next.run(request).await)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let headers = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value.trim_matches('"'))
}

async fn home(login: Session<Login>) -> String {
    login.get().map_or("Who are you?".to_owned(), |login| format!("Hello {}, in {}", login.name, login.theme))
}

/// Removes Django's cookie, too: otherwise the next request would adopt it again.
async fn log_out(login: Session<Login>) -> impl IntoResponse {
    login.end();
    (AppendHeaders([("set-cookie", "sessionid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax")]), "Good-bye")
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn Error>> {
    let [age, until] = [env::var("AGE")?.parse()?, env::var("UNTIL")?.parse()?];
    let until = OffsetDateTime::from_unix_timestamp(until)?;
    let reader = Arc::new(Reader::new(&env::var("DJANGO_SECRET_KEY")?, Duration::seconds(age), until));
    let app = Router::new()
        .route("/", get(home))
        .route("/logout", post(log_out))
        .layer(from_fn(adopt))
        .layer(SessionLayer::<Login>::new(Keyring::from_env("HARDTACK_KEYS")?)?)
        .layer(Extension(reader));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", env::var("PORT")?.parse::<u16>()?)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
