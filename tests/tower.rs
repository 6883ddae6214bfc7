//! The layer around a plain tower service, without a framework.

use crate::common;

use std::{
    convert::Infallible,
    future::{self, Future},
    pin::pin,
    sync::{Arc, Mutex, mpsc},
    task::{Context, Poll, Waker},
    thread,
};

use axum::http::{HeaderValue, Request, Response, StatusCode, header, request::Parts};
use common::{Hands, NOW, Plain, SECRET, ring, value};
use hardtack::{Facts, Keyring, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use tower::{Layer, Service, ServiceExt, service_fn};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
}

const NAME: &str = "__Host-login";

impl SessionData for Login {
    const COOKIE: &'static str = NAME;
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

/// Another type with the cookie name of [`Login`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Twin(u64);

impl SessionData for Twin {
    const COOKIE: &'static str = NAME;
}

fn layer<T: SessionData>(hands: &Hands) -> SessionLayer<T> {
    SessionLayer::builder(ring()).clock(hands.clock()).build().unwrap()
}

fn session<T: SessionData>(parts: &Parts) -> Session<T> {
    ask(parts).unwrap()
}

/// Without hooks there is nothing to wait for.
fn ask<T: SessionData>(parts: &Parts) -> Result<Session<T>, SessionError> {
    let asked = pin!(hardtack::tower::session(parts));
    match asked.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(session) => session,
        Poll::Pending => panic!("waits for nobody"),
    }
}

/// A service that does this with each request.
fn serve<F>(act: F) -> impl Service<Request<()>, Response = Response<String>, Error = Infallible, Future = impl Future>
where
    F: FnMut(Parts) -> Response<String>,
{
    let mut act = act;
    service_fn(move |request: Request<()>| future::ready(Ok::<_, Infallible>(act(request.into_parts().0))))
}

fn ok(text: &str) -> Response<String> {
    Response::new(text.to_owned())
}

fn status(status: StatusCode) -> Response<String> {
    let mut response = ok("done");
    *response.status_mut() = status;
    response
}

/// Sends a request with this cookie, if any.
async fn send<S>(service: S, cookie: &str) -> Response<String>
where
    S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
{
    let mut request = Request::new(());
    if !cookie.is_empty() {
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
    }
    let Ok(response) = service.oneshot(request).await;
    response
}

#[track_caller]
fn cookies(response: &Response<String>) -> Vec<&str> {
    response.headers().get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
}

/// A cookie of user 7, who logged in at [`NOW`].
#[track_caller]
fn user_7() -> String {
    let plain = Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: crate::common::layout::user(7),
        extensions: None,
    };
    format!("{NAME}={}", plain.seal(&SECRET, NAME, ""))
}

/// The user in a `Set-Cookie` value of ours.
#[track_caller]
fn user(set_cookie: &str) -> u8 {
    Plain::open(value(set_cookie), &SECRET, NAME, "").data()[0]
}

#[tokio::test]
async fn a_session_begins_is_read_and_ends() {
    let layer = layer::<Login>(&Hands::default());
    let begin = serve(|parts| {
        session(&parts).begin(Login { user: 9 }).unwrap();
        ok("welcome")
    });
    let response = send(layer.layer(begin), "").await;
    assert_eq!((response.status(), &**response.body()), (StatusCode::OK, "welcome"));
    let cookie = cookies(&response)[0].split(';').next().unwrap().to_owned();
    assert_eq!((cookies(&response).len(), user(&cookie)), (1, 9));

    let read = serve(|parts| ok(&session::<Login>(&parts).get().unwrap().user.to_string()));
    let response = send(layer.layer(read), &cookie).await;
    assert_eq!((&**response.body(), cookies(&response)), ("9", vec![]));

    let end = serve(|parts| {
        session::<Login>(&parts).end();
        ok("bye")
    });
    let response = send(layer.layer(end), &cookie).await;
    assert_eq!(cookies(&response), ["__Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"]);
}

#[tokio::test]
async fn all_calls_in_one_request_are_one_session() {
    let service = serve(|parts| {
        let one = session::<Login>(&parts);
        session(&parts.clone()).begin(Login { user: 3 }).unwrap();
        ok(&one.get().unwrap().user.to_string())
    });
    assert_eq!(send(layer::<Login>(&Hands::default()).layer(service), "").await.body(), "3");
}

