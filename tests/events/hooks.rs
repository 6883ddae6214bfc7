//! Events of the layers: hooks, and requests that leave the session alone.

use std::{future::pending, sync::Arc};

use axum::{
    Router,
    routing::{get, post},
};
use hardtack::{
    Builder, Denial, DenyId, DenyList, Event, HookFuture, MemoryDenyList, Session, Verdict, tower::SessionLayer,
};
use time::OffsetDateTime;

use crate::events::{
    Login, NAME,
    common::{
        Hands, Told, ring,
        web::{self, Reply, send},
    },
    good, sealed,
};

type Layer = SessionLayer<Login>;

/// Routes behind a layer that tells.
#[track_caller]
fn app(told: &Told, settings: impl FnOnce(Builder<Login, Layer>) -> Builder<Login, Layer>) -> Router {
    let builder = Layer::builder(ring()).clock(Hands::default().clock()).observer(told.clone());
    Router::new()
        .route("/user", get(async |login: Session<Login>| login.get().map_or(0, |login| login.user).to_string()))
        .route("/taken", get(async |_: Session<Login>| "taken, not used"))
        .route("/nothing", get(async || "nothing"))
        .route("/logout", post(async |login: Session<Login>| login.end()))
        .layer(settings(builder).build().unwrap())
}

fn cookie() -> String {
    format!("{NAME}={}", sealed(&good()))
}

fn outcome(reply: &Reply) -> (u16, &str, usize) {
    (reply.status.as_u16(), reply.text(), reply.cookies().len())
}

#[tokio::test]
async fn a_route_that_leaves_the_session_alone_tells_nothing() {
    let told = Told::default();
    let app = app(&told, |builder| builder);
    for cookie in [cookie(), format!("{NAME}=garbage!"), format!("{}; {}", cookie(), cookie())] {
        for path in ["/nothing", "/taken", "/missing"] {
            send(&app, web::get(path), &cookie).await;
            assert!(told.take().is_empty(), "{path}");
        }
        send(&app, web::get("/user"), &cookie).await;
        assert!(!told.take().is_empty());
    }
}

#[tokio::test]
async fn an_observer_that_panics_takes_no_request_down() {
    let told = Told::default();
    let app = app(&told, |builder| builder.observer(|_: &Event<'_>| panic!("an observer's own affair")));
    assert_eq!(outcome(&send(&app, web::get("/user"), &cookie()).await), (200, "7", 0));
    assert_eq!(outcome(&send(&app, web::post("/logout"), &cookie()).await), (200, "", 1));
    let opened = "opened A a65c4d76 issued 0";
    assert_eq!(told.take(), [opened, opened, "ended A -"]);
}

#[tokio::test]
async fn a_check_that_refuses_names_the_session() {
    let told = Told::default();
    let revoked = |_, _| async { Ok(Verdict::Revoked) };
    let app = app(&told, |builder| builder.check_user(revoked).recheck_after(time::Duration::ZERO));
    assert_eq!(outcome(&send(&app, web::get("/user"), &cookie()).await), (200, "0", 0));
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "refused A a65c4d76 Revoked"]);
}

#[tokio::test]
async fn a_check_that_fails() {
    for how in ["the hook failed: no database", "the hook panicked", "the hook took longer than it may"] {
        let told = Told::default();
        let check = move |_: Arc<Login>, _| async move {
            match how {
                "the hook panicked" => panic!("a hook's own affair"),
                "the hook took longer than it may" => pending().await,
                _ => Err("no database".into()),
            }
        };
        let app = app(&told, |builder| {
            builder.check_user(check).recheck_after(time::Duration::ZERO).hook_timeout(time::Duration::nanoseconds(1))
        });
        assert_eq!(outcome(&send(&app, web::get("/user"), &cookie()).await), (200, "0", 0));
        let failed = format!("hook_failed A a65c4d76 {how}");
        assert_eq!(told.take(), ["opened A a65c4d76 issued 0", &*failed, "held A a65c4d76 CheckFailed"]);
    }
}

#[tokio::test]
async fn a_denied_session_that_comes_back() {
    let told = Told::default();
    let app = app(&told, |builder| builder.deny_list(MemoryDenyList::new(100)));
    assert_eq!(outcome(&send(&app, web::post("/logout"), &cookie()).await), (200, "", 1));
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "ended A -"]);
    assert_eq!(outcome(&send(&app, web::get("/user"), &cookie()).await), (200, "0", 0));
    let lines = ["opened A a65c4d76 issued 0", "denied_returned A a65c4d76", "refused A a65c4d76 Revoked"];
    assert_eq!(told.take(), lines);
}

/// A list that answers, but takes nothing.
struct ReadOnly;

impl DenyList for ReadOnly {
    fn deny<'a>(&'a self, _: &'a [Denial], _: OffsetDateTime) -> HookFuture<'a, ()> {
        Box::pin(async { Err("read-only".into()) })
    }

    fn is_denied(&self, _: [DenyId; 2], _: OffsetDateTime) -> HookFuture<'_, bool> {
        Box::pin(async { Ok(false) })
    }
}

#[tokio::test]
async fn an_end_that_could_not_be_written_down_is_not_told_as_made() {
    let told = Told::default();
    let app = app(&told, |builder| builder.deny_list(ReadOnly));
    assert_eq!(outcome(&send(&app, web::post("/logout"), &cookie()).await), (500, "", 0));
    assert_eq!(
        told.take(),
        ["opened A a65c4d76 issued 0", "hook_failed A - the hook failed: read-only", "not_written - -"]
    );
}
