//! A cart that was filled before anybody logged in, and two ways for it to live on.
//!
//! - *Its own cookie*: logging in does not touch it, so it simply stays. The plain choice.
//! - *One session for both*: `begin` replaces it, so what shall live on is taken out before, and nothing else is carried over.
//!
//! Either way the session of the login has a new id: nobody who planted or saw the anonymous one knows it.
//!
//! Run it and open <http://127.0.0.1:3000>:
//!
//! ```sh
//! cargo run --example carry_over --features axum
//! ```

use std::{env, error::Error, sync::Arc};

use axum::{
    Form, Json, Router,
    response::{Html, Redirect},
    routing::{get, post},
};
use hardtack::{Clock, ConfigError, Keyring, Refusal, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize)]
struct Login {
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[derive(Default, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

/// Both in one: with a name once somebody is logged in.
#[derive(Default, Serialize, Deserialize)]
struct Visitor {
    name: Option<String>,
    items: Vec<u32>,
}

impl SessionData for Visitor {
    const COOKIE: &'static str = "__Host-visitor";
}

pub(crate) fn app(keyring: Keyring, clock: Clock) -> Result<Router, ConfigError> {
    let keyring = Arc::new(keyring);
    let logins = SessionLayer::<Login>::builder(Arc::clone(&keyring)).clock(clock.clone()).build()?;
    let carts = SessionLayer::<Cart>::builder(Arc::clone(&keyring)).clock(clock.clone()).build()?;
    let visitors = SessionLayer::<Visitor>::builder(keyring).clock(clock).build()?;
    let apart = Router::new()
        .route("/", get(show_apart))
        .route("/add", post(add_apart))
        .route("/login", post(log_in_apart))
        .layer(logins)
        .layer(carts);
    let together = Router::new()
        .route("/", get(show_together))
        .route("/add", post(add_together))
        .route("/login", post(log_in_together))
        .layer(visitors);
    Ok(Router::new().route("/", get(Html(HOME))).nest("/apart", apart).nest("/together", together))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    // A key for this run; a real service has Keyring::from_env, so that a restart logs nobody out.
    axum::serve(listener, app(Keyring::generate()?, Clock::system())?).await?;
    Ok(())
}

#[derive(Deserialize)]
struct Item {
    sku: u32,
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
    keep_cart: Option<String>,
}

async fn add_apart(cart: Session<Cart>, Form(item): Form<Item>) -> Result<Redirect, SessionError> {
    match cart.update_or_default(|cart| cart.items.push(item.sku)) {
        // A cookie that may be good on another node is not written over, but a cart is worth less than going on.
        Err(SessionError::Held(reason)) if reason != Refusal::NotSent => cart.begin(Cart { items: vec![item.sku] })?,
        added => added?,
    }
    Ok(Redirect::to("/apart"))
}

/// The cart stays. Where it should not: `cart.end()`.
async fn log_in_apart(login: Session<Login>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    login.begin(Login { name: form.name })?; // a real service checks a password first
    Ok(Redirect::to("/apart"))
}

async fn show_apart(login: Session<Login>, cart: Session<Cart>) -> Json<Value> {
    let name = login.get().map(|login| login.name.clone());
    Json(json!({ "name": name, "items": cart.get().map_or_else(Vec::new, |cart| cart.items.clone()) }))
}

async fn add_together(visitor: Session<Visitor>, Form(item): Form<Item>) -> Result<Redirect, SessionError> {
    // Held is an error here, a 401: the cookie may be that of somebody who is logged in, by a key that only other nodes have,
    // and to begin anew would log them out. Logging in goes on from it; until then the cart is shut, the price of one session for both.
    visitor.update_or_default(|visitor| visitor.items.push(item.sku))?;
    Ok(Redirect::to("/together"))
}

async fn log_in_together(visitor: Session<Visitor>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    // Of an anonymous visitor only: what belongs to somebody who is logged in is not for the next one.
    let before = visitor.get().filter(|before| before.name.is_none() && form.keep_cart.is_some());
    let items = before.map_or_else(Vec::new, |before| before.items.clone());
    visitor.begin(Visitor { name: Some(form.name), items })?;
    Ok(Redirect::to("/together"))
}

async fn show_together(visitor: Session<Visitor>) -> Json<Value> {
    let visitor = visitor.get();
    let name = visitor.as_ref().and_then(|visitor| visitor.name.clone());
    Json(json!({ "name": name, "items": visitor.map_or_else(Vec::new, |visitor| visitor.items.clone()) }))
}

const HOME: &str = "<!doctype html><title>Carts</title>\
    <form method=post action=/apart/add><input name=sku type=number> <button>Put into the cart of its own</button>\
    <button formaction=/together/add>Put into the common session</button></form>\
    <form method=post action=/apart/login><input name=name> <label><input name=keep_cart type=checkbox checked> \
    Keep the cart</label> <button>Log in beside it</button> <button formaction=/together/login>Log in with it</button></form>";