#[tokio::test]
async fn each_request_is_a_session_of_its_own() {
    let mut service = layer::<Login>(&Hands::default()).layer(serve(|parts| {
        let session = session::<Login>(&parts);
        let user = session.get().map_or(0, |login| login.user);
        session.begin(Login { user: user + 1 }).unwrap();
        ok(&user.to_string())
    }));
    for cookie in ["", ""] {
        let response = send(&mut service, cookie).await;
        assert_eq!((&**response.body(), user(cookies(&response)[0])), ("0", 1));
    }
    assert_eq!(send(&mut service, &user_7()).await.body(), "7");
}

#[tokio::test]
async fn a_request_that_does_not_ask_for_the_session_does_not_read_the_clock() {
    let hands = Hands::default();
    let service = layer::<Login>(&hands).layer(serve(|_| ok("static")));
    let response = send(service, &user_7()).await;
    assert_eq!((&**response.body(), hands.reads()), ("static", 0));
    assert!(response.headers().is_empty(), "{:?}", response.headers());
}

#[tokio::test]
async fn a_request_reads_the_clock_once_and_its_response_once() {
    let hands = Hands::default();
    let service = layer::<Login>(&hands).layer(serve(|parts| {
        for _ in 0..3 {
            session::<Login>(&parts).update(|login| login.user += 1).unwrap();
        }
        ok("done")
    }));
    assert_eq!(user(cookies(&send(service, &user_7()).await)[0]), 10);
    assert_eq!(hands.reads(), 2);
}

#[tokio::test]
async fn the_cookie_is_appended_and_marked_sensitive() {
    let service = layer::<Login>(&Hands::default()).layer(serve(|parts| {
        session(&parts).begin(Login { user: 1 }).unwrap();
        let mut response = ok("done");
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static("theme=dark"));
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static("lang=en"));
        response
    }));
    let response = send(service, "").await;
    let cookies = cookies(&response);
    assert_eq!((cookies.len(), &cookies[..2], user(cookies[2])), (3, &["theme=dark", "lang=en"][..], 1));
    let sensitive: Vec<bool> =
        response.headers().get_all(header::SET_COOKIE).iter().map(HeaderValue::is_sensitive).collect();
    assert_eq!(sensitive, [false, false, true]);
}

#[tokio::test]
async fn a_change_of_data_is_not_sent_with_a_server_error_but_begin_cycle_and_end_are() {
    type Verb = fn(&Session<Login>);
    let update: Verb = |session| session.update(|login| login.user = 8).unwrap();
    let begin: Verb = |session| session.begin(Login { user: 8 }).unwrap();
    let cycle: Verb = |session| session.cycle().unwrap();
    let sends = async |verb: Verb, code: u16| {
        let service = serve(move |parts| {
            verb(&session(&parts));
            status(StatusCode::from_u16(code).unwrap())
        });
        let response = send(layer::<Login>(&Hands::default()).layer(service), &user_7()).await;
        assert_eq!((response.status().as_u16(), &**response.body()), (code, "done"));
        cookies(&response).len()
    };
    for code in [200, 303, 404, 499] {
        assert_eq!(sends(update, code).await, 1, "{code}");
    }
    for code in [500, 503, 599] {
        assert_eq!(sends(update, code).await, 0, "{code}");
        for verb in [begin, cycle, Session::end as Verb] {
            assert_eq!(sends(verb, code).await, 1, "{code}");
        }
    }
}

#[tokio::test]
async fn a_session_that_cannot_be_written_makes_an_error_response() {
    let hands = Hands::default();
    // The session ends while the handler is at work.
    let service = layer::<Login>(&hands).layer(serve(|parts| {
        session::<Login>(&parts).update(|login| login.user = 8).unwrap();
        hands.set(43_200);
        let mut response = ok("saved");
        response.headers_mut().insert(header::ETAG, HeaderValue::from_static("\"1\""));
        response
    }));
    let response = send(service, &user_7()).await;
    assert_eq!((response.status(), &**response.body()), (StatusCode::INTERNAL_SERVER_ERROR, ""));
    assert!(response.headers().is_empty(), "{:?}", response.headers());
    assert_eq!(response.extensions().get::<SessionError>(), Some(&SessionError::Over));
}

