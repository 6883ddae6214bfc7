//! A service that reads its keys again on `SIGHUP`, besides every ten seconds.
//!
//! ```sh
//! hardtack keyring init keys.toml
//! HARDTACK_KEYS_FILE=keys.toml cargo run --example reload_on_signal --features axum,keyring-file
//! hardtack keyring rotate keys.toml && kill -HUP "$PID"
//! ```

use std::error::Error;

use axum::{Router, routing::get};
use hardtack::{LiveKeyring, Session, SessionMap, tower::SessionLayer};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let keys = LiveKeyring::from_env("HARDTACK_KEYS")?;
    let sessions = SessionLayer::<SessionMap>::builder(&keys).build()?;
    reload_on_signal(keys)?;
    let app = Router::new().route("/", get(who)).layer(sessions);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

#[cfg(unix)]
fn reload_on_signal(keys: LiveKeyring) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hang_ups = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hang_ups.recv().await.is_some() {
            match keys.look(time::OffsetDateTime::now_utc()).await {
                Ok(true) => println!("the keys have changed"),
                Ok(false) => println!("the keys are the same"),
                Err(error) => println!("the keys stay as they are: {error}"),
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn reload_on_signal(_: LiveKeyring) -> std::io::Result<()> {
    Ok(())
}

async fn who(session: Session<SessionMap>) -> String {
    session.get().map_or_else(|| "nobody".to_owned(), |_| "somebody".to_owned())
}
