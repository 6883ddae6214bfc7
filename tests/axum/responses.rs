//! What becomes of the response.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header::SET_COOKIE},
    response::{AppendHeaders, IntoResponse, Response},
    routing::get,
};
use hardtack::{Session, SessionError};
use http_body_util::{BodyExt, Full};

use crate::axum::{
    Cart, Login, ada,
    common::{
        Hands, pair,
        web::{self, error, raw, read, send},
    },
    cookie, layer, layer_at, login, payload,
};

/// An app of one handler that does this and answers with this status.
fn app(act: impl Fn(&Session<Login>) + Clone + Send + Sync + 'static, status: u16) -> Router {
    let handler = async move |session: Session<Login>| {
        act(&session);
        (StatusCode::from_u16(status).unwrap(), "done")
    };
    Router::new().route("/", get(handler)).layer(layer::<Login>())
}

#[tokio::test]
async fn begin_cycle_and_end_are_sent_whatever_the_status() {
    type Verb = fn(&Session<Login>);
    let begin: Verb = |session| session.begin(login(8)).unwrap();
    let cycle: Verb = |session| session.cycle().unwrap();
    for verb in [begin, cycle, Session::end as Verb] {
        for status in [200, 400, 401, 403, 404, 422, 500, 502] {
            let reply = send(&app(verb, status), web::get("/"), &ada()).await;
            assert_eq!((reply.status.as_u16(), reply.text(), reply.cookies().len()), (status, "done", 1));
        }
    }
}

#[tokio::test]
async fn a_change_of_data_is_sent_unless_it_is_a_server_error() {
    let update = |session: &Session<Login>| session.update(|login| login.user = 8).unwrap();
    for (status, cookies) in [(200, 1), (303, 1), (404, 1), (500, 0), (503, 0)] {
        let reply = send(&app(update, status), web::get("/"), &ada()).await;
        assert_eq!((reply.status.as_u16(), reply.text(), reply.cookies().len()), (status, "done", cookies));
    }
}

#[tokio::test]
async fn a_handler_may_return_a_session_error() {
    async fn visit(login: Session<Login>) -> Result<&'static str, SessionError> {
        login.update(|login| login.user += 1)?;
        Ok("counted")
    }
    let app = Router::new().route("/", get(visit)).layer(layer::<Login>());
    let reply = send(&app, web::get("/"), &ada()).await;
    assert_eq!((reply.text(), payload(reply.cookie())[0]), ("counted", 8));

    let response = raw(&app, web::get("/"), "").await;
    assert_eq!(error(&response), Some(SessionError::NoSession));
    let reply = read(response).await;
    assert_eq!((reply.status.as_u16(), reply.text(), reply.cookies().len()), (401, "", 0));
}

#[tokio::test]
async fn what_was_written_before_an_error_is_rolled_back_by_its_status() {
    async fn half(login: Session<Login>) -> Result<&'static str, SessionError> {
        login.update(|login| login.user = 8)?;
        login.update(|login| login.name = "x".repeat(4000))?;
        Ok("done")
    }
    let app = Router::new().route("/", get(half)).layer(layer::<Login>());
    let response = raw(&app, web::get("/").header("cookie", ada()), "").await;
    assert!(matches!(error(&response), Some(SessionError::TooLarge { limit: 4096, .. })), "{:?}", error(&response));
    assert!(read(response).await.cookies().is_empty());
}

#[tokio::test]
async fn a_session_that_cannot_be_written_makes_an_error_response() {
    type Verb = fn(&Session<Login>);
    let update: Verb = |session| session.update(|login| login.user = 8).unwrap();
    let cycle: Verb = |session| session.cycle().unwrap();
    for verb in [update, cycle] {
        let hands = Hands::default();
        let clock = hands.clone();
        let handler = async move |session: Session<Login>| {
            verb(&session);
            hands.set(43_200); // the session ends while the handler is at work
            ([("etag", "\"1\"")], "your change is saved")
        };
        let app = Router::new().route("/", get(handler)).layer(layer_at::<Login>(&clock));
        let response = raw(&app, web::get("/").header("cookie", ada()), "").await;
        assert_eq!(error(&response), Some(SessionError::Over));
        let reply = read(response).await;
        assert_eq!((reply.status.as_u16(), reply.text()), (500, ""));
        assert!(reply.headers.keys().all(|name| name == "content-length"), "{:?}", reply.headers);
    }
}

