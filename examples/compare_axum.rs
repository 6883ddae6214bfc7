//! Login, logout, flash messages, and a test of them, in axum. `docs/COMPARISON.md` counts its lines beside those of others.

use std::{error::Error, sync::Arc};

use axum::{
    Form, Router,
    response::Redirect,
    routing::{get, post},
};
use hardtack::{
    ConfigError, Current, Flash, Keyring, Messages, Session, SessionData, SessionError, tower::SessionLayer,
};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

#[derive(Serialize, Deserialize)]
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

fn page(messages: &Messages, text: &str) -> String {
    let mut lines: Vec<_> = messages.show().into_iter().map(|message| message.text).collect();
    lines.push(text.to_owned());
    lines.join("\n")
}

async fn home(login: Current<Login>, messages: Messages) -> String {
    page(&messages, &format!("Hello {}", login.name))
}

async fn sign_in(messages: Messages) -> String {
    page(&messages, "Who are you?")
}

async fn log_in(login: Session<Login>, messages: Messages, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    login.begin(Login { user: 7, name: form.name.clone() })?; // after the password was checked
    messages.success(format!("Welcome, {}", form.name))?;
    Ok(Redirect::to("/"))
}

async fn log_out(login: Session<Login>, messages: Messages) -> Result<Redirect, SessionError> {
    login.end();
    messages.info("You are logged out")?;
    Ok(Redirect::to("/login"))
}

fn app(keys: Keyring) -> Result<Router, ConfigError> {
    let keys = Arc::new(keys);
    let logins = SessionLayer::<Login>::builder(Arc::clone(&keys)).sign_in_at("/login").build()?;
    let messages = SessionLayer::<Flash>::new(keys)?;
    Ok(Router::new()
        .route("/", get(home))
        .route("/login", get(sign_in).post(log_in))
        .route("/logout", post(log_out))
        .layer(logins)
        .layer(messages))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = app(Keyring::from_env("HARDTACK_KEYS")?)?;
    axum::serve(TcpListener::bind("127.0.0.1:3000").await?, app).await?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeMap;

    use axum::{body::Body, http::Request};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_login_lasts_until_the_logout_and_a_message_is_shown_once() {
        let (app, mut jar) = (app(Keyring::generate().unwrap()).unwrap(), BTreeMap::new());
        for (method, path, expected) in [
            ("GET", "/", "303 /login"),
            ("POST", "/login", "303 /"),
            ("GET", "/", "200 Welcome, Ada\nHello Ada"),
            ("GET", "/", "200 Hello Ada"),
            ("POST", "/logout", "303 /login"),
            ("GET", "/login", "200 You are logged out\nWho are you?"),
            ("GET", "/login", "200 Who are you?"),
            ("GET", "/", "303 /login"),
        ] {
            let cookies: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = Request::builder().method(method).uri(path).header("cookie", cookies.join("; "));
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let request = request.body(Body::from("name=Ada")).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            for set_cookie in response.headers().get_all("set-cookie") {
                let (name, rest) = set_cookie.to_str().unwrap().split_once('=').unwrap();
                jar.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
            }
            jar.retain(|_, value| !value.is_empty());
            let location = response.headers().get("location").map_or("", |location| location.to_str().unwrap());
            let start = format!("{} {location}", response.status().as_u16());
            let body = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(start + str::from_utf8(&body).unwrap(), expected, "{method} {path}");
        }
    }
}
