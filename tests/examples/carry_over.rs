//! An anonymous cart, and what logging in makes of it.

use hardtack::Keyring;

use crate::examples::{
    browser::{Browser, outcome, redirect},
    carry_over::app,
    common::{Hands, NOW, ring},
};

/// Somebody who put 5 and 300 into their cart.
async fn shopper(under: &str, hands: &Hands) -> Browser {
    let mut shopper = Browser::new(app(ring(), hands.clock()).unwrap());
    for sku in ["5", "300"] {
        assert_eq!(redirect(&shopper.post(&format!("{under}/add"), &format!("sku={sku}")).await), (303, under));
    }
    let items = r#"{"items":[5,300],"name":null}"#;
    assert_eq!(outcome(&shopper.get(under).await), (200, items));
    shopper
}

#[tokio::test]
async fn a_cart_with_a_cookie_of_its_own_stays() {
    let mut ada = shopper("/apart", &Hands::default()).await;
    let cart = ada.cookie("__Host-cart");
    let reply = ada.post("/apart/login", "name=Ada").await;
    assert_eq!((redirect(&reply), reply.cookies().len()), ((303, "/apart"), 1));
    assert_eq!(ada.names(), ["__Host-cart", "__Host-login"]);
    assert_eq!(outcome(&ada.get("/apart").await), (200, r#"{"items":[5,300],"name":"Ada"}"#));
    assert_eq!(ada.cookie("__Host-cart"), cart, "nothing was written to it");
    assert_ne!(ada.cookie("__Host-login").session_id, cart.session_id);
}

#[tokio::test]
async fn a_common_session_carries_over_what_is_chosen() {
    let hands = Hands::default();
    let mut ada = shopper("/together", &hands).await;
    let before = ada.cookie("__Host-visitor");
    assert_eq!((&before.data()[..], before.created_at), (&[0, 2, 5, 0xac, 2][..], NOW));

    hands.set(100);
    let reply = ada.post("/together/login", "name=Ada&keep_cart=on").await;
    assert_eq!(redirect(&reply), (303, "/together"));
    let after = ada.cookie("__Host-visitor");
    assert_eq!((&after.data()[..], after.created_at), (&b"\x01\x03Ada\x02\x05\xac\x02"[..], NOW + 100));
    assert_ne!(before.session_id, after.session_id);
    assert_eq!(outcome(&ada.get("/together").await), (200, r#"{"items":[5,300],"name":"Ada"}"#));
}

#[tokio::test]
async fn a_common_session_drops_what_is_not_chosen() {
    let mut ada = shopper("/together", &Hands::default()).await;
    let before = ada.cookie("__Host-visitor");
    assert_eq!(redirect(&ada.post("/together/login", "name=Ada").await), (303, "/together"));
    assert_ne!(before.session_id, ada.cookie("__Host-visitor").session_id);
    assert_eq!(outcome(&ada.get("/together").await), (200, r#"{"items":[],"name":"Ada"}"#));
}

#[tokio::test]
async fn one_persons_cart_is_not_carried_over_to_the_next() {
    let mut shared = shopper("/together", &Hands::default()).await;
    shared.post("/together/login", "name=Ada&keep_cart=on").await;
    shared.post("/together/login", "name=Bo&keep_cart=on").await;
    assert_eq!(outcome(&shared.get("/together").await), (200, r#"{"items":[],"name":"Bo"}"#));
}

#[tokio::test]
async fn the_planted_session_of_before_is_not_logged_in() {
    let mut ada = shopper("/together", &Hands::default()).await;
    let mut planter = ada.clone();
    ada.post("/together/login", "name=Ada&keep_cart=on").await;
    assert_eq!(outcome(&planter.get("/together").await), (200, r#"{"items":[5,300],"name":null}"#));
}

/// Where no node knows the cart's key any more.
#[tokio::test]
async fn a_cart_that_is_held_begins_anew() {
    let hands = Hands::default();
    let mut ada = Browser::new(app(Keyring::generate().unwrap(), hands.clock()).unwrap());
    ada.post("/apart/add", "sku=5").await;
    ada.move_to(app(ring(), hands.clock()).unwrap());
    assert_eq!(redirect(&ada.post("/apart/add", "sku=7").await), (303, "/apart"));
    assert_eq!(outcome(&ada.get("/apart").await), (200, r#"{"items":[7],"name":null}"#));
}

#[tokio::test]
async fn a_common_session_that_is_held_is_left_until_somebody_logs_in() {
    let hands = Hands::default();
    let mut ada = Browser::new(app(Keyring::generate().unwrap(), hands.clock()).unwrap());
    ada.post("/together/login", "name=Ada").await;
    ada.move_to(app(ring(), hands.clock()).unwrap());
    let reply = ada.post("/together/add", "sku=7").await;
    assert_eq!((reply.status.as_u16(), reply.cookies().len()), (401, 0));
    assert_eq!(redirect(&ada.post("/together/login", "name=Ada").await), (303, "/together"));
    assert_eq!(redirect(&ada.post("/together/add", "sku=7").await), (303, "/together"));
    assert_eq!(outcome(&ada.get("/together").await), (200, r#"{"items":[7],"name":"Ada"}"#));
}