#[tokio::test]
async fn a_session_that_only_ended_meanwhile_is_no_error() {
    let hands = Hands::default();
    let clock = hands.clone();
    let handler = async move |session: Session<Login>| {
        let name = session.get().unwrap().name.clone();
        hands.set(43_200);
        name
    };
    let app = Router::new().route("/", get(handler)).layer(layer_at::<Login>(&clock));
    let reply = send(&app, web::get("/"), &ada()).await;
    assert_eq!((reply.status.as_u16(), reply.text(), reply.cookies().len()), (200, "Ada", 0));
}

#[tokio::test]
async fn if_one_of_two_sessions_cannot_be_written_the_changes_of_the_other_are_not() {
    let hands = Hands::default();
    let clock = hands.clone();
    let handler = async move |logins: Session<Login>, carts: Session<Cart>| {
        logins.update(|login| login.user = 8).unwrap();
        carts.update_or_default(|cart| cart.items.push(1)).unwrap();
        hands.set(43_200);
        "your change is saved"
    };
    // The login, which has ended, is inside: the cart sees its error.
    let app = Router::new().route("/", get(handler)).layer(layer_at::<Login>(&clock)).layer(layer_at::<Cart>(&clock));
    let reply = send(&app, web::get("/"), &ada()).await;
    assert_eq!((reply.status.as_u16(), reply.text(), reply.cookies().len()), (500, "", 0));
}

#[tokio::test]
async fn a_streamed_body_writes_too_late() {
    let outcomes = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&outcomes);
    let stream = async move |session: Session<Login>| {
        let body = Full::new(Bytes::from_static(b"streamed")).map_frame(move |frame| {
            let late = [
                session.begin(login(8)),
                session.update(|login| login.user = 8),
                session.cycle(),
                session.remember(true),
                session.try_end(),
            ];
            heard.lock().unwrap().extend(late);
            session.end();
            assert_eq!(session.get().unwrap().user, 7, "reading still works");
            frame
        });
        Body::new(body)
    };
    let app = Router::new().route("/", get(stream)).layer(layer::<Login>());
    let response = raw(&app, web::get("/").header("cookie", ada()), "").await;
    assert!(outcomes.lock().unwrap().is_empty(), "the body runs when it is read");
    let reply = read(response).await;
    assert_eq!((reply.text(), reply.cookies().len()), ("streamed", 0));
    assert_eq!(*outcomes.lock().unwrap(), [Err(SessionError::HeadersSent); 5]);
}

#[tokio::test]
async fn the_cookie_joins_those_of_the_handler_and_is_sensitive() {
    async fn own(login: Session<Login>, cart: Session<Cart>) -> Result<Response, SessionError> {
        login.update(|login| login.user = 8)?;
        cart.update(|cart| cart.items.push(6))?;
        Ok((AppendHeaders([(SET_COOKIE, "theme=dark"), (SET_COOKIE, "lang=en")]), "done").into_response())
    }
    let app = Router::new().route("/", get(own)).layer(layer::<Login>()).layer(layer::<Cart>());
    let reply = send(
        &app,
        web::get("/"),
        &format!("{}; {}", ada(), cookie("__Host-cart", &crate::common::layout::items(&[5]))),
    )
    .await;
    let cookies = reply.cookies();
    assert_eq!((cookies.len(), cookies[0], cookies[1]), (4, "theme=dark", "lang=en"));
    assert_eq!((payload(pair(cookies[2]))[0], payload(pair(cookies[3]))), (8, vec![2, 5, 6]));
    let sensitive: Vec<bool> = reply.headers.get_all(SET_COOKIE).iter().map(HeaderValue::is_sensitive).collect();
    assert_eq!(sensitive, [false, false, true, true]);
}

#[tokio::test]
async fn a_removal_is_sensitive_too() {
    let reply = send(&app(Session::end, 200), web::get("/"), &ada()).await;
    assert_eq!(reply.cookie(), "__Host-login=");
    assert!(reply.headers[SET_COOKIE].is_sensitive());
}
