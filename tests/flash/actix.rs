//! The same over actix-web, and across to axum.

use actix_web::{
    App, HttpResponse, Responder,
    http::header::LOCATION,
    test::{TestRequest, init_service},
    web::{self, ServiceConfig},
};
use hardtack::{Clock, Flash, Messages, Session, SessionData, SessionError, actix::SessionMiddleware};
use serde::{Deserialize, Serialize};

use crate::common::{
    actix::{Reply, send, with_cookie},
    at,
    jar::Jar,
    ring,
};

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

fn to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

async fn save(messages: Messages) -> Result<HttpResponse, SessionError> {
    messages.success("Saved.")?;
    Ok(to("/hop"))
}

async fn hop(messages: Messages) -> Result<HttpResponse, SessionError> {
    messages.info("Hopped.")?;
    Ok(to("/page"))
}

async fn page(messages: Messages) -> String {
    let lines: Vec<_> = messages.show().iter().map(|message| format!("{}: {message}\n", message.level)).collect();
    lines.concat()
}

async fn fail(messages: Messages) -> Result<impl Responder, SessionError> {
    assert_eq!(messages.show().len(), 1);
    messages.error("Failed.")?;
    Ok(HttpResponse::BadGateway())
}

async fn log_in(login: Session<Login>, messages: Messages) -> Result<HttpResponse, SessionError> {
    login.begin(Login { user: 7 })?;
    messages.info("Welcome.")?;
    Ok(to("/page"))
}

async fn log_out(login: Session<Login>, messages: Messages) -> Result<HttpResponse, SessionError> {
    login.end();
    messages.info("Good bye.")?;
    Ok(to("/page"))
}

async fn too_much(messages: Messages) -> Result<&'static str, SessionError> {
    messages.info("x".repeat(4000))?;
    Ok("unreachable")
}

fn routes(app: &mut ServiceConfig) {
    app.route("/save", web::post().to(save))
        .route("/hop", web::get().to(hop))
        .route("/page", web::get().to(page))
        .route("/fail", web::post().to(fail))
        .route("/login", web::post().to(log_in))
        .route("/logout", web::post().to(log_out))
        .route("/too-much", web::post().to(too_much));
}

#[track_caller]
fn middleware<T: SessionData>() -> SessionMiddleware<T> {
    SessionMiddleware::builder(ring()).clock(Clock::from_fn(|| at(0))).build().unwrap()
}

/// One request to an app of its own: what connects them is the cookie.
async fn visit(jar: &mut Jar, request: TestRequest) -> Reply {
    let app = App::new().configure(routes).wrap(middleware::<Login>()).wrap(middleware::<Flash>());
    let reply = send(&init_service(app).await, with_cookie(request, &jar.header()).to_request()).await;
    jar.take(reply.cookies());
    reply
}

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

fn post(path: &str) -> TestRequest {
    TestRequest::post().uri(path)
}

#[tokio::test]
async fn a_redirect_chain_keeps_them_and_the_page_shows_them_once() {
    let mut jar = Jar::default();
    assert_eq!(visit(&mut jar, post("/save")).await.values("location"), ["/hop"]);
    assert_eq!(visit(&mut jar, get("/hop")).await.values("location"), ["/page"]);
    assert_eq!(visit(&mut jar, get("/page")).await.text, "success: Saved.\ninfo: Hopped.\n");
    assert!(jar.names().is_empty());
    assert_eq!(visit(&mut jar, get("/page")).await.text, "");
}

#[tokio::test]
async fn a_login_and_a_logout_leave_them_alone() {
    let mut jar = Jar::default();
    visit(&mut jar, post("/save")).await;
    visit(&mut jar, post("/login")).await;
    assert_eq!(jar.names(), ["__Host-flash", "__Host-login"]);
    visit(&mut jar, post("/logout")).await;
    assert_eq!(jar.names(), ["__Host-flash"]);
    assert_eq!(visit(&mut jar, get("/page")).await.text, "success: Saved.\ninfo: Welcome.\ninfo: Good bye.\n");
}

#[tokio::test]
async fn a_failing_page_keeps_what_it_showed_and_what_it_pushed() {
    let mut jar = Jar::default();
    visit(&mut jar, post("/save")).await;
    assert_eq!(visit(&mut jar, post("/fail")).await.status, 502);
    assert_eq!(visit(&mut jar, get("/page")).await.text, "success: Saved.\nerror: Failed.\n");
}

#[tokio::test]
async fn one_that_does_not_fit_is_an_error_of_the_handler() {
    let mut jar = Jar::default();
    visit(&mut jar, post("/save")).await;
    assert_eq!(visit(&mut jar, post("/too-much")).await.status, 413);
    assert_eq!(visit(&mut jar, get("/page")).await.text, "success: Saved.\n");
}

#[cfg(feature = "axum")]
#[tokio::test]
async fn what_axum_pushed_actix_shows() {
    use crate::common::web;

    let reply = web::send(&crate::flash::axum::app(), web::post("/save"), "").await;
    let mut jar = Jar::default();
    jar.take(reply.cookies());
    assert_eq!(visit(&mut jar, get("/page")).await.text, "success: Saved.\n");
}
