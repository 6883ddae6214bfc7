//! A shop, and a payment page on another site that sends people back by a form.
//!
//! ```sh
//! cargo run --example payment_return --features axum
//! ```
//!
//! The shop's cookie is `Lax`, so the form from the other site comes without it. `POST /paid` leaves the session alone and answers with a
//! redirect, and `GET /thanks` has the cart again. `POST /paid-wrongly` tries to change the cart at once, and hardtack refuses:
//! otherwise a new, empty cart would replace the one in the browser. `scripts/returns` drives it in a real browser.

use std::error::Error;

use axum::{
    Router,
    response::{Html, Redirect},
    routing::{get, post},
};
use hardtack::{Keyring, Messages, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Cart {
    items: u32,
    paid: bool,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

async fn add(cart: Session<Cart>) -> Result<Redirect, SessionError> {
    cart.update_or_default(|cart| cart.items = cart.items.saturating_add(1))?;
    Ok(Redirect::to("/"))
}

async fn shop(cart: Session<Cart>) -> Html<String> {
    let (items, paid) = cart.get().map_or((0, false), |cart| (cart.items, cart.paid));
    Html(format!("<p>{items} items, paid: {paid}</p><form method=post action=/add><button>Add</button></form>"))
}

/// A real shop checks the payment page's signature here.
async fn paid(messages: Messages) -> Result<Redirect, SessionError> {
    messages.success("Paid.")?;
    Ok(Redirect::to("/thanks"))
}

async fn paid_wrongly(cart: Session<Cart>) -> Result<Redirect, SessionError> {
    cart.update_or_default(|cart| cart.paid = true)?;
    Ok(Redirect::to("/"))
}

async fn thanks(cart: Session<Cart>, messages: Messages) -> Result<Html<String>, SessionError> {
    let items = cart.update(|cart| {
        cart.paid = true;
        cart.items
    })?;
    let said: Vec<_> = messages.show().iter().map(|message| message.text.clone()).collect();
    Ok(Html(format!("<p>{} {items} items.</p>", said.concat())))
}

/// The other site.
fn payment_page(shop: &str) -> Router {
    let form = |action: &str| format!("<form method=post action={shop}{action}><button>{action}</button></form>");
    let page = form("/paid") + &form("/paid-wrongly");
    Router::new().route("/", get(|| async { Html(page) }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let keys = std::sync::Arc::new(Keyring::generate()?);
    let carts = SessionLayer::<Cart>::new(std::sync::Arc::clone(&keys))?;
    let messages = SessionLayer::<hardtack::Flash>::new(keys)?;
    let app = Router::new()
        .route("/", get(shop))
        .route("/add", post(add))
        .route("/paid", post(paid))
        .route("/paid-wrongly", post(paid_wrongly))
        .route("/thanks", get(thanks))
        .layer(carts)
        .layer(messages);
    let shop = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://shop.localhost:{}", shop.local_addr()?.port());
    let payment = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("the shop: {address}/");
    println!("the payment page: http://127.0.0.1:{}/", payment.local_addr()?.port());
    tokio::select! {
        served = axum::serve(shop, app).into_future() => served?,
        served = axum::serve(payment, payment_page(&address)).into_future() => served?,
    }
    Ok(())
}
