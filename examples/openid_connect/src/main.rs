//! OpenID Connect, code flow with PKCE: `state`, nonce and verifier wait in a sealed cookie for ten minutes.
//!
//! ```sh
//! export OIDC_ISSUER=https://accounts.example OIDC_CLIENT_ID=shop OIDC_CLIENT_SECRET=…
//! cargo run --manifest-path examples/openid_connect/Cargo.toml    # then open http://127.0.0.1:3000
//! ```

use std::{env, error::Error, sync::Arc};

use axum::{Extension, Router, extract::Query, http::StatusCode, response::Redirect, routing::get};
use hardtack::{ConfigError, Current, Keyring, Policy, Session, SessionData, tower::SessionLayer};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, TokenResponse,
    core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata},
    reqwest,
};
use serde::{Deserialize, Serialize};
use time::Duration;

/// Who is logged in: the provider's name for them.
#[derive(Serialize, Deserialize)]
struct Login {
    subject: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// A login under way. Only this browser has it, and nobody can read it there.
#[derive(Serialize, Deserialize)]
struct Flow {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

impl SessionData for Flow {
    const COOKIE: &'static str = "__Host-oidc";
}

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

struct Provider {
    client: Client,
    http: reqwest::Client,
}

async fn discover() -> Result<Provider, Box<dyn Error>> {
    let issuer = IssuerUrl::new(env::var("OIDC_ISSUER")?)?;
    let id = ClientId::new(env::var("OIDC_CLIENT_ID")?);
    let secret = ClientSecret::new(env::var("OIDC_CLIENT_SECRET")?);
    // A redirect of the provider's would lead this server wherever the answer says.
    let http = reqwest::ClientBuilder::new().redirect(reqwest::redirect::Policy::none()).build()?;
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await?;
    let back = RedirectUrl::new("http://127.0.0.1:3000/return".to_owned())?;
    let client = CoreClient::from_provider_metadata(metadata, id, Some(secret)).set_redirect_uri(back);
    Ok(Provider { client, http })
}

fn app(keys: Keyring, provider: Provider) -> Result<Router, ConfigError> {
    let keys = Arc::new(keys);
    let ten = Duration::minutes(10);
    let flows = SessionLayer::<Flow>::builder(Arc::clone(&keys)).policy(Policy::default().lifetimes(ten, ten));
    let logins = SessionLayer::<Login>::builder(keys).sign_in_at("/login");
    Ok(Router::new()
        .route("/", get(async |login: Current<Login>| format!("Hello {}", login.subject)))
        .route("/login", get(start))
        .route("/return", get(finish))
        .layer(flows.build()?)
        .layer(logins.build()?)
        .layer(Extension(Arc::new(provider))))
}

async fn start(provider: Extension<Arc<Provider>>, flow: Session<Flow>) -> axum::response::Result<Redirect> {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let code_flow = CoreAuthenticationFlow::AuthorizationCode;
    let request = provider.client.authorize_url(code_flow, CsrfToken::new_random, Nonce::new_random);
    let (address, state, nonce) = request.set_pkce_challenge(challenge).url();
    flow.begin(Flow { state, nonce, verifier })?;
    Ok(Redirect::to(address.as_str()))
}

#[derive(Deserialize)]
struct Returned {
    code: String,
    state: String,
}

async fn finish(
    provider: Extension<Arc<Provider>>,
    flow: Session<Flow>,
    login: Session<Login>,
    Query(returned): Query<Returned>,
) -> axum::response::Result<Redirect> {
    let waiting = flow.get().filter(|flow| *flow.state.secret() == returned.state).ok_or(StatusCode::FORBIDDEN)?;
    flow.end();
    let subject = subject(&provider, &waiting, returned.code).await.map_err(|error| {
        eprintln!("login failed: {error}");
        StatusCode::FORBIDDEN
    })?;
    login.begin(Login { subject })?;
    Ok(Redirect::to("/"))
}

/// Trades the code for an ID token, and checks its signature, issuer, audience, times and nonce.
async fn subject(provider: &Provider, flow: &Flow, code: String) -> Result<String, Box<dyn Error + Send + Sync>> {
    let verifier = PkceCodeVerifier::new(flow.verifier.secret().clone());
    let request = provider.client.exchange_code(AuthorizationCode::new(code))?.set_pkce_verifier(verifier);
    let tokens = request.request_async(&provider.http).await?;
    let id_token = tokens.id_token().ok_or("the provider sent no ID token")?;
    let claims = id_token.claims(&provider.client.id_token_verifier(), &flow.nonce)?;
    Ok(claims.subject().to_string())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("open http://127.0.0.1:3000");
    // A key for this run. A service reads Keyring::from_env, so that a restart logs nobody out.
    axum::serve(listener, app(Keyring::generate()?, discover().await?)?).await?;
    Ok(())
}
