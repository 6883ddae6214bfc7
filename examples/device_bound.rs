//! A login whose session is bound to the device, where the browser can do that (docs/DEVICE.md).
//!
//! Browsers bind over https only. Without a certificate, this serves http for a proxy that ends TLS; browsers that come to it directly
//! log in as ever:
//!
//! ```sh
//! cargo run --example device_bound --features axum,device-bound
//! ```

use std::{env, error::Error};

use axum::{
    Router,
    response::{Html, Redirect},
    routing::{get, post},
};
use hardtack::{
    Current, DeviceBinding, DeviceBound, Event, EventKind, KeyError, Keyring, Session, SessionData, SessionError,
    time::Duration, tower::SessionLayer,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
    visits: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sessions = SessionLayer::<Login>::builder(keyring()?)
        .device_bound(device_bound())
        .sign_in_at("/")
        .observer(|event: &Event<'_>| match event.kind {
            EventKind::DeviceRefused(reason) => println!("device_refused: {reason}"),
            EventKind::DeviceEnded(reason) => println!("device_ended: {reason}"),
            EventKind::Held(refusal) => println!("held: {refusal}"),
            EventKind::DeviceOffered | EventKind::DeviceBound | EventKind::DeviceProved | EventKind::DeviceHealed => {
                println!("{}", event.kind.name());
            }
            _ => {}
        })
        .build()?;
    let app = Router::new()
        .route("/", get(home))
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/visit", post(visit))
        .route("/pay", post(pay))
        .route("/whoami", get(who_am_i))
        .layer(sessions);
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// The defaults; or, for `scripts/device`, proofs so short that a browser shows some refreshes within minutes.
fn device_bound() -> DeviceBound {
    let device = DeviceBound::new();
    #[cfg(feature = "testing")]
    if let Some(seconds) = env::var("PROOF_SECONDS").ok().and_then(|seconds| seconds.parse().ok()) {
        let device = device.proof_lifetime_in_tests(Duration::seconds(seconds));
        let reloads = env::var("RELOAD_LINKS").is_ok();
        return if reloads { device.insecure_reload_links_from_other_sites() } else { device };
    }
    device.proof_lifetime(Duration::minutes(10))
}

fn keyring() -> Result<Keyring, KeyError> {
    match Keyring::from_env("HARDTACK_KEYS") {
        Err(KeyError::Missing { .. }) => Keyring::generate(),
        configured => configured,
    }
}

async fn log_in(login: Session<Login>) -> Result<Redirect, SessionError> {
    login.begin(Login { name: "Ada".to_owned(), visits: 0 })?; // a real service checks a password first
    login.remember(true)?;
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

/// An act that copied cookies must not be enough for.
async fn pay(login: Session<Login>) -> Result<&'static str, SessionError> {
    login.require_bound()?;
    Ok("paid")
}

async fn who_am_i(login: Session<Login>) -> String {
    let bound = match login.binding() {
        DeviceBinding::Bound { key, .. } => format!("bound to {key}"),
        _ => "unbound".to_owned(),
    };
    match login.get() {
        Some(data) => format!("{} {} {bound}", data.name, data.visits),
        None => "nobody".to_owned(),
    }
}

async fn home(login: Session<Login>) -> Html<String> {
    let who = who_am_i(login).await;
    Html(format!(
        "<!doctype html><title>Device-bound</title><h1>{who}</h1>\
         <form method=post action=/login><button>Log in</button></form>\
         <form method=post action=/visit><button>Count a visit</button></form>\
         <form method=post action=/pay><button>Pay</button></form>\
         <form method=post action=/logout><button>Log out</button></form>"
    ))
}