#[tokio::test]
async fn an_error_of_the_service_passes_through() {
    let failing = service_fn(|_: Request<()>| future::ready(Err::<Response<String>, _>("broken")));
    let service = layer::<Login>(&Hands::default()).layer(failing);
    assert_eq!(service.oneshot(Request::new(())).await.unwrap_err(), "broken");
}

#[tokio::test]
async fn without_a_layer_the_error_says_which_one_is_missing() {
    let service = serve(|parts| {
        let error = ask::<Cart>(&parts).unwrap_err();
        assert!(matches!(error, SessionError::MissingLayer { session } if session.ends_with("::Cart")), "{error:?}");
        ok(&error.to_string())
    });
    let mut service = layer::<Login>(&Hands::default()).layer(service);
    let text = send(&mut service, "").await.into_body();
    assert!(text.starts_with("no session layer for ") && text.contains("::Cart is around this handler"), "{text}");
}

#[tokio::test]
async fn one_type_layered_twice_is_an_error_that_says_so() {
    let hands = Hands::default();
    let service = serve(|parts| ok(&ask::<Login>(&parts).unwrap_err().to_string()));
    let service = layer::<Login>(&hands).layer(layer::<Cart>(&hands).layer(layer::<Login>(&hands).layer(service)));
    let text = send(service, &user_7()).await.into_body();
    assert!(text.starts_with("two session layers claim ") && text.contains("::Login"), "{text}");
}

#[tokio::test]
async fn two_types_with_one_cookie_name_are_an_error() {
    let hands = Hands::default();
    let service = serve(|parts| {
        let error = ask::<Twin>(&parts).unwrap_err();
        assert!(matches!(error, SessionError::LayeredTwice { session } if session.ends_with("::Twin")), "{error:?}");
        ok("done")
    });
    let service = layer::<Login>(&hands).layer(layer::<Twin>(&hands).layer(service));
    assert_eq!(send(service, "").await.body(), "done");
}

#[tokio::test]
async fn two_sessions_share_a_keyring_and_stay_apart() {
    let keyring: Arc<Keyring> = Arc::new(ring());
    let hands = Hands::default();
    let logins = SessionLayer::<Login>::builder(Arc::clone(&keyring)).clock(hands.clock()).build().unwrap();
    let carts = SessionLayer::<Cart>::builder(keyring).clock(hands.clock()).build().unwrap();
    let service = carts.layer(logins.layer(serve(|parts| {
        assert_eq!(session::<Login>(&parts).get().unwrap().user, 7);
        session::<Cart>(&parts).update_or_default(|cart| cart.items.push(5)).unwrap();
        ok("done")
    })));
    let response = send(service, &user_7()).await;
    let cookies = cookies(&response);
    assert_eq!(cookies.len(), 1, "the login is unchanged: {cookies:?}");
    assert_eq!(Plain::open(value(cookies[0]), &SECRET, "__Host-cart", "").data(), [1, 5]);
}

#[tokio::test]
async fn writing_after_the_response_has_left_is_an_error() {
    // A session that was used, and a connection that became a WebSocket.
    for (before, code) in [(Before::Used, StatusCode::OK), (Before::Unasked, StatusCode::SWITCHING_PROTOCOLS)] {
        let late = asked_late(before, code, false).await.unwrap();
        assert_eq!(late.begin(Login { user: 8 }), Err(SessionError::HeadersSent), "{before:?}");
        assert_eq!(late.update(|login| login.user = 8), Err(SessionError::HeadersSent), "{before:?}");
        assert_eq!(late.try_end(), Err(SessionError::HeadersSent), "{before:?}");
        assert_eq!(late.get().unwrap().user, 7, "{before:?}");
    }
}

/// What a handler did with its session before its response left.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Before {
    Unasked,
    Unused,
    Used,
}

