//! What using hardtack should feel like: the programs of the design sketches, word for word but for their keys and clock.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use hardtack::{Current, Keyring, Session, SessionError, tower::SessionLayer};
use serde::Deserialize;

use crate::axum::{
    Cart, Login, ada,
    common::{
        Hands, pair, ring,
        web::{self, Reply, form, send},
    },
    cookie, payload,
};

#[derive(Deserialize)]
struct SignIn {
    name: String,
    remember: bool,
}

async fn home(login: Current<Login>) -> String {
    format!("Hello {}", login.name)
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    login.begin(Login { user: 7, name: form.name })?; // after the password was checked
    login.remember(form.remember)?;
    Ok(Redirect::to("/"))
}

async fn log_out(login: Session<Login>) -> Redirect {
    login.end();
    Redirect::to("/")
}

#[derive(Deserialize)]
struct Item {
    sku: u32,
}

async fn add(cart: Session<Cart>, Form(item): Form<Item>) -> Result<Response, SessionError> {
    match cart.update_or_default(|cart| {
        cart.items.push(item.sku);
        cart.items.len()
    }) {
        Ok(count) => Ok(format!("{count} items").into_response()),
        Err(SessionError::TooLarge { .. }) => Ok((StatusCode::CONFLICT, "the cart is full").into_response()), // rolled back
        Err(other) => Err(other),
    }
}

#[derive(Clone)]
struct Shop;

impl Shop {
    async fn order(&self, user: u64, items: &[u32]) -> Result<u64, AppError> {
        tokio::task::yield_now().await;
        if items.is_empty() { Err(AppError) } else { Ok(user * 100 + items.len() as u64) }
    }
}

struct AppError;

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        StatusCode::BAD_GATEWAY.into_response()
    }
}

async fn checkout(State(shop): State<Shop>, login: Current<Login>, cart: Session<Cart>) -> Result<String, AppError> {
    let Some(contents) = cart.get() else { return Ok("the cart is empty".into()) };
    let number = shop.order(login.user, &contents.items).await?;
    cart.end(); // the login cookie is not rewritten
    Ok(format!("order {number} for {}", login.name))
}

#[track_caller]
fn app() -> Router {
    let (keys, hands): (Arc<Keyring>, Hands) = (Arc::new(ring()), Hands::default());
    let logins = SessionLayer::<Login>::builder(Arc::clone(&keys)).sign_in_at("/login").clock(hands.clock());
    let carts = SessionLayer::<Cart>::builder(keys).clock(hands.clock());
    Router::new()
        .route("/", get(home))
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/add", post(add))
        .route("/checkout", post(checkout))
        .layer(logins.build().unwrap())
        .layer(carts.build().unwrap())
        .with_state(Shop)
}

fn outcome(reply: &Reply) -> (u16, &str, usize) {
    (reply.status.as_u16(), reply.text(), reply.cookies().len())
}

#[tokio::test]
async fn log_in_visit_and_log_out() {
    let app = app();
    let stranger = send(&app, web::get("/"), "").await;
    assert_eq!((outcome(&stranger), stranger.location()), ((303, "", 0), "/login"));

    let reply = form(&app, web::post("/login"), "", "name=Ada&remember=false").await;
    assert_eq!((outcome(&reply), reply.location()), ((303, "", 1), "/"));
    assert!(!reply.cookies()[0].contains("Max-Age"));
    let cookie = reply.cookie().to_owned();
    assert_eq!(payload(&cookie), [7, 3, b'A', b'd', b'a']);

    let reply = send(&app, web::get("/"), &cookie).await;
    assert_eq!(outcome(&reply), (200, "Hello Ada", 0));

    let reply = send(&app, web::post("/logout"), &cookie).await;
    assert_eq!(reply.cookies(), ["__Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"]);
    assert_eq!(reply.location(), "/");
}

#[tokio::test]
async fn a_remembered_log_in_is_persistent() {
    let reply = form(&app(), web::post("/login"), "", "name=Ada&remember=true").await;
    assert!(reply.cookies()[0].contains("; Max-Age=604800;"), "{:?}", reply.cookies());
}

#[tokio::test]
async fn a_name_that_does_not_fit_is_an_error_and_no_log_in() {
    let body: &'static str = format!("remember=false&name={}", "x".repeat(4000)).leak();
    let reply = form(&app(), web::post("/login"), "", body).await;
    assert_eq!(outcome(&reply), (413, "", 0));
}

#[tokio::test]
async fn an_anonymous_cart_fills_until_it_is_full() {
    let app = app();
    let reply = form(&app, web::post("/add"), "", "sku=5").await;
    assert_eq!((outcome(&reply), payload(reply.cookie())), ((200, "1 items", 1), vec![1, 5]));
    let reply = form(&app, web::post("/add"), reply.cookie(), "sku=6").await;
    assert_eq!((outcome(&reply), payload(reply.cookie())), ((200, "2 items", 1), vec![2, 5, 6]));

    // 2,967 items of one byte, three bytes of the layout, and two that count the items: no more than two bytes fit behind them.
    let full = cookie("__Host-cart", &crate::common::layout::items(&[5; 2967]));
    let reply = form(&app, web::post("/add"), &full, "sku=6").await;
    assert_eq!(outcome(&reply).0, 200);
    let reply = form(&app, web::post("/add"), &full, "sku=4000000000").await;
    assert_eq!(outcome(&reply), (409, "the cart is full", 0));
}

#[tokio::test]
async fn two_sessions_in_one_handler() {
    let app = app();
    let cart = cookie("__Host-cart", &crate::common::layout::items(&[5, 6]));
    let both = format!("{cart}; {}", ada());

    let reply = send(&app, web::post("/checkout"), &both).await;
    assert_eq!(outcome(&reply), (200, "order 702 for Ada", 1));
    assert_eq!(pair(reply.cookies()[0]), "__Host-cart=", "the login cookie is not rewritten");

    let reply = send(&app, web::post("/checkout"), &ada()).await;
    assert_eq!(outcome(&reply), (200, "the cart is empty", 0));
    let reply = send(&app, web::post("/checkout"), &cart).await;
    assert_eq!((outcome(&reply), reply.location()), ((303, "", 0), "/login"));
    let reply = send(
        &app,
        web::post("/checkout"),
        &format!("{}; {}", ada(), cookie("__Host-cart", &crate::common::layout::items(&[]))),
    )
    .await;
    assert_eq!(outcome(&reply), (502, "", 0));
}

#[tokio::test]
async fn a_log_in_leaves_the_cart_alone() {
    let reply = form(
        &app(),
        web::post("/login"),
        &cookie("__Host-cart", &crate::common::layout::items(&[5])),
        "name=Bo&remember=false",
    )
    .await;
    assert_eq!(payload(reply.cookie()), [7, 2, b'B', b'o']);
}
