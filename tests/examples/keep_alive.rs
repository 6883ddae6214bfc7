//! How long a session has, and staying: two minutes when idle, ten in all.

use axum::http::header::ACCEPT;

use crate::examples::{
    browser::{Browser, By, outcome, redirect},
    common::{Hands, NOW, web},
    keep_alive::app,
};

async fn ada(hands: &Hands) -> Browser {
    let mut ada = Browser::new(app(crate::common::ring(), hands.clock()).unwrap());
    assert_eq!(redirect(&ada.post("/login", "name=Ada").await), (303, "/"));
    ada
}

/// What `/remaining` says at this time; it must not write.
async fn remaining(ada: &mut Browser, hands: &Hands, seconds: i64) -> String {
    hands.set(seconds);
    let reply = ada.get("/remaining").await;
    assert_eq!((reply.status.as_u16(), reply.cookies().len()), (200, 0), "{seconds}");
    assert_eq!(reply.headers["cache-control"], "private, no-store");
    reply.text().to_owned()
}

#[tokio::test]
async fn asking_counts_down_and_keeps_nothing_alive() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    for (at, json) in [
        (0, r#"{"can_stay":true,"seconds":120}"#),
        (59, r#"{"can_stay":true,"seconds":61}"#),
        (60, r#"{"can_stay":true,"seconds":60}"#),
        (119, r#"{"can_stay":true,"seconds":1}"#),
        (120, r#"{"can_stay":false,"seconds":0}"#),
        (500, r#"{"can_stay":false,"seconds":0}"#),
    ] {
        assert_eq!(remaining(&mut ada, &hands, at).await, json);
    }
    assert_eq!(redirect(&ada.get("/").await), (303, "/login"));
}

#[tokio::test]
async fn any_other_request_keeps_it_alive() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    hands.set(60);
    assert_eq!(ada.get("/").await.cookies().len(), 1);
    assert_eq!(remaining(&mut ada, &hands, 60).await, r#"{"can_stay":true,"seconds":120}"#);
}

#[tokio::test]
async fn staying_starts_the_idle_time_anew_even_where_no_renewal_is_due() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    for (at, then) in [(10, r#"{"can_stay":true,"seconds":110}"#), (129, r#"{"can_stay":true,"seconds":1}"#)] {
        assert_eq!(remaining(&mut ada, &hands, at).await, then);
        let reply = ada.post("/stay", "").await;
        assert_eq!((outcome(&reply), reply.cookies().len()), ((204, ""), 1));
        assert_eq!(remaining(&mut ada, &hands, at).await, r#"{"can_stay":true,"seconds":120}"#);
    }
}

#[tokio::test]
async fn staying_does_not_move_the_end() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    for at in [100, 200, 300, 400] {
        hands.set(at);
        assert_eq!(ada.post("/stay", "").await.status, 204);
    }
    assert_eq!(remaining(&mut ada, &hands, 479).await, r#"{"can_stay":true,"seconds":41}"#);
    assert_eq!(ada.post("/stay", "").await.status, 204);
    assert_eq!(remaining(&mut ada, &hands, 479).await, r#"{"can_stay":true,"seconds":120}"#);
    hands.set(481);
    assert_eq!(ada.post("/stay", "").await.status, 204);
    assert_eq!(remaining(&mut ada, &hands, 481).await, r#"{"can_stay":false,"seconds":119}"#);
    assert_eq!(ada.cookie("__Host-login").ends_at, NOW + 600);
    assert_eq!(remaining(&mut ada, &hands, 599).await, r#"{"can_stay":false,"seconds":1}"#);
    assert_eq!(remaining(&mut ada, &hands, 600).await, r#"{"can_stay":false,"seconds":0}"#);
}

#[tokio::test]
async fn staying_without_a_session_is_told_to_the_script() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    hands.set(120);
    let request = web::post("/stay").header(ACCEPT, "application/json");
    assert_eq!(outcome(&ada.send(By::ThisSite, request, "").await), (401, ""));
}
