//! A service that people log in to. The only state in the world is the cookie.
//!
//! Run it and open <http://127.0.0.1:3000>:
//!
//! ```sh
//! cargo run --example login --features axum
//! ```
//!
//! Without configuration it makes a key for this run. With `HARDTACK_KEYS` it uses those keys: restarted with them, people
//! stay logged in, and a second instance on another `PORT` knows them too.

mod login_page;

use std::{env, error::Error};

use axum::{
    Form, Json, Router,
    response::{Html, Redirect},
    routing::{get, post},
};
use hardtack::{Current, KeyError, Keyring, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
    visits: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
    #[serde(default)]
    remember: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sessions = SessionLayer::<Login>::builder(keyring()?).sign_in_at("/").build()?;
    let app = Router::new()
        .route("/", get(home))
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/visit", post(visit))
        .route("/whoami", get(who_am_i))
        .layer(sessions);
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn keyring() -> Result<Keyring, KeyError> {
    match Keyring::from_env("HARDTACK_KEYS") {
        Err(KeyError::Missing { .. }) => {
            println!("HARDTACK_KEYS is not set: using a key made for this run, which ends every session when it stops");
            Keyring::generate()
        }
        configured => configured,
    }
}

/// Logging in replaces whatever session there was: a new id, new times.
async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    login.begin(Login { name: form.name, visits: 0 })?; // a real service checks a password first
    login.remember(form.remember.is_some())?;
    Ok(Redirect::to("/"))
}

async fn log_out(login: Session<Login>) -> Redirect {
    login.end();
    Redirect::to("/")
}

async fn visit(_: Current<Login>, login: Session<Login>) -> Result<Redirect, SessionError> {
    login.update(|login| login.visits = login.visits.saturating_add(1))?;
    Ok(Redirect::to("/"))
}

async fn who_am_i(login: Session<Login>) -> Json<Value> {
    Json(login_page::facts(&login))
}

async fn home(login: Session<Login>) -> Html<String> {
    Html(login_page::html(&login))
}
