//! Forms that other sites cannot send: cross-site requests are refused by a layer, and every form carries a token, the login
//! form too.
//!
//! Run it and open <http://127.0.0.1:3000>, or the `PORT` it was given:
//!
//! ```sh
//! cargo run --example csrf --features axum
//! ```

use std::{env, error::Error, sync::Arc};

use axum::{
    Form, Router,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use hardtack::{ConfigError, CsrfToken, Current, Keyring, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use tower_http::csrf::CsrfLayer;

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
    notes: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// Whoever sees the login form: nobody yet, but this browser.
#[derive(Serialize, Deserialize)]
struct Prelogin;

impl SessionData for Prelogin {
    const COOKIE: &'static str = "__Host-prelogin";
}

#[derive(Deserialize)]
struct SignIn {
    csrf: String,
    name: String,
}

#[derive(Deserialize)]
struct Note {
    csrf: String,
    text: String,
}

#[derive(Deserialize)]
struct Plain {
    csrf: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app(Keyring::generate()?)?).await?;
    Ok(())
}

/// The cross-site layer is the outermost: what it refuses opens no session.
pub(crate) fn app(keys: Keyring) -> Result<Router, ConfigError> {
    let keys = Arc::new(keys);
    let logins = SessionLayer::<Login>::builder(Arc::clone(&keys)).sign_in_at("/login").build()?;
    let prelogins = SessionLayer::<Prelogin>::new(keys)?;
    Ok(Router::new()
        .route("/", get(home))
        .route("/login", get(sign_in).post(log_in))
        .route("/note", post(note))
        .route("/logout", post(log_out))
        .layer(logins)
        .layer(prelogins)
        .layer(CsrfLayer::new()))
}

async fn sign_in(prelogin: Session<Prelogin>) -> Result<Html<String>, SessionError> {
    if prelogin.get().is_none() {
        prelogin.begin(Prelogin)?;
    }
    Ok(sign_in_form("", &prelogin.csrf_token()?))
}

/// A token that does not fit is an old tab more often than an attack: the form again, as it was filled in.
async fn log_in(
    prelogin: Session<Prelogin>,
    login: Session<Login>,
    Form(form): Form<SignIn>,
) -> Result<Response, SessionError> {
    if prelogin.verify_csrf(&form.csrf).is_err() {
        if prelogin.get().is_none() {
            prelogin.begin(Prelogin)?;
        }
        return Ok((StatusCode::FORBIDDEN, sign_in_form(&form.name, &prelogin.csrf_token()?)).into_response());
    }
    login.begin(Login { name: form.name, notes: 0 })?; // a real service checks a password first
    prelogin.end();
    Ok(Redirect::to("/").into_response())
}

async fn home(login: Session<Login>, current: Current<Login>) -> Result<Html<String>, SessionError> {
    let csrf = login.csrf_token()?;
    let (name, notes) = (escape(&current.name), current.notes);
    Ok(Html(format!(
        "<h1>{name}, {notes} notes</h1>\
         <form method=post action=/note><input type=hidden name=csrf value={csrf}><input name=text><button>Note</button></form>\
         <form method=post action=/logout><input type=hidden name=csrf value={csrf}><button>Log out</button></form>"
    )))
}

/// Where nothing is lost, the 403 of the error will do.
async fn note(login: Session<Login>, Form(form): Form<Note>) -> Result<Redirect, SessionError> {
    login.verify_csrf(&form.csrf)?;
    login.update(|login| login.notes = login.notes.saturating_add(u64::from(!form.text.is_empty())))?;
    Ok(Redirect::to("/"))
}

async fn log_out(login: Session<Login>, Form(form): Form<Plain>) -> Result<Redirect, SessionError> {
    login.verify_csrf(&form.csrf)?;
    login.end();
    Ok(Redirect::to("/login"))
}

/// The token needs no escaping; a name is whatever somebody typed.
fn sign_in_form(name: &str, csrf: &CsrfToken) -> Html<String> {
    let name = escape(name);
    Html(format!(
        "<h1>Who are you?</h1><form method=post><input type=hidden name=csrf value={csrf}>\
         <input name=name required value=\"{name}\"><button>Log in</button></form>"
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
