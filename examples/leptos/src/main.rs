//! Leptos: a server function takes the session as a handler would, and the layer writes its cookie.
//!
//! ```sh
//! cargo run --manifest-path examples/leptos/Cargo.toml
//! curl -i -H 'accept: application/json' -d name=Ada http://127.0.0.1:3000/api/log_in
//! ```

use std::error::Error;

use axum::{Router, routing::post};
use hardtack::{Keyring, Session, SessionData, tower::SessionLayer};
use leptos::prelude::{ServerFnError, server};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// The request's session. The layer has put it there, and writes it when the response leaves.
async fn session() -> Result<Session<Login>, ServerFnError> {
    Ok(leptos_axum::extract().await?)
}

#[server(endpoint = "log_in")]
async fn log_in(name: String) -> Result<(), ServerFnError> {
    session().await?.begin(Login { name })?; // after the password was checked
    Ok(())
}

#[server(endpoint = "who")]
async fn who() -> Result<Option<String>, ServerFnError> {
    Ok(session().await?.get().map(|login| login.name.clone()))
}

#[server(endpoint = "log_out")]
async fn log_out() -> Result<(), ServerFnError> {
    session().await?.end();
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sessions = SessionLayer::<Login>::new(Keyring::generate()?)?;
    let app = Router::new().route("/api/{*name}", post(leptos_axum::handle_server_fns)).layer(sessions);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
