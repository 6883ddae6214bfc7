//! A service that people log in to, in actix-web: the same routes and the same cookie as `login.rs`, so with the same keys each
//! knows whom the other logged in. The only state in the world is the cookie.
//!
//! Run it and open <http://127.0.0.1:3000>:
//!
//! ```sh
//! cargo run --example actix_login --features actix-web
//! ```
//!
//! Without configuration it makes a key for this run. With `HARDTACK_KEYS` it uses those keys: restarted with them, people
//! stay logged in, and a second instance on another `PORT` knows them too.

use std::{env, error::Error};

use actix_web::{
    App, HttpServer, Responder,
    web::{Form, Html, Json, Redirect, get, post},
};
use hardtack::{Current, KeyError, Keyring, Session, SessionData, SessionError, actix::SessionMiddleware};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sessions = SessionMiddleware::<Login>::builder(keyring()?).sign_in_at("/").build()?;
    let app = move || {
        App::new()
            .wrap(sessions.clone())
            .route("/", get().to(home))
            .route("/login", post().to(log_in))
            .route("/logout", post().to(log_out))
            .route("/visit", post().to(visit))
            .route("/whoami", get().to(who_am_i))
    };
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let server = HttpServer::new(app).workers(2).bind(("127.0.0.1", port))?;
    for address in server.addrs() {
        println!("listening on http://{address}");
    }
    server.run().await?;
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
async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<impl Responder, SessionError> {
    login.begin(Login { name: form.name, visits: 0 })?; // a real service checks a password first
    login.remember(form.remember.is_some())?;
    Ok(Redirect::to("/").see_other())
}

async fn log_out(login: Session<Login>) -> impl Responder {
    login.end();
    Redirect::to("/").see_other()
}

async fn visit(_: Current<Login>, login: Session<Login>) -> Result<impl Responder, SessionError> {
    login.update(|login| login.visits = login.visits.saturating_add(1))?;
    Ok(Redirect::to("/").see_other())
}

async fn who_am_i(login: Session<Login>) -> Json<Value> {
    let data = login.get();
    let claims = login.claims();
    Json(json!({
        "user": data.as_ref().map(|login| &login.name),
        "visits": data.as_ref().map_or(0, |login| login.visits),
        "session_id": claims.map(|claims| claims.session_id().to_string()),
        "created_at": claims.map(|claims| claims.created_at().unix_timestamp()),
        "ends_at": claims.map(|claims| claims.ends_at().unix_timestamp()),
        "issued_at": claims.map(|claims| claims.issued_at().unix_timestamp()),
        "expires_at": claims.map(|claims| claims.expires_at().unix_timestamp()),
        "key_id": login.key_id().map(|id| id.to_string()),
    }))
}

async fn home(login: Session<Login>) -> Html {
    let body = match (login.get(), login.claims()) {
        (Some(data), Some(claims)) => signed_in(&data, &claims),
        _ => SIGN_IN.to_owned(),
    };
    Html::new(format!("{HEAD}{body}</main>"))
}

fn signed_in(login: &Login, claims: &hardtack::Claims) -> String {
    let (name, visits) = (escape(&login.name), login.visits);
    let kind = if claims.remembered() { "remembered" } else { "until the browser closes" };
    format!(
        "<h1>Hello, {name}</h1>\
         <dl><dt>Logged in since</dt><dd>{since}</dd><dt>Ends at the latest</dt><dd>{until}</dd>\
         <dt>Expires unless used</dt><dd>{expires}</dd><dt>Kind</dt><dd>{kind}</dd>\
         <dt>Visits counted</dt><dd>{visits}</dd></dl>\
         <form method=post action=/visit><button>Count a visit</button></form>\
         <form method=post action=/logout><button class=plain>Log out</button></form>",
        since = minutes(claims.created_at()),
        until = minutes(claims.ends_at()),
        expires = minutes(claims.expires_at()),
    )
}

fn minutes(instant: time::OffsetDateTime) -> String {
    let (date, hour, minute) = (instant.date(), instant.hour(), instant.minute());
    format!("{date} {hour:02}:{minute:02} UTC")
}

/// A name is whatever somebody typed.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const HEAD: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>hardtack</title>\
    <meta name=viewport content='width=device-width'>\
    <style>body{font:16px/1.5 system-ui,sans-serif;background:#f4efe6;color:#2b2620;margin:0}\
    main{max-width:26rem;margin:12vh auto;padding:2rem;background:#fff;border-radius:.75rem;\
    box-shadow:0 1px 12px #0002}h1{margin-top:0}dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}\
    dt{color:#8a7f70}dd{margin:0}input[type=text]{width:100%;box-sizing:border-box}\
    input,button{font:inherit;padding:.5rem .75rem}button{background:#8a5a2b;color:#fff;border:0;border-radius:.4rem}\
    button.plain{background:none;color:#8a5a2b}form{margin:.75rem 0}label{display:block;margin:.5rem 0}</style><main>";

const SIGN_IN: &str = "<h1>Who are you?</h1><form method=post action=/login>\
    <label>Name <input type=text name=name required autofocus autocomplete=username></label>\
    <label><input type=checkbox name=remember value=yes> Remember me</label>\
    <button>Log in</button></form>";
