//! Handlers that do not return: nothing that they left half done is written.

use crate::common;

use std::{sync::Arc, time::Duration};

use axum::{Router, error_handling::HandleErrorLayer, http::StatusCode, routing::post};
use hardtack::{MemoryDenyList, Session};
use tower::{ServiceBuilder, timeout::TimeoutLayer as Dropping};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

use common::{
    Hands,
    login::{Login, REMOVAL, act, builder, inside, routes, user_7, whose},
};

/// What a handler does before it is cut off.
type Verb = fn(&Session<Login>);

/// Each of these is written whatever the status, where the handler returns.
const EXPLICIT: [(&str, Verb); 4] = [
    ("begin", |session| session.begin(Login { user: 9, stamp: 1 }).unwrap()),
    ("cycle", |session| session.cycle().unwrap()),
    ("again", |session| session.reauthenticate().unwrap()),
    ("end", Session::end),
];

const CHANGE: Verb = |session| session.update(|login| login.stamp += 1).unwrap();

/// How the handler ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    /// It answers with this status.
    Answers(u16),
    /// It never does.
    Hangs,
    /// It panics.
    Panics,
}

fn handler(verb: Verb, ends: Ends) -> Router {
    let handler = async move |session: Session<Login>| {
        verb(&session);
        match ends {
            Ends::Answers(status) => StatusCode::from_u16(status).unwrap(),
            Ends::Hangs => std::future::pending().await,
            Ends::Panics => panic!("as asked"),
        }
    };
    routes().route("/", post(handler))
}

/// What stands between the handler and the session's layer.
fn within(router: Router, which: usize) -> Router {
    let second = Duration::from_secs(1);
    match which {
        // 408 by default, and a status that proxies send.
        0 => router.layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, second)),
        1 => router.layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, second)),
        // One that drops the handler before it answers.
        2 => router.layer(
            ServiceBuilder::new()
                .layer(HandleErrorLayer::new(async |_: axum::BoxError| StatusCode::REQUEST_TIMEOUT))
                .layer(Dropping::new(second)),
        ),
        _ => router.layer(CatchPanicLayer::new()),
    }
}

/// The service, with and without a deny-list.
fn app(verb: Verb, ends: Ends, which: usize, list: Option<&Arc<MemoryDenyList>>) -> Router {
    let mut builder = builder(&Hands::default());
    if let Some(list) = list {
        builder = builder.deny_list(Arc::clone(list));
    }
    within(handler(verb, ends), which).layer(builder.build().unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_is_cut_off_writes_nothing() {
    for (which, ends, status) in [(0, Ends::Hangs, 408), (2, Ends::Hangs, 408), (3, Ends::Panics, 500)] {
        for (name, verb) in EXPLICIT.into_iter().chain([("change", CHANGE)]) {
            for list in [None, Some(Arc::new(MemoryDenyList::new(8)))] {
                let app = app(verb, ends, which, list.as_ref());
                let reply = act(&app, "/", &user_7()).await;
                let found = (reply.status.as_u16(), reply.cookies().len());
                assert_eq!(found, (status, 0), "{which} {name} {}", list.is_some());
                assert_eq!(list.map_or(0, |list| list.len()), 0, "{which} {name}: nobody is denied");
                assert_eq!(whose(&app, &user_7()).await, "7", "{which} {name}: the session is as it was");
            }
        }
    }
}

/// The layer sees a status and nothing else: a 504 of a timeout looks like one of the handler's own.
#[tokio::test(start_paused = true)]
async fn a_timeout_that_answers_a_5xx_is_taken_for_an_answer_of_the_handler() {
    for (name, verb) in EXPLICIT {
        let reply = act(&app(verb, Ends::Hangs, 1, None), "/", &user_7()).await;
        assert_eq!((reply.status.as_u16(), reply.cookies().len()), (504, 1), "{name}");
    }
    assert_eq!(act(&app(CHANGE, Ends::Hangs, 1, None), "/", &user_7()).await.cookies().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_returns_writes_what_it_began_whatever_its_status() {
    for which in 0..4 {
        for status in [200, 400, 500, 503, 504] {
            for (name, verb) in EXPLICIT {
                let reply = act(&app(verb, Ends::Answers(status), which, None), "/", &user_7()).await;
                assert_eq!((reply.status.as_u16(), reply.cookies().len()), (status, 1), "{which} {name} {status}");
            }
            let reply = act(&app(CHANGE, Ends::Answers(status), which, None), "/", &user_7()).await;
            assert_eq!(reply.cookies().len(), usize::from(status < 500), "{which} {status}");
        }
    }
}

#[tokio::test]
async fn a_408_writes_nothing_whoever_answers_it() {
    for (name, verb) in EXPLICIT.into_iter().chain([("change", CHANGE)]) {
        let reply = act(&app(verb, Ends::Answers(408), 3, None), "/", &user_7()).await;
        assert_eq!((reply.status.as_u16(), reply.cookies().len()), (408, 0), "{name}");
    }
}

#[tokio::test]
async fn a_task_that_goes_on_costs_nothing_where_the_response_is_none_of_failure() {
    let handler = async |session: Session<Login>| {
        session.end();
        let kept = session.clone();
        tokio::spawn(async move {
            let _kept = kept;
            std::future::pending::<()>().await;
        });
        StatusCode::NOT_FOUND
    };
    let app = routes().route("/", post(handler)).layer(builder(&Hands::default()).build().unwrap());
    assert_eq!(act(&app, "/", &user_7()).await.cookies(), [REMOVAL]);
}

#[tokio::test]
async fn a_panic_of_another_request_leaves_this_one_alone() {
    let panics = async |session: Session<Login>| {
        session.begin(Login { user: 9, stamp: 1 }).unwrap();
        let other = session.clone();
        let panicked = tokio::spawn(async move {
            let _other = other;
            panic!("as asked");
        });
        assert!(panicked.await.is_err());
    };
    let app = routes().route("/", post(panics)).layer(builder(&Hands::default()).build().unwrap());
    let reply = act(&app, "/", &user_7()).await;
    assert_eq!((reply.status.as_u16(), inside(reply.cookie()).data()), (200, vec![9, 1]));
}

mod in_actix {
    use actix_web::{App, HttpResponse, http::StatusCode, test, web};
    use hardtack::{Keyring, Session, actix::SessionMiddleware};

    use super::{Login, common::ring, user_7};

    async fn answered(status: u16) -> usize {
        let keys: Keyring = ring();
        let hands = super::Hands::default();
        let sessions = SessionMiddleware::<Login>::builder(keys).clock(hands.clock()).build().unwrap();
        let handler = move |session: Session<Login>| async move {
            session.begin(Login { user: 9, stamp: 1 }).unwrap();
            HttpResponse::build(StatusCode::from_u16(status).unwrap()).finish()
        };
        let app = test::init_service(App::new().wrap(sessions).route("/", web::post().to(handler))).await;
        let request = test::TestRequest::post().uri("/").insert_header(("cookie", user_7())).to_request();
        test::call_service(&app, request).await.headers().get_all("set-cookie").count()
    }

    #[tokio::test]
    async fn a_408_writes_nothing() {
        for (status, cookies) in [(200, 1), (408, 0), (500, 1), (503, 1)] {
            assert_eq!(answered(status).await, cookies, "{status}");
        }
    }
}
