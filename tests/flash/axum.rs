//! The same over axum.

use axum::{
    Router,
    http::StatusCode,
    response::Redirect,
    routing::{get, post},
};
use hardtack::{Flash, Messages, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};

use crate::common::{
    Hands,
    jar::Jar,
    ring,
    web::{self, Reply, error, raw, send},
};

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

async fn save(messages: Messages) -> Result<Redirect, SessionError> {
    messages.success("Saved.")?;
    Ok(Redirect::to("/hop"))
}

async fn hop(messages: Messages) -> Result<Redirect, SessionError> {
    messages.info("Hopped.")?;
    Ok(Redirect::to("/page"))
}

async fn page(messages: Messages) -> String {
    let lines: Vec<_> = messages.show().iter().map(|message| format!("{}: {message}\n", message.level)).collect();
    lines.concat()
}

async fn fail(messages: Messages) -> Result<StatusCode, SessionError> {
    assert_eq!(messages.show().len(), 1);
    messages.error("Failed.")?;
    Ok(StatusCode::BAD_GATEWAY)
}

async fn log_in(login: Session<Login>, messages: Messages) -> Result<Redirect, SessionError> {
    login.begin(Login { user: 7 })?;
    messages.info("Welcome.")?;
    Ok(Redirect::to("/page"))
}

async fn log_out(login: Session<Login>, messages: Messages) -> Result<Redirect, SessionError> {
    login.end();
    messages.info("Good bye.")?;
    Ok(Redirect::to("/page"))
}

async fn too_much(messages: Messages) -> Result<&'static str, SessionError> {
    messages.info("x".repeat(4000))?;
    Ok("unreachable")
}

#[track_caller]
pub(crate) fn app() -> Router {
    let hands = Hands::default();
    Router::new()
        .route("/save", post(save))
        .route("/hop", get(hop))
        .route("/elsewhere", get(async || Redirect::to("/page")))
        .route("/page", get(page))
        .route("/fail", post(fail))
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/too-much", post(too_much))
        .layer(SessionLayer::<Login>::builder(ring()).clock(hands.clock()).build().unwrap())
        .layer(SessionLayer::<Flash>::builder(ring()).clock(hands.clock()).build().unwrap())
}

async fn visit(app: &Router, jar: &mut Jar, request: axum::http::request::Builder) -> Reply {
    let reply = send(app, request, &jar.header()).await;
    jar.take(reply.cookies());
    reply
}

#[tokio::test]
async fn a_redirect_chain_keeps_them_and_the_page_shows_them_once() {
    let (app, mut jar) = (app(), Jar::default());
    assert_eq!(visit(&app, &mut jar, web::post("/save")).await.location(), "/hop");
    assert_eq!(visit(&app, &mut jar, web::get("/hop")).await.location(), "/page");
    assert!(visit(&app, &mut jar, web::get("/elsewhere")).await.cookies().is_empty());
    assert_eq!(visit(&app, &mut jar, web::get("/page")).await.text(), "success: Saved.\ninfo: Hopped.\n");
    assert!(jar.names().is_empty());
    assert_eq!(visit(&app, &mut jar, web::get("/page")).await.text(), "");
}

#[tokio::test]
async fn a_login_and_a_logout_leave_them_alone() {
    let (app, mut jar) = (app(), Jar::default());
    visit(&app, &mut jar, web::post("/save")).await;
    visit(&app, &mut jar, web::post("/login")).await;
    assert_eq!(jar.names(), ["__Host-flash", "__Host-login"]);
    visit(&app, &mut jar, web::post("/logout")).await;
    assert_eq!(jar.names(), ["__Host-flash"]);
    let shown = "success: Saved.\ninfo: Welcome.\ninfo: Good bye.\n";
    assert_eq!(visit(&app, &mut jar, web::get("/page")).await.text(), shown);
}

#[tokio::test]
async fn showing_them_leaves_the_login_alone() {
    let (app, mut jar) = (app(), Jar::default());
    visit(&app, &mut jar, web::post("/login")).await;
    let reply = visit(&app, &mut jar, web::get("/page")).await;
    assert_eq!((reply.text(), reply.cookie()), ("info: Welcome.\n", "__Host-flash="));
    assert_eq!(jar.names(), ["__Host-login"]);
}

#[tokio::test]
async fn a_failing_page_keeps_what_it_showed_and_what_it_pushed() {
    let (app, mut jar) = (app(), Jar::default());
    visit(&app, &mut jar, web::post("/save")).await;
    assert_eq!(visit(&app, &mut jar, web::post("/fail")).await.status, 502);
    assert_eq!(visit(&app, &mut jar, web::get("/page")).await.text(), "success: Saved.\nerror: Failed.\n");
}

#[tokio::test]
async fn one_that_does_not_fit_is_an_error_of_the_handler() {
    let (app, mut jar) = (app(), Jar::default());
    visit(&app, &mut jar, web::post("/save")).await;
    let response = raw(&app, web::post("/too-much").header("cookie", jar.header()), "").await;
    assert!(matches!(error(&response), Some(SessionError::TooLarge { .. })), "{:?}", error(&response));
    assert_eq!(visit(&app, &mut jar, web::post("/too-much")).await.status, 413);
    assert_eq!(visit(&app, &mut jar, web::get("/page")).await.text(), "success: Saved.\n");
}

#[tokio::test]
async fn what_is_pushed_outlasts_the_failure_of_a_session_further_out() {
    let hands = Hands::default();
    let clock = hands.clone();
    let handler = async move |messages: Messages, login: Session<Login>| {
        messages.info("kept").unwrap();
        login.begin(Login { user: 7 }).unwrap();
        hands.set(43_200); // the login ends while the handler is at work
    };
    let inside = SessionLayer::<Flash>::builder(ring()).build().unwrap();
    let outside = SessionLayer::<Login>::builder(ring()).clock(clock.clock()).build().unwrap();
    let app = Router::new().route("/", get(handler)).layer(inside).layer(outside);
    let reply = send(&app, web::get("/"), "").await;
    assert_eq!(reply.status, 500);
    assert!(reply.cookie().starts_with("__Host-flash=E"));
}

#[tokio::test]
async fn outermost_they_see_the_failure_of_the_sessions_inside() {
    let hands = Hands::default();
    let clock = hands.clone();
    let handler = async move |messages: Messages, login: Session<Login>| {
        assert_eq!(messages.show().len(), 1);
        login.begin(Login { user: 7 }).unwrap();
        hands.set(43_200);
    };
    let inside = SessionLayer::<Login>::builder(ring()).clock(clock.clock()).build().unwrap();
    let outside = SessionLayer::<Flash>::builder(ring()).clock(Hands::default().clock()).build().unwrap();
    let failing = Router::new().route("/", get(handler)).layer(inside).layer(outside);
    let (app, mut jar) = (app(), Jar::default());
    visit(&app, &mut jar, web::post("/save")).await;
    assert_eq!(visit(&failing, &mut jar, web::get("/")).await.status, 500);
    assert_eq!(visit(&app, &mut jar, web::get("/page")).await.text(), "success: Saved.\n");
}

#[tokio::test]
async fn without_a_layer_the_error_names_what_is_missing() {
    let app = Router::new().route("/", get(page));
    let reply = send(&app, web::get("/"), "").await;
    assert_eq!(reply.status, 500);
    assert!(reply.text().contains("flash"), "{}", reply.text());
}
