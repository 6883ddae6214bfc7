//! Who asks within one request: extractors, middleware, routes that do not use the session, and those that give up.

use std::{
    future::{Future, pending, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, request::Parts},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use hardtack::{Current, Session, Verdict, tower::session};

use crate::hooks::{
    Check, List,
    common::{
        Hands,
        login::{Login, app, builder, inside, routes, user_7},
        web::{self, send},
    },
};

#[tokio::test]
async fn middleware_and_extractors_of_one_request_ask_once() {
    async fn around(_: Current<Login>, one: Session<Login>, request: Request, next: Next) -> Response {
        assert!(one.get().is_some());
        next.run(request).await
    }
    async fn handler(_: Option<Current<Login>>, two: Session<Login>, _: Current<Login>) {
        two.cycle().unwrap();
    }
    let (hands, check, list) = (Hands::default(), Check::default(), List::default());
    let layer = check.on(builder(&hands)).deny_list(list.clone()).build().unwrap();
    let app = Router::new().route("/", get(handler)).layer(middleware::from_fn(around)).layer(layer);
    hands.set(900);
    let reply = send(&app, web::get("/"), &user_7()).await;
    assert_eq!((reply.cookies().len(), check.count(), list.count()), (1, 1, 2), "the list once more before sealing");
}

#[tokio::test]
async fn a_route_that_does_not_use_the_session_asks_nobody() {
    let (hands, check, list) = (Hands::default(), Check::default(), List::default());
    let app = app(check.on(builder(&hands)).deny_list(list.clone()).build().unwrap());
    check.revoke();
    list.deny_all();
    hands.set(900);
    let reply = send(&app, web::get("/static"), &user_7()).await;
    assert_eq!((reply.text(), reply.cookies().len(), check.count(), list.count()), ("static", 0, 0, 0));
}

/// A service whose check never answers the first time, and refuses the second time.
#[track_caller]
fn stuck(handler: Router) -> (Router, Arc<AtomicUsize>) {
    let (hands, asked) = (Hands::default(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&asked);
    let layer = builder(&hands).check_user(move |_, _| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        async move { if first { pending().await } else { Ok(Verdict::Revoked) } }
    });
    hands.set(900);
    (handler.layer(layer.build().unwrap()), asked)
}

#[tokio::test(start_paused = true)]
async fn an_extractor_that_gives_up_does_not_let_the_next_one_by() {
    let handler = async |parts: Parts| {
        let one_second = std::time::Duration::from_secs(1);
        assert!(tokio::time::timeout(one_second, session::<Login>(&parts)).await.is_err());
        session::<Login>(&parts).await.unwrap().get().is_some().to_string()
    };
    let (app, asked) = stuck(Router::new().route("/", get(handler)));
    let reply = send(&app, web::get("/"), &user_7()).await;
    assert_eq!((reply.text(), asked.load(Ordering::SeqCst)), ("false", 2));
}

#[tokio::test(start_paused = true)]
async fn an_extractor_beside_one_that_waits_does_not_get_by() {
    let handler = async |parts: Parts| {
        let mut first = pin!(session::<Login>(&parts));
        assert!(at_once(first.as_mut()).await.is_none(), "waits for the check");
        let second = session::<Login>(&parts).await.unwrap();
        let seen = second.get().is_some();
        let first = first.await.unwrap();
        format!("{seen} {}", first.get().is_some())
    };
    let (app, _) = stuck(Router::new().route("/", get(handler)));
    assert_eq!(send(&app, web::get("/"), &user_7()).await.text(), "false false");
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_does_not_apply_to_a_session_that_began_meanwhile() {
    let handler = async |parts: Parts| {
        let mut first = pin!(session::<Login>(&parts));
        assert!(at_once(first.as_mut()).await.is_none(), "waits for the check");
        session::<Login>(&parts).await.unwrap().begin(Login { user: 9, stamp: 1 }).unwrap();
        first.await.unwrap().get().map_or(0, |login| login.user).to_string()
    };
    let (app, _) = stuck(Router::new().route("/", get(handler)));
    let reply = send(&app, web::get("/"), &user_7()).await;
    assert_eq!((reply.text(), &inside(reply.cookie()).data()[..]), ("9", &[9, 1][..]));
}

/// What a future comes to without waiting.
async fn at_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
    poll_fn(|context| match Pin::new(&mut future).poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

#[tokio::test]
async fn a_request_that_gave_up_asking_is_not_renewed_unasked() {
    let handler = async |parts: Parts| {
        let asked = pin!(session::<Login>(&parts));
        assert!(at_once(asked).await.is_none());
    };
    let (app, asked) = stuck(Router::new().route("/", get(handler)));
    let reply = send(&app, web::get("/"), &user_7()).await;
    assert_eq!((reply.cookies().len(), asked.load(Ordering::SeqCst)), (0, 2));
}

#[tokio::test]
async fn a_session_that_is_asked_for_in_a_websocket_s_connection_is_checked_too() {
    let (hands, check) = (Hands::default(), Check::default());
    let kept = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&kept);
    let handler = async move |parts: Parts| {
        *keep.lock().unwrap() = Some(parts);
        StatusCode::SWITCHING_PROTOCOLS
    };
    let layer = check.on(builder(&hands)).recheck_after(time::Duration::minutes(5)).build().unwrap();
    let app = routes().route("/", get(handler)).layer(layer);
    hands.set(300);
    send(&app, web::get("/"), &user_7()).await;
    assert_eq!(check.count(), 0);
    let parts = kept.lock().unwrap().take().unwrap();
    assert_eq!(session::<Login>(&parts).await.unwrap().get().unwrap().user, 7);
    check.revoke();
    hands.set(600);
    assert!(session::<Login>(&parts).await.unwrap().get().is_none());
    assert_eq!(check.count(), 2);
}
