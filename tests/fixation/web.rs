//! Step-up in axum.

use axum::{Router, routing::post};
use hardtack::{Session, SessionError, tower::SessionLayer};
use time::Duration;

use crate::fixation::{
    Visitor,
    common::{
        Hands, ring,
        steps::begun,
        web::{self, error, raw, read, send},
    },
    plain, somebody, visitors,
};

async fn delete_account(visitor: Session<Visitor>) -> Result<&'static str, SessionError> {
    visitor.require_recent(Duration::minutes(5))?;
    Ok("deleted")
}

async fn prove(visitor: Session<Visitor>) -> Result<&'static str, SessionError> {
    visitor.reauthenticate()?; // after the password was checked
    Ok("proved")
}

#[track_caller]
fn app(hands: &Hands) -> Router {
    let layer = SessionLayer::<Visitor>::builder(ring()).clock(hands.clock()).build().unwrap();
    Router::new().route("/delete", post(delete_account)).route("/prove", post(prove)).layer(layer)
}

#[tokio::test]
async fn a_login_too_long_ago_is_403_until_it_is_proved_again() {
    let hands = Hands::default();
    let app = app(&hands);
    let cookie = begun(&visitors(), somebody(7, &[]), 0);
    hands.set(300);
    assert_eq!(send(&app, web::post("/delete"), &cookie).await.text(), "deleted");
    hands.set(301);
    let reply = send(&app, web::post("/delete"), &cookie).await;
    assert_eq!((reply.status.as_u16(), reply.text(), reply.cookies().len()), (403, "", 0));

    let proved = send(&app, web::post("/prove"), &cookie).await;
    assert_eq!(proved.text(), "proved");
    assert_eq!(plain(proved.cookie()).data(), [1, 7, 0]);
    hands.set(601);
    assert_eq!(send(&app, web::post("/delete"), proved.cookie()).await.text(), "deleted");
    hands.set(602);
    assert_eq!(send(&app, web::post("/delete"), proved.cookie()).await.status.as_u16(), 403);
}

#[tokio::test]
async fn without_a_session_it_is_the_handlers_mistake() {
    let response = raw(&app(&Hands::default()), web::post("/delete"), "").await;
    assert_eq!(error(&response), Some(SessionError::NoSession));
    assert_eq!(read(response).await.status.as_u16(), 401);
}
