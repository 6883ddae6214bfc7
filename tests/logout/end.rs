//! `end`: the cookie goes from this browser. Copies of it do not.

use crate::common::{
    Hands,
    login::{NAME, REMOVAL, act, app, builder, inside, user_7, whose},
    web::{self, send},
};

#[tokio::test]
async fn end_removes_the_cookie() {
    let app = app(builder(&Hands::default()).build().unwrap());
    assert_eq!(act(&app, "/logout", &user_7()).await.cookies(), [REMOVAL]);
}

#[tokio::test]
async fn end_removes_a_cookie_that_was_refused_and_one_that_did_not_arrive() {
    let app = app(builder(&Hands::default()).build().unwrap());
    for cookie in [format!("{NAME}=garbage"), format!("{NAME}=garbage; {NAME}=rubbish"), String::new()] {
        assert_eq!(act(&app, "/logout", &cookie).await.cookies(), [REMOVAL], "{cookie}");
    }
}

#[tokio::test]
async fn without_a_list_a_copy_of_the_cookie_outlives_end_until_it_is_idle() {
    let hands = Hands::default();
    let app = app(builder(&hands).build().unwrap());
    let copy = user_7();
    act(&app, "/logout", &copy).await;
    hands.set(1799);
    assert_eq!(whose(&app, &copy).await, "7");
    hands.set(1800);
    assert_eq!(whose(&app, &copy).await, "nobody");
}

#[tokio::test]
async fn without_a_list_a_copy_in_use_outlives_end_until_the_sessions_absolute_end() {
    let hands = Hands::default();
    let app = app(builder(&hands).build().unwrap());
    let mut copy = user_7();
    act(&app, "/logout", &copy).await;
    for seconds in (1000..43_000).step_by(1000) {
        hands.set(seconds);
        copy = send(&app, web::get("/who"), &copy).await.cookie().to_owned();
    }
    assert_eq!(inside(&copy).session_id, [5; 16]);
    hands.set(43_199);
    assert_eq!(whose(&app, &copy).await, "7");
    hands.set(43_200);
    assert_eq!(whose(&app, &copy).await, "nobody");
}
