//! OAuth 2, code flow: `state` and the PKCE verifier wait in a sealed cookie of ten minutes. The provider is faked, so that
//! this runs without a network. It answers by a redirect, or, as Apple's does, by a form that is posted to us:
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
use hardtack::{Clock, ConfigError, Current, Keyring, Policy, SameSite, Session, SessionData, tower::SessionLayer};
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

/// A login under way. One in a browser: of two that are begun in two tabs, the later one counts.
#[derive(Serialize, Deserialize)]
struct Flow {
    state: String,
    verifier: String,
}

impl SessionData for Flow {
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
    let flows = SessionLayer::<Flow>::builder(Arc::clone(&keyring))
        .policy(Policy::default().lifetimes(Duration::minutes(10), Duration::minutes(10)))
        .same_site(if mode == Mode::FormPost { SameSite::None } else { SameSite::Lax });
    let logins = SessionLayer::<Login>::builder(keyring).sign_in_at("/login");
    Ok(Router::new()
        .route("/", get(async |user: Current<Login>| format!("Hello {}", user.name)))
        .route("/login", get(start))
        .route("/return", get(finish).post(finish))
        .layer(flows.clock(clock.clone()).build()?)
        .layer(logins.clock(clock).build()?)
        .route("/provider", get(provider))
        .layer(Extension(mode)))
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

/// Off to the provider; in reality with `client_id`, `redirect_uri` and `response_mode` too.
async fn start(flow: Session<Flow>) -> Result<Redirect> {
    let (state, verifier) = (random()?, random()?);
    let challenge = challenge(&verifier);
    let address = format!("/provider?state={state}&code_challenge={challenge}&code_challenge_method=S256");
    flow.begin(Flow { state, verifier })?;
    Ok(Redirect::to(&address))
}

#[derive(Deserialize)]
struct Answer {
    state: String,
    code: Option<String>, // none if the user said no
}

/// Back from there: `Form` reads the query of a GET, and the body of a POST.
async fn finish(flow: Session<Flow>, login: Session<Login>, Form(answer): Form<Answer>) -> Result<Response> {
    let begun = flow.get();
    // One return for each start, whatever comes of it. A copy of the cookie would still open, but a provider takes a code once.
    flow.end();
    // `==` is enough: there is one guess at 256 random bits, made in somebody else's browser, so no timing to learn from.
    let Some(begun) = begun.filter(|begun| begun.state == answer.state) else {
        return Ok((StatusCode::FORBIDDEN, "this login was not begun here, or too long ago").into_response());
    };
    let Some(name) = answer.code.and_then(|code| redeem(&code, &begun.verifier)) else {
        return Ok((StatusCode::FORBIDDEN, "the provider did not vouch for you").into_response());
    };
    login.begin(Login { name })?; // browsers store a `Lax` cookie that comes with a page the user is led to, by POST too
    Ok(Redirect::to("/").into_response())
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
