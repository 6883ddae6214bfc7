//! A service that people log in to, in actix-web: the same routes and the same cookie as `login.rs`, so with the same keys each
//! knows whom the other logged in. The only state in the world is the cookie.
//!
//! Run it and open <http://127.0.0.1:3000>:
//!
//! ```sh
//! cargo run --manifest-path examples/actix/Cargo.toml --bin actix_login
//! ```
//!
//! Without configuration it makes a key for this run. With `HARDTACK_KEYS` it uses those keys: restarted with them, people
//! stay logged in, and a second instance on another `PORT` knows them too.

#[path = "../../login_page/mod.rs"]
mod login_page;

use std::{env, error::Error};

use actix_web::{
    App, HttpServer, Responder,
    web::{Form, Html, Json, Redirect, get, post},
};
use hardtack::{Current, KeyError, Keyring, Session, SessionData, SessionError, actix::SessionMiddleware};
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
    Json(login_page::facts(&login))
}

async fn home(login: Session<Login>) -> Html {
    Html::new(login_page::html(&login))
}
