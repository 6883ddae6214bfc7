//! Login, logout, and a test of them, in axum. `docs/COMPARISON.md` counts its lines beside those of others.

use std::{error::Error, sync::Arc};

use axum::{
    Form, Router,
    response::Redirect,
    routing::{get, post},
};
use hardtack::{Clock, ConfigError, Current, Keyring, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
}

async fn home(login: Current<Login>) -> String {
    format!("Hello {}", login.name)
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    login.begin(Login { user: 7, name: form.name })?; // after the password was checked
    Ok(Redirect::to("/"))
}

async fn log_out(login: Session<Login>) -> Redirect {
    login.end();
    Redirect::to("/")
}

fn app(keys: impl Into<Arc<Keyring>>, clock: Clock) -> Result<Router, ConfigError> {
    let sessions = SessionLayer::<Login>::builder(keys).clock(clock).sign_in_at("/login").build()?;
    Ok(Router::new()
        .route("/", get(home))
        .route("/login", get("Who are you?").post(log_in))
        .route("/logout", post(log_out))
        .layer(sessions))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = app(Keyring::from_env("HARDTACK_KEYS")?, Clock::system())?;
    axum::serve(TcpListener::bind("127.0.0.1:3000").await?, app).await?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use axum::{body::Body, http::Request, response::Response};
    use hardtack::testing::TestKit;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn send(kit: &TestKit, method: &str, path: &str, cookie: &str) -> Response {
        let request = Request::builder().method(method).uri(path).header("cookie", cookie);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(Body::from("name=Ada"));
        app(kit.keyring(), kit.clock()).unwrap().oneshot(request.unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_login_lasts_until_the_logout() {
        let (kit, ada) = (TestKit::new(), Login { user: 7, name: "Ada".into() });
        let stranger = send(&kit, "GET", "/", "").await;
        assert_eq!((stranger.status().as_u16(), &stranger.headers()["location"]), (303, &"/login".parse().unwrap()));

        let welcome = send(&kit, "POST", "/login", "").await;
        assert_eq!(kit.open(welcome.headers()).as_ref(), Some(&ada));

        let home = send(&kit, "GET", "/", &kit.cookie(&ada)).await;
        assert_eq!(home.into_body().collect().await.unwrap().to_bytes(), "Hello Ada");

        let bye = send(&kit, "POST", "/logout", &kit.cookie(&ada)).await;
        assert!(bye.headers().contains_key("set-cookie") && kit.open::<Login>(bye.headers()).is_none());
    }
}
