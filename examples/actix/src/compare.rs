//! Login, logout, flash messages, and a test of them, in actix-web. `docs/COMPARISON.md` counts its lines beside those of
//! others.

use std::{error::Error, sync::Arc};

use actix_web::{
    App, HttpServer, Responder,
    web::{Form, Redirect, ServiceConfig, get, post},
};
use hardtack::{
    ConfigError, Current, Flash, Keyring, Messages, Session, SessionData, SessionError, actix::SessionMiddleware,
};
use serde::{Deserialize, Serialize};

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

async fn log_in(
    login: Session<Login>,
    messages: Messages,
    Form(form): Form<SignIn>,
) -> Result<impl Responder, SessionError> {
    login.begin(Login { user: 7, name: form.name.clone() })?; // after the password was checked
    messages.success(format!("Welcome, {}", form.name))?;
    Ok(Redirect::to("/").see_other())
}

async fn log_out(login: Session<Login>, messages: Messages) -> Result<impl Responder, SessionError> {
    login.end();
    messages.info("You are logged out")?;
    Ok(Redirect::to("/login").see_other())
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/", get().to(home))
        .route("/login", get().to(sign_in))
        .route("/login", post().to(log_in))
        .route("/logout", post().to(log_out));
}

fn sessions(keys: Keyring) -> Result<(SessionMiddleware<Login>, SessionMiddleware<Flash>), ConfigError> {
    let keys = Arc::new(keys);
    let logins = SessionMiddleware::builder(Arc::clone(&keys)).sign_in_at("/login").build()?;
    Ok((logins, SessionMiddleware::new(keys)?))
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (logins, messages) = sessions(Keyring::from_env("HARDTACK_KEYS")?)?;
    let app = move || App::new().configure(routes).wrap(logins.clone()).wrap(messages.clone());
    HttpServer::new(app).bind("127.0.0.1:3000")?.run().await?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeMap;

    use actix_web::test::{TestRequest, call_service, init_service, read_body};

    use super::*;

    #[actix_web::test]
    async fn a_login_lasts_until_the_logout_and_a_message_is_shown_once() {
        let (logins, messages) = sessions(Keyring::generate().unwrap()).unwrap();
        let app = init_service(App::new().configure(routes).wrap(logins).wrap(messages)).await;
        let mut jar = BTreeMap::new();
        for (request, path, expected) in [
            (TestRequest::get(), "/", "303 /login"),
            (TestRequest::post(), "/login", "303 /"),
            (TestRequest::get(), "/", "200 Welcome, Ada\nHello Ada"),
            (TestRequest::get(), "/", "200 Hello Ada"),
            (TestRequest::post(), "/logout", "303 /login"),
            (TestRequest::get(), "/login", "200 You are logged out\nWho are you?"),
            (TestRequest::get(), "/login", "200 Who are you?"),
            (TestRequest::get(), "/", "303 /login"),
        ] {
            let cookies: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = request.uri(path).insert_header(("cookie", cookies.join("; "))).set_form([("name", "Ada")]);
            let response = call_service(&app, request.to_request()).await;
            for set_cookie in response.headers().get_all("set-cookie") {
                let (name, rest) = set_cookie.to_str().unwrap().split_once('=').unwrap();
                jar.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
            }
            jar.retain(|_, value| !value.is_empty());
            let location = response.headers().get("location").map_or("", |location| location.to_str().unwrap());
            let start = format!("{} {location}", response.status().as_u16());
            let body = read_body(response).await;
            assert_eq!(start + str::from_utf8(&body).unwrap(), expected, "{path}");
        }
    }
}
