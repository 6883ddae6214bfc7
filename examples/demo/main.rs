//! One cookie, opened: a page that shows what is inside a session's cookie, and what happens to it.
//!
//! Run it and open <http://127.0.0.1:3000>, or the `PORT` that you gave it:
//!
//! ```sh
//! cargo run --example demo --features axum
//! ```
//!
//! With `--features axum,device-bound,testing` the session is bound to a device, and a stolen cookie is worth nothing after some
//! minutes.
//!
//! The page shows what only an operator sees: reasons, events and the opened cookie. It listens on the loopback address and
//! answers no other host. Leave it there.
//!
//! Read `visitor.rs` and `acts.rs` first: they are what an application has. `app.rs` puts the layers together. The rest shows
//! what happens.

mod acts;
mod anatomy;
pub(crate) mod app;
mod attempts;
#[cfg(all(feature = "device-bound", feature = "testing"))]
mod browser;
mod clock;
mod cookies;
mod forge;
mod guard;
mod keys;
mod log;
mod page;
mod send;
mod thief;
mod users;
mod visitor;

use std::env;

#[tokio::main]
async fn main() -> Result<(), app::Failure> {
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app::app()?).await?;
    Ok(())
}
