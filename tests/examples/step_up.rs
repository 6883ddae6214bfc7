//! A sensitive act wants a recent proof.

use crate::examples::{
    browser::{Browser, outcome, redirect},
    common::{Hands, NOW, ring},
    step_up::app,
};

/// Ada, who logged in at [`NOW`].
async fn ada(hands: &Hands) -> Browser {
    let mut ada = Browser::new(app(ring(), hands.clock()).unwrap());
    assert_eq!(redirect(&ada.post("/login", "name=Ada&password=open+sesame").await), (303, "/"));
    ada
}

#[tokio::test]
async fn for_five_minutes_a_login_is_enough() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    for seconds in [0, 299, 300] {
        hands.set(seconds);
        let reply = ada.post("/transfer", "").await;
        assert_eq!((outcome(&reply), reply.cookies().len()), ((200, "transferred"), 0), "{seconds}");
    }
}

#[tokio::test]
async fn after_that_it_is_not_and_the_answer_is_a_form_for_the_password() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    for seconds in [301, 360] {
        hands.set(seconds);
        let reply = ada.post("/transfer", "").await;
        assert_eq!((reply.status.as_u16(), reply.cookies().len()), (403, 0), "{seconds}");
        assert!(reply.text().contains("<form method=post action=/confirm>"), "{}", reply.text());
        assert_eq!(ada.get("/").await.status, 200, "she is still logged in");
    }
}

#[tokio::test]
async fn a_confirmation_is_enough_again_in_a_session_begun_anew_with_the_same_data() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    let before = ada.cookie("__Host-login");
    hands.set(360);
    assert_eq!(ada.post("/transfer", "").await.status, 403);
    assert_eq!(redirect(&ada.post("/confirm", "password=open+sesame").await), (303, "/"));
    let after = ada.cookie("__Host-login");
    assert_eq!((before.data(), after.data()), (b"\x03Ada".to_vec(), b"\x03Ada".to_vec()));
    assert_ne!(before.session_id, after.session_id);
    assert_eq!((before.created_at, after.created_at), (NOW, NOW + 360));
    assert_eq!((before.ends_at, after.ends_at), (NOW + 43_200, NOW + 43_560));

    hands.set(660);
    assert_eq!(outcome(&ada.post("/transfer", "").await), (200, "transferred"));
    hands.set(661);
    assert_eq!(ada.post("/transfer", "").await.status, 403);
}

#[tokio::test]
async fn activity_is_no_proof() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    hands.set(900);
    assert_eq!(ada.get("/").await.cookies().len(), 1, "renewed");
    assert_eq!(ada.post("/transfer", "").await.status, 403);
}

#[tokio::test]
async fn a_wrong_password_confirms_nothing() {
    let hands = Hands::default();
    let mut ada = ada(&hands).await;
    hands.set(360);
    let reply = ada.post("/confirm", "password=open+barley").await;
    assert_eq!((reply.status.as_u16(), reply.cookies().len()), (403, 0));
    assert_eq!(ada.post("/transfer", "").await.status, 403);
}

#[tokio::test]
async fn who_is_not_logged_in_can_do_neither() {
    let mut nobody = Browser::new(app(ring(), Hands::default().clock()).unwrap());
    assert_eq!(nobody.post("/login", "name=Ada&password=open+barley").await.status, 403);
    for (path, form) in [("/transfer", ""), ("/confirm", "password=open+sesame")] {
        assert_eq!(redirect(&nobody.post(path, form).await), (303, "/login"));
    }
    assert_eq!(nobody.names(), [""; 0]);
}
