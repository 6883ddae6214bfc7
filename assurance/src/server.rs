//! The service under load: that of `examples/login.rs`, with sessions bound to devices, and a ring that rotates every two seconds.

use std::time::Duration;

use axum::{
    Form, Router,
    response::Redirect,
    routing::{get, post},
};
use hardtack::{Current, DeviceBound, Session, SessionError, tower::SessionLayer};
use serde::Deserialize;
use time::OffsetDateTime;

use crate::session::{Login, ring};

/// A session lives for three rings: those who are away for longer are logged out.
const ROTATION: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
struct SignIn {
    name: String,
}

/// Serves until it is ended. The first line that it prints is its address.
pub(crate) fn run() -> bool {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(serve());
    true
}

async fn serve() {
    let device = DeviceBound::new().proof_lifetime_in_tests(hardtack::time::Duration::seconds(3));
    let sessions = SessionLayer::<Login>::builder(ring(1)).device_bound(device).build().unwrap();
    let manager = sessions.manager().clone();
    tokio::spawn(async move {
        for number in 2..=u8::MAX {
            tokio::time::sleep(ROTATION).await;
            manager.force_keyring(&ring(number), OffsetDateTime::now_utc());
        }
        loop {
            for number in 1..=u8::MAX {
                tokio::time::sleep(ROTATION).await;
                manager.force_keyring(&ring(number), OffsetDateTime::now_utc());
            }
        }
    });
    let app = Router::new()
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/visit", post(visit))
        .route("/count", get(async |login: Current<Login>| format!("{} {}", login.name, login.visits)))
        .route("/open", get(async |login: Session<Login>| login.get().is_some().to_string()))
        .layer(sessions);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, app).await.unwrap();
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    login.begin(Login { name: form.name, visits: 0 })?;
    Ok(Redirect::to("/"))
}

async fn log_out(login: Session<Login>) -> Redirect {
    login.end();
    Redirect::to("/")
}

async fn visit(_: Current<Login>, login: Session<Login>) -> Result<Redirect, SessionError> {
    login.update(|login| login.visits += 1)?;
    Ok(Redirect::to("/"))
}
