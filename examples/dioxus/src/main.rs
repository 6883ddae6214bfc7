//! Dioxus fullstack: a server function names the session among its extractors, and the layer writes its cookie.
//!
//! ```sh
//! cargo run --manifest-path examples/dioxus/Cargo.toml
//! curl -i --json '{"name":"Ada"}' http://127.0.0.1:8080/api/log_in
//! ```

use dioxus::prelude::*;
use hardtack::{Keyring, Session, SessionData, tower::SessionLayer};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[post("/api/log_in", session: Session<Login>)]
async fn log_in(name: String) -> Result<()> {
    session.begin(Login { name })?; // after the password was checked
    Ok(())
}

#[get("/api/who", session: Session<Login>)]
async fn who() -> Result<Option<String>> {
    Ok(session.get().map(|login| login.name.clone()))
}

#[post("/api/log_out", session: Session<Login>)]
async fn log_out() -> Result<()> {
    session.end();
    Ok(())
}

fn page() -> Element {
    rsx! { "Log in" }
}

fn main() {
    dioxus::serve(|| async {
        let sessions = SessionLayer::<Login>::new(Keyring::generate()?)?;
        Ok(dioxus::server::router(page).layer(sessions))
    });
}
