//! A deny-list and a watch together.

use axum::{
    Router,
    routing::{get, post},
};
use hardtack::{MemoryDenyList, Session, Watch, tower::SessionLayer};

use crate::watch::{
    Login,
    common::{
        Hands, Told, ring,
        web::{self, send},
    },
    cookie, good,
};

#[tokio::test]
async fn a_denied_session_that_comes_back_is_told_by_both_and_refused_by_the_list() {
    let told = Told::default();
    let layer = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock());
    let layer = layer.deny_list(MemoryDenyList::new(100)).observer(Watch::new(100, told.clone()));
    let app = Router::new()
        .route("/", get(async |login: Session<Login>| login.get().map_or(0, |login| login.user).to_string()))
        .route("/cycle", post(async |login: Session<Login>| login.cycle()))
        .layer(layer.build().unwrap());

    let cycled = send(&app, web::post("/cycle"), &cookie(&good())).await;
    told.take();
    assert_eq!(send(&app, web::get("/"), cycled.cookie()).await.text(), "7");
    assert_eq!(told.take(), ["opened B a65c4d76 issued 0"]);

    let copy = send(&app, web::get("/"), &cookie(&good())).await;
    assert_eq!((copy.text(), copy.cookies()), ("0", vec![]));
    let lines = [
        "opened A a65c4d76 issued 0",
        "retired_returned A a65c4d76",
        "denied_returned A a65c4d76",
        "refused A a65c4d76 Revoked",
    ];
    assert_eq!(told.take(), lines);
}
