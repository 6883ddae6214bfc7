//! Two requests that both change data: the last response wins, unless they change sessions of different types.

use axum::{Router, routing::post};
use hardtack::{Session, SessionData, tower::SessionLayer};
use serde::{Deserialize, Serialize};

use crate::common::{
    Hands, Plain, SECRET,
    browser::Browser,
    login::{Login, NAME, act, builder, user_7},
    ring,
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: Vec<u8>,
}

const CART: &str = "__Host-cart";

impl SessionData for Cart {
    const COOKIE: &'static str = CART;
}

/// A service with a login and a cart, each with a cookie of its own.
#[track_caller]
fn app() -> Router {
    let hands = Hands::default();
    let carts = SessionLayer::<Cart>::builder(ring()).clock(hands.clock()).build().unwrap();
    let add = |item: u8| post(async move |cart: Session<Cart>| cart.update_or_default(|cart| cart.items.push(item)));
    let change = post(async |login: Session<Login>| login.update(|login| login.stamp += 1));
    Router::new()
        .route("/add/5", add(5))
        .route("/add/6", add(6))
        .route("/change", change)
        .layer(builder(&hands).build().unwrap())
        .layer(carts)
}

/// The payload that a browser holds under this name.
#[track_caller]
fn payload(browser: &Browser, name: &str) -> Vec<u8> {
    let cookies = browser.cookies();
    let value = cookies.split("; ").find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=')).unwrap();
    Plain::open(value, &SECRET, name, "").data()
}

#[tokio::test]
async fn of_two_changes_of_one_session_the_last_to_arrive_stays_and_the_other_is_lost() {
    for last_is_first in [false, true] {
        let app = app();
        let mut browser = Browser::default();
        browser.receive(&act(&app, "/add/5", &browser.cookies()).await);
        // Both are sent with the cart of one item.
        let sent_with = browser.cookies();
        let replies = [act(&app, "/add/5", &sent_with).await, act(&app, "/add/6", &sent_with).await];
        let [first, last] = if last_is_first { [&replies[1], &replies[0]] } else { [&replies[0], &replies[1]] };
        browser.receive(first);
        browser.receive(last);
        assert_eq!(payload(&browser, CART), [2, 5, if last_is_first { 5 } else { 6 }]);
    }
}

#[tokio::test]
async fn one_after_the_other_both_stay() {
    let app = app();
    let mut browser = Browser::default();
    for path in ["/add/5", "/add/6"] {
        browser.receive(&act(&app, path, &browser.cookies()).await);
    }
    assert_eq!(payload(&browser, CART), [2, 5, 6]);
}

#[tokio::test]
async fn changes_of_two_sessions_both_stay_in_either_order() {
    for cart_last in [false, true] {
        let app = app();
        let mut browser = Browser::holding(&user_7());
        let sent_with = browser.cookies();
        let (cart, login) = (act(&app, "/add/5", &sent_with).await, act(&app, "/change", &sent_with).await);
        let [first, last] = if cart_last { [&login, &cart] } else { [&cart, &login] };
        browser.receive(first);
        browser.receive(last);
        assert_eq!((payload(&browser, CART), payload(&browser, NAME)), (vec![1, 5], vec![7, 2]), "{cart_last}");
    }
}
