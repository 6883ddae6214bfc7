//! Half logged in, and then all the way.

use crate::examples::{
    browser::{Browser, outcome, redirect, set_cookies},
    common::{Hands, NOW, ring},
    second_factor::app,
};

const RIGHT: &str = "code=314159";
const WRONG: &str = "code=271828";

fn browser(hands: &Hands) -> Browser {
    Browser::new(app(ring(), hands.clock()).unwrap())
}

async fn password(browser: &mut Browser) {
    assert_eq!(redirect(&browser.post("/login", "name=Ada&password=open+sesame").await), (303, "/code"));
}

#[tokio::test]
async fn a_password_and_a_code_log_in() {
    let hands = Hands::default();
    let mut ada = browser(&hands);
    password(&mut ada).await;
    assert_eq!(ada.names(), ["__Host-pending"]);
    let pending = ada.cookie("__Host-pending");
    assert_eq!((pending.expires_at, pending.ends_at), (NOW + 300, NOW + 300));

    hands.set(20);
    let reply = ada.post("/code", RIGHT).await;
    assert_eq!(redirect(&reply), (303, "/"));
    let cookies = [
        "__Host-pending=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
        "__Host-login=…; Path=/; Secure; HttpOnly; SameSite=Lax",
    ];
    assert_eq!(set_cookies(&reply), cookies);
    assert_eq!(ada.names(), ["__Host-login"]);
    let login = ada.cookie("__Host-login");
    assert_eq!((login.created_at, login.ends_at), (NOW + 20, NOW + 43_220));
    assert_eq!(outcome(&ada.get("/").await), (200, "Hello Ada"));
    assert_eq!(redirect(&ada.get("/code").await), (303, "/login"), "the stage in between is over");
}

#[tokio::test]
async fn a_wrong_password_does_not_get_that_far() {
    let mut ada = browser(&Hands::default());
    assert_eq!(ada.post("/login", "name=Ada&password=open+barley").await.status, 403);
    assert_eq!(redirect(&ada.post("/code", RIGHT).await), (303, "/login"));
    assert_eq!(ada.names(), [""; 0]);
}

#[tokio::test]
async fn half_a_login_opens_nothing() {
    let mut ada = browser(&Hands::default());
    password(&mut ada).await;
    assert_eq!(redirect(&ada.get("/").await), (303, "/login"));
    assert_eq!(ada.post("/code", WRONG).await.status, 403);
    assert_eq!(ada.names(), ["__Host-pending"]);
    assert_eq!(redirect(&ada.get("/").await), (303, "/login"));
}

#[tokio::test]
async fn half_a_login_is_over_after_five_minutes_whatever_is_requested() {
    let hands = Hands::default();
    let mut ada = browser(&hands);
    password(&mut ada).await;
    for seconds in [150, 299] {
        hands.set(seconds);
        let reply = ada.get("/code").await;
        assert_eq!((reply.status.as_u16(), reply.cookies().len()), (200, 0), "{seconds}");
    }
    hands.set(300);
    assert_eq!(redirect(&ada.get("/code").await), (303, "/login"));
    assert_eq!(redirect(&ada.post("/code", RIGHT).await), (303, "/login"));
    assert_eq!(redirect(&ada.get("/").await), (303, "/login"));
}

#[tokio::test]
async fn codes_run_out_and_neither_an_older_cookie_nor_a_new_one_brings_them_back() {
    let hands = Hands::default();
    let mut thief = browser(&hands);
    password(&mut thief).await;
    let kept = thief.clone();
    for _ in 0..5 {
        assert_eq!(thief.post("/code", WRONG).await.status, 403);
    }
    assert_eq!(thief.post("/code", RIGHT).await.status, 429);
    assert_eq!(kept.clone().post("/code", RIGHT).await.status, 429, "put back as it was");
    password(&mut thief).await;
    assert_eq!(thief.post("/code", RIGHT).await.status, 429, "begun anew");
    assert_eq!(redirect(&thief.get("/").await), (303, "/login"));

    let mut bo = thief.clone();
    bo.post("/login", "name=Bo&password=open+sesame").await;
    assert_eq!(redirect(&bo.post("/code", RIGHT).await), (303, "/"), "others are not concerned");

    hands.set(899);
    password(&mut thief).await;
    assert_eq!(thief.post("/code", RIGHT).await.status, 429);
    hands.set(900);
    assert_eq!(redirect(&thief.post("/code", RIGHT).await), (303, "/"));
}

#[tokio::test]
async fn the_right_code_forgets_the_wrong_ones() {
    let mut ada = browser(&Hands::default());
    for _ in 0..3 {
        password(&mut ada).await;
        for _ in 0..4 {
            assert_eq!(ada.post("/code", WRONG).await.status, 403);
        }
        assert_eq!(redirect(&ada.post("/code", RIGHT).await), (303, "/"));
    }
}
