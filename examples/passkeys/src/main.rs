//! Passkeys: the state of a WebAuthn ceremony waits in a sealed cookie, so no server has to remember it.
//!
//! ```sh
//! cargo run --manifest-path examples/passkeys/Cargo.toml    # then open http://localhost:3000
//! ```

mod accounts;

use std::{error::Error, sync::Arc};

use accounts::Accounts;
use axum::{
    Extension, Json, Router,
    extract::Path,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use hardtack::{Current, Keyring, Policy, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use time::Duration;
use webauthn_rs::prelude::{
    CreationChallengeResponse, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, RequestChallengeResponse, Url, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

/// Who is logged in.
#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// A ceremony under way: its user, and the state of `webauthn-rs` as JSON, because that is what its types are made for.
#[derive(Serialize, Deserialize)]
struct Ceremony {
    name: String,
    kind: Kind,
    state: String,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Kind {
    Registration,
    Authentication,
}

impl SessionData for Ceremony {
    const COOKIE: &'static str = "__Host-passkey";
}

type Shared = Extension<Arc<State>>;

struct State {
    webauthn: Webauthn,
    accounts: Accounts,
}

fn app(keys: Keyring, state: State) -> Result<Router, Box<dyn Error>> {
    let keys = Arc::new(keys);
    let five = Duration::minutes(5);
    let ceremonies =
        SessionLayer::<Ceremony>::builder(Arc::clone(&keys)).policy(Policy::default().lifetimes(five, five));
    Ok(Router::new()
        .route("/", get(async || Html(include_str!("page.html"))))
        .route("/me", get(async |login: Current<Login>| login.name.clone()))
        .route("/register/{name}", post(start_registration))
        .route("/registered", post(finish_registration))
        .route("/login/{name}", post(start_login))
        .route("/logged-in", post(finish_login))
        .layer(ceremonies.build()?)
        .layer(SessionLayer::<Login>::new(keys)?)
        .layer(Extension(Arc::new(state))))
}

/// In a real service this asks for a login first, unless the account is new.
async fn start_registration(
    state: Shared,
    ceremony: Session<Ceremony>,
    Path(name): Path<String>,
) -> Result<Json<CreationChallengeResponse>, Failed> {
    if state.accounts.knows(&name) {
        return Err(Failed::Refused);
    }
    let (challenge, waiting) = state.webauthn.start_passkey_registration(Uuid::new_v4(), &name, &name, None)?;
    begin(&ceremony, name, Kind::Registration, &waiting)?;
    Ok(Json(challenge))
}

async fn finish_registration(
    state: Shared,
    ceremony: Session<Ceremony>,
    login: Session<Login>,
    Json(answer): Json<RegisterPublicKeyCredential>,
) -> Result<StatusCode, Failed> {
    let (name, waiting) = finish::<PasskeyRegistration>(&ceremony, Kind::Registration)?;
    let passkey = state.webauthn.finish_passkey_registration(&answer, &waiting)?;
    state.accounts.add(&name, passkey)?;
    login.begin(Login { name })?;
    Ok(StatusCode::NO_CONTENT)
}

async fn start_login(
    state: Shared,
    ceremony: Session<Ceremony>,
    Path(name): Path<String>,
) -> Result<Json<RequestChallengeResponse>, Failed> {
    let (challenge, waiting) = state.webauthn.start_passkey_authentication(&state.accounts.passkeys(&name)?)?;
    begin(&ceremony, name, Kind::Authentication, &waiting)?;
    Ok(Json(challenge))
}

async fn finish_login(
    state: Shared,
    ceremony: Session<Ceremony>,
    login: Session<Login>,
    Json(answer): Json<PublicKeyCredential>,
) -> Result<StatusCode, Failed> {
    let (name, waiting) = finish::<PasskeyAuthentication>(&ceremony, Kind::Authentication)?;
    let result = state.webauthn.finish_passkey_authentication(&answer, &waiting)?;
    // A cookie can be copied, so the answer is used up here and not by removing the cookie.
    state.accounts.use_up(&name, &answer, &result)?;
    login.begin(Login { name })?;
    Ok(StatusCode::NO_CONTENT)
}

fn begin(ceremony: &Session<Ceremony>, name: String, kind: Kind, waiting: &impl Serialize) -> Result<(), Failed> {
    let state = serde_json::to_string(waiting).map_err(|_| Failed::Refused)?;
    Ok(ceremony.begin(Ceremony { name, kind, state })?)
}

/// The state of the ceremony under way, if it is of this kind. The cookie is removed, whatever comes of it.
fn finish<S: for<'de> Deserialize<'de>>(ceremony: &Session<Ceremony>, kind: Kind) -> Result<(String, S), Failed> {
    let waiting = ceremony.get().filter(|waiting| waiting.kind == kind).ok_or(Failed::Refused)?;
    ceremony.end();
    let state = serde_json::from_str(&waiting.state).map_err(|_| Failed::Refused)?;
    Ok((waiting.name.clone(), state))
}

/// One answer to the client for everything that goes wrong in a ceremony.
enum Failed {
    Refused,
    Session(SessionError),
}

impl From<WebauthnError> for Failed {
    fn from(error: WebauthnError) -> Self {
        eprintln!("webauthn: {error}");
        Self::Refused
    }
}

impl From<SessionError> for Failed {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        match self {
            Self::Refused => StatusCode::FORBIDDEN.into_response(),
            Self::Session(error) => error.into_response(),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let webauthn = WebauthnBuilder::new("localhost", &Url::parse("http://localhost:3000")?)?.build()?;
    let state = State { webauthn, accounts: Accounts::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("open http://localhost:3000");
    // A key for this run. A service reads Keyring::from_env, so that a restart logs nobody out.
    axum::serve(listener, app(Keyring::generate()?, state)?).await?;
    Ok(())
}
