//! OAuth 2, code flow: `state` and the PKCE verifier wait in a sealed cookie for ten minutes. The cookie holds several logins under way,
//! so that two tabs do not throw each other out. The provider is faked, so that this runs without a network. It answers by a redirect, or,
//! as Apple's does, by a form that is posted to us:
//!
//! ```sh
//! cargo run --example oauth --features axum                   # then open http://127.0.0.1:3000
//! cargo run --example oauth --features axum -- form_post
//! ```

use std::{env, error::Error, sync::Arc};

use axum::extract::{Form, Query};
use axum::response::{Html, IntoResponse, Redirect, Response, Result};
use axum::{Extension, Router, http::StatusCode, routing::get};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hardtack::{
    Clock, ConfigError, Current, Keyring, Policy, SameSite, Session, SessionData, SessionError, tower::SessionLayer,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::Duration;

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// The logins under way in this browser, one for each tab, the latest last.
#[derive(Default, Serialize, Deserialize)]
struct Flows(Vec<Flow>);

#[derive(Clone, Serialize, Deserialize)]
struct Flow {
    state: String,
    verifier: String,
    /// What was asked for.
    next: String,
    /// Unix seconds.
    until: i64,
}

/// More tabs than anybody waits in.
const MAX_FLOWS: usize = 4;
const TEN_MINUTES: Duration = Duration::minutes(10);

impl SessionData for Flows {
    const COOKIE: &'static str = "__Host-oauth";
}

/// How the provider is asked to answer.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    Query,
    FormPost,
}

/// With `form_post` the browser comes back by a POST from the provider's site, and sends no `SameSite=Lax` cookie with it.
/// So the flow's cookie is `None` then: what a forged request could do with it, `state` prevents. The login stays `Lax`.
pub(crate) fn app(keyring: Keyring, clock: Clock, mode: Mode) -> Result<Router, ConfigError> {
    let keyring = Arc::new(keyring);
    let flows = SessionLayer::<Flows>::builder(Arc::clone(&keyring))
        .policy(Policy::default().lifetimes(TEN_MINUTES, TEN_MINUTES))
        .same_site(if mode == Mode::FormPost { SameSite::None } else { SameSite::Lax });
    let logins = SessionLayer::<Login>::builder(keyring).sign_in_at("/login").return_parameter("next");
    Ok(Router::new()
        .route("/", get(async |user: Current<Login>| format!("Hello {}", user.name)))
        .route("/orders", get(async |user: Current<Login>| format!("Orders of {}", user.name)))
        .route("/login", get(start))
        .route("/return", get(finish).post(finish))
        .layer(flows.clock(clock.clone()).build()?)
        .layer(logins.clock(clock.clone()).build()?)
        .route("/provider", get(provider))
        .layer(Extension(mode))
        .layer(Extension(clock)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let mode = if env::args().any(|argument| argument == "form_post") { Mode::FormPost } else { Mode::Query };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    // A key for this run; a real service has Keyring::from_env, so that a restart logs nobody out.
    axum::serve(listener, app(Keyring::generate()?, Clock::system(), mode)?).await?;
    Ok(())
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

/// Off to the provider; in reality with `client_id`, `redirect_uri` and `response_mode` too.
async fn start(
    flows: Session<Flows>,
    login: Session<Login>,
    Extension(clock): Extension<Clock>,
    Query(asked): Query<Asked>,
) -> Result<Redirect> {
    let (state, verifier) = (random()?, random()?);
    let challenge = challenge(&verifier);
    let address = format!("/provider?state={state}&code_challenge={challenge}&code_challenge_method=S256");
    let next = login.return_to(&asked.next).map_or_else(|_| "/".to_owned(), |next| next.to_string());
    let mut all: Vec<Flow> = flows.get().map(|flows| flows.0.clone()).unwrap_or_default();
    all.drain(..all.len().saturating_sub(MAX_FLOWS.saturating_sub(1)));
    all.push(Flow { state, verifier, next, until: clock.now().saturating_add(TEN_MINUTES).unix_timestamp() });
    // Begins anew, so that the cookie lasts for as long as its latest flow.
    while let Err(error) = flows.begin(Flows(all.clone())) {
        // What was asked for was long: the oldest makes room.
        if all.len() == 1 {
            return Err(error.into());
        }
        all.remove(0);
    }
    Ok(Redirect::to(&address))
}

/// Takes out the flow that was begun in this browser with this `state`: one return for each start, whatever comes of it. A copy of the
/// cookie would still open, but a provider takes a code once.
fn take(flows: &Session<Flows>, state: &str, clock: &Clock) -> Result<Option<Flow>, SessionError> {
    let mut all: Vec<Flow> = flows.get().map(|flows| flows.0.clone()).unwrap_or_default();
    // `==` is enough: there is one guess at 256 random bits, made in somebody else's browser, so no timing to learn from.
    let Some(at) = all.iter().position(|flow| flow.state == state) else { return Ok(None) };
    let flow = all.remove(at);
    if all.is_empty() {
        flows.end();
    } else {
        flows.update(|flows| flows.0 = all)?;
    }
    Ok(Some(flow).filter(|flow| clock.now().unix_timestamp() < flow.until))
}

#[derive(Deserialize)]
struct Answer {
    state: String,
    code: Option<String>, // none if the user said no
}

/// Back from there: `Form` reads the query of a GET, and the body of a POST.
async fn finish(
    flows: Session<Flows>,
    login: Session<Login>,
    Extension(clock): Extension<Clock>,
    Form(answer): Form<Answer>,
) -> Result<Response> {
    let Some(begun) = take(&flows, &answer.state, &clock)? else {
        return Ok((StatusCode::FORBIDDEN, "this login was not begun here, or too long ago").into_response());
    };
    let Some(name) = answer.code.and_then(|code| redeem(&code, &begun.verifier)) else {
        return Ok((StatusCode::FORBIDDEN, "the provider did not vouch for you").into_response());
    };
    login.begin(Login { name })?; // browsers store a `Lax` cookie that comes with a page the user is led to, by POST too
    Ok(Redirect::to(&begun.next).into_response())
}

/// 43 characters, as many as a verifier must have.
fn random() -> Result<String, StatusCode> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// S256 of RFC 7636.
pub(crate) fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// In reality a request from here to the provider, which knows what it was asked with. This one has made that its code.
fn redeem(code: &str, verifier: &str) -> Option<String> {
    (code == challenge(verifier)).then(|| "Ada".to_owned())
}

#[derive(Deserialize)]
struct Question {
    state: String,
    code_challenge: String,
}

/// In reality another site, which asks who you are.
async fn provider(
    Extension(mode): Extension<Mode>,
    Query(Question { state, code_challenge }): Query<Question>,
) -> Response {
    let ours = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match mode {
        _ if !ours(&state) || !ours(&code_challenge) => StatusCode::BAD_REQUEST.into_response(),
        Mode::Query => Redirect::to(&format!("/return?state={state}&code={code_challenge}")).into_response(),
        Mode::FormPost => Html(format!(
            "<!doctype html><title>Provider</title><form method=post action=/return>\
             <input type=hidden name=state value={state}><input type=hidden name=code value={code_challenge}>\
             <button>I am Ada</button></form>"
        ))
        .into_response(),
    }
}
