//! Login, logout, and a test of them, in actix-web. `docs/COMPARISON.md` counts its lines beside those of others.

use std::error::Error;

use actix_web::{
    App, HttpServer, Responder,
    web::{Form, Redirect, ServiceConfig, get, post},
};
use hardtack::{Current, Keyring, Session, SessionData, SessionError, actix::SessionMiddleware};
use serde::{Deserialize, Serialize};

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

async fn home(login: Current<Login>) -> impl Responder {
    format!("Hello {}", login.name)
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<impl Responder, SessionError> {
    login.begin(Login { user: 7, name: form.name })?; // after the password was checked
    Ok(Redirect::to("/").see_other())
}

async fn log_out(login: Session<Login>) -> impl Responder {
    login.end();
    Redirect::to("/").see_other()
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/", get().to(home))
        .route("/login", get().to(async || "Who are you?"))
        .route("/login", post().to(log_in))
        .route("/logout", post().to(log_out));
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let keys = Keyring::from_env("HARDTACK_KEYS")?;
    let sessions = SessionMiddleware::<Login>::builder(keys).sign_in_at("/login").build()?;
    let app = move || App::new().configure(routes).wrap(sessions.clone());
    HttpServer::new(app).bind("127.0.0.1:3000")?.run().await?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use actix_web::{
        body::BoxBody,
        dev::ServiceResponse,
        test::{TestRequest, call_service, init_service, read_body},
    };
    use hardtack::testing::TestKit;

    use super::*;

    async fn send(kit: &TestKit, request: TestRequest, path: &str, cookie: &str) -> ServiceResponse<BoxBody> {
        let sessions = SessionMiddleware::<Login>::builder(kit.keyring()).clock(kit.clock()).sign_in_at("/login");
        let app = init_service(App::new().configure(routes).wrap(sessions.build().unwrap())).await;
        let request = request.uri(path).insert_header(("cookie", cookie)).set_form([("name", "Ada")]);
        call_service(&app, request.to_request()).await.map_into_boxed_body()
    }

    #[actix_web::test]
    async fn a_login_lasts_until_the_logout() {
        let (kit, ada) = (TestKit::new(), Login { user: 7, name: "Ada".into() });
        let stranger = send(&kit, TestRequest::get(), "/", "").await;
        assert_eq!(
            (stranger.status().as_u16(), stranger.headers().get("location").unwrap().as_bytes()),
            (303, &b"/login"[..])
        );

        let welcome = send(&kit, TestRequest::post(), "/login", "").await;
        assert_eq!(kit.open(welcome.headers()).as_ref(), Some(&ada));

        let home = send(&kit, TestRequest::get(), "/", &kit.cookie(&ada)).await;
        assert_eq!(read_body(home).await, "Hello Ada");

        let bye = send(&kit, TestRequest::post(), "/logout", &kit.cookie(&ada)).await;
        assert!(bye.headers().contains_key("set-cookie") && kit.open::<Login>(bye.headers()).is_none());
    }
}