/// The session that is asked for once the response has left, with this status and perhaps hooks.
async fn asked_late(before: Before, code: StatusCode, hooks: bool) -> Result<Session<Login>, SessionError> {
    let mut kept = None;
    let builder = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock());
    let builder = if hooks { builder.deny_list(hardtack::MemoryDenyList::new(8)) } else { builder };
    let service = builder.build().unwrap().layer(serve(|parts| {
        if before != Before::Unasked {
            let login = session::<Login>(&parts);
            let _ = (before == Before::Used).then(|| login.get());
        }
        kept = Some(parts);
        status(code)
    }));
    let response = send(service, &user_7()).await;
    assert!(cookies(&response).is_empty());
    assert_eq!(response.headers().contains_key(header::CACHE_CONTROL), before == Before::Used);
    ask(&kept.unwrap())
}

#[tokio::test]
async fn what_no_cache_was_told_of_is_not_shown_late() {
    for (before, hooks) in [(Before::Unasked, false), (Before::Unused, false), (Before::Unasked, true)] {
        let late = asked_late(before, StatusCode::OK, hooks).await;
        assert_eq!(late.err(), Some(SessionError::HeadersSent), "{before:?} {hooks}");
    }
    for hooks in [false, true] {
        assert_eq!(asked_late(Before::Used, StatusCode::OK, hooks).await.unwrap().get().unwrap().user, 7, "{hooks}");
    }
}

#[tokio::test]
async fn an_application_that_looks_after_caches_itself_reads_late() {
    let mut kept = None;
    let layer = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock());
    let service = layer.insecure_without_cache_headers().build().unwrap().layer(serve(|parts| {
        kept = Some(parts);
        ok("")
    }));
    send(service, &user_7()).await;
    assert_eq!(session::<Login>(&kept.unwrap()).get().unwrap().user, 7);
}

/// What becomes of a write once its request was given up, whose service never answers.
fn given_up(keeps_request: bool) -> Result<(), SessionError> {
    let kept = Arc::new(Mutex::new(None));
    let service = layer::<Login>(&Hands::default()).layer(service_fn(|request: Request<()>| {
        let parts = request.into_parts().0;
        *kept.lock().unwrap() = Some((session::<Login>(&parts), keeps_request.then_some(parts)));
        future::pending::<Result<Response<String>, Infallible>>()
    }));
    let mut request = Request::new(());
    request.headers_mut().insert(header::COOKIE, user_7().parse().unwrap());
    let mut answering = Box::pin(service.oneshot(request));
    assert!(answering.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(answering);
    let (session, _request) = kept.lock().unwrap().take().unwrap();
    session.update(|login| login.user = 8)
}

#[test]
fn writing_after_the_request_was_given_up_is_an_error() {
    for keeps_request in [true, false] {
        assert_eq!(given_up(keeps_request), Err(SessionError::HeadersSent), "{keeps_request}");
    }
}

/// A thread that asks for the session while the response is still to leave, and is held up until it has left.
#[test]
fn who_asks_while_the_response_leaves_is_not_shown_what_no_cache_was_told_of() {
    let (asks, asking) = mpsc::channel();
    let (leaves, left) = mpsc::channel::<()>();
    let (asks, left) = (Mutex::new(asks), Mutex::new(left));
    // Taken after it was seen that the response is still to leave.
    let facts = move |_: &Parts, _: &mut Facts| {
        asks.lock().unwrap().send(()).unwrap();
        left.lock().unwrap().recv().unwrap();
    };
    let builder = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock()).client_facts(facts);
    let mut late = None;
    let service = builder.build().unwrap().layer(serve(|parts| {
        late = Some(thread::spawn(move || ask::<Login>(&parts).map(|session| session.get().is_some())));
        asking.recv().unwrap();
        ok("")
    }));
    let cookie = user_7();
    let mut answering = Box::pin(send(service, &cookie));
    let Poll::Ready(response) = answering.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("waits for nobody")
    };
    drop(answering);
    assert!(!response.headers().contains_key(header::CACHE_CONTROL));
    leaves.send(()).unwrap();
    assert_eq!(late.unwrap().join().unwrap(), Err(SessionError::HeadersSent));
}
