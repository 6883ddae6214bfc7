//! A service that takes over the sessions of a Django site: whoever is logged in there is logged in here, without a new login.
//!
//! `scripts/django` runs it beside `site.py`, a small Django site. docs/DJANGO.md says how the two work together.
//!
//! A visitor without a session here goes to Django and comes back with a token. The token is bound to the visit that asked for it, so a
//! link with somebody else's token logs nobody in.

use std::{env, error::Error, fmt::Write, sync::Arc};

use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use hardtack::{
    Binding, Context, Keyring, Policy, Scratch, Sealer, Session, SessionData, SessionError, tower::SessionLayer,
};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// A visit that Django is asked about. Its session's id is what the answer is bound to.
#[derive(Serialize, Deserialize)]
struct Arriving;

impl SessionData for Arriving {
    const COOKIE: &'static str = "__Host-arriving";
}

struct Django {
    hand_over: String,
    tokens: Sealer,
}

#[derive(Deserialize)]
struct Answer {
    token: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let keys = Arc::new(Keyring::from_env("HARDTACK_KEYS")?);
    let two_minutes = Policy::default().idle_timeout(Duration::minutes(2)).absolute_timeout(Duration::minutes(2));
    let tokens = Sealer::new(&keys, &Context::value("hand-over")?, two_minutes)?;
    let django = Django { hand_over: env::var("DJANGO_URL")? + "/hand-over", tokens };
    let app = Router::new()
        .route("/", get(home))
        .route("/arrive", get(arrive))
        .route("/logout", post(log_out))
        .layer(SessionLayer::<Login>::new(Arc::clone(&keys))?)
        .layer(SessionLayer::<Arriving>::new(keys)?)
        .with_state(Arc::new(django));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", env::var("PORT")?.parse()?)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

async fn home(
    login: Session<Login>,
    visit: Session<Arriving>,
    State(django): State<Arc<Django>>,
) -> Result<Response, SessionError> {
    if let Some(login) = login.get() {
        return Ok(format!("hello {}\n", login.name).into_response());
    }
    visit.begin(Arriving)?;
    let state = visit.claims().map(|claims| hex(claims.session_id().as_bytes())).unwrap_or_default();
    Ok(Redirect::to(&format!("{}?state={state}", django.hand_over)).into_response())
}

async fn arrive(
    login: Session<Login>,
    visit: Session<Arriving>,
    State(django): State<Arc<Django>>,
    Query(answer): Query<Answer>,
) -> Result<Response, SessionError> {
    let Some(name) = visit.claims().and_then(|visit| django.opens(visit.session_id().as_bytes(), &answer.token)) else {
        return Ok((StatusCode::FORBIDDEN, "begin at /\n").into_response());
    };
    visit.end();
    login.begin(Login { name })?;
    Ok(Redirect::to("/").into_response())
}

async fn log_out(login: Session<Login>) -> &'static str {
    login.end();
    "logged out here; log out at Django, too\n"
}

impl Django {
    /// Whom Django names, if it answers this visit.
    fn opens(&self, visit: &[u8], token: &str) -> Option<String> {
        let mut scratch = Scratch::new();
        let visit = Binding::new(visit).ok()?;
        let opened = self.tokens.open(token, visit, OffsetDateTime::now_utc(), &mut scratch).ok()?;
        String::from_utf8(opened.payload().to_vec()).ok()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
