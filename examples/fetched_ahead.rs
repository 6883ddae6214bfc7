//! Pages that a browser fetches before anybody asks for them, by speculation rules: a message waits until it was seen, and looking at
//! such a page counts as activity once it is shown.
//!
//! ```sh
//! cargo run --example fetched_ahead --features axum
//! ```
//!
//! While the page is fetched ahead, `show` takes nothing and nothing is renewed. The page carries a script that makes one request when
//! it is shown: `POST /seen` takes the messages and renews the session. `scripts/ahead` drives it in a real browser.

use std::{error::Error, sync::Arc};

use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{Html, Redirect},
    routing::{get, post},
};
use hardtack::{Flash, Keyring, Messages, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// Runs when the page is shown: a prefetched page runs no script before, and a prerendered one waits.
const SEEN: &str = "<script>
    const seen = () => fetch('/seen', { method: 'POST' });
    if (document.prerendering) document.addEventListener('prerenderingchange', seen, { once: true });
    else seen();
    </script>";

const START: &str = "<form method=post><button formaction=/save/prefetch>prefetch</button>
    <button formaction=/save/prerender>prerender</button></form>";

/// GET /from/prefetch and /from/prerender: a page with a link that the browser fetches ahead at once.
async fn from(Path(how): Path<String>) -> Result<Html<String>, StatusCode> {
    let how = ["prefetch", "prerender"].into_iter().find(|way| *way == how).ok_or(StatusCode::NOT_FOUND)?;
    let rules = format!(r#"{{"{how}": [{{"urls": ["/news"], "eagerness": "immediate"}}]}}"#);
    Ok(Html(format!("<a href=/news>News</a><script type=speculationrules>{rules}</script>")))
}

/// POST /save/prefetch and /save/prerender.
async fn save(Path(how): Path<String>, login: Session<Login>, messages: Messages) -> Result<Redirect, SessionError> {
    login.begin(Login { user: 7 })?;
    messages.success("Saved.")?;
    Ok(Redirect::to(&format!("/from/{how}")))
}

async fn news(login: Session<Login>, messages: Messages) -> Html<String> {
    let said: Vec<_> = messages.show().iter().map(|message| message.text.clone()).collect(); // escape what is not your own
    let (how, script) = if login.shows_page() { ("asked for", "") } else { ("fetched ahead", SEEN) };
    Html(format!("<p>News, {how}. {}</p>{script}", said.concat()))
}

async fn seen(login: Session<Login>, messages: Messages) -> Result<StatusCode, SessionError> {
    let _ = messages.show();
    login.renew()?;
    Ok(StatusCode::NO_CONTENT)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let keys = Arc::new(Keyring::generate()?);
    let app = Router::new()
        .route("/", get(async || Html(START)))
        .route("/from/{how}", get(from))
        .route("/save/{how}", post(save))
        .route("/news", get(news))
        .route("/seen", post(seen))
        .layer(SessionLayer::<Login>::new(Arc::clone(&keys))?)
        .layer(SessionLayer::<Flash>::new(keys)?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://localhost:{}", listener.local_addr()?.port());
    axum::serve(listener, app).await?;
    Ok(())
}
