//! What caches are told about a response that depends on a session, and about one that does not.

use crate::common;

use std::convert::Infallible;

use ::tower::{Layer, ServiceExt, service_fn};
use axum::{
    Router,
    http::{HeaderName, HeaderValue, Request, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
    routing::get,
};
use common::{
    Hands, ring,
    steps::{Login, begun, login, logins},
    web::{self, Reply, read, send},
};
use hardtack::{Current, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use time::Duration;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

#[track_caller]
fn layer<T: SessionData>() -> SessionLayer<T> {
    SessionLayer::builder(ring()).clock(Hands::default().clock()).build().unwrap()
}

/// Routes that use the session in each of the ways there are, and some that do not.
fn routes() -> Router {
    type Used = Session<Login>;
    Router::new()
        .route("/static", get(async || "static"))
        .route("/extracted", get(async |_: Used| "unused"))
        .route("/get", get(async |login: Used| login.get().is_some().to_string()))
        .route("/current", get(async |_: Current<Login>| "in"))
        .route("/option", get(async |login: Option<Current<Login>>| login.is_some().to_string()))
        .route("/claims", get(async |login: Used| login.claims().is_some().to_string()))
        .route("/remaining", get(async |login: Used| login.remaining().idle.to_string()))
        .route("/recent", get(async |login: Used| login.require_recent(Duration::MINUTE)))
        .route("/update", get(async |login: Used| login.update(|login| login.user = 8)))
        .route("/begin", get(async |login: Used| login.begin(Login { user: 8 })))
        .route("/cycle", get(async |login: Used| login.cycle()))
        .route("/end", get(async |login: Used| login.end()))
        .route("/renew", get(async |login: Used| login.renew()))
        .route("/teapot", get(async |login: Used| (StatusCode::IM_A_TEAPOT, login.get().is_some().to_string())))
        .route("/down", get(async |login: Used| (StatusCode::BAD_GATEWAY, login.get().is_some().to_string())))
}

#[track_caller]
fn values(reply: &Reply, name: HeaderName) -> Vec<&str> {
    reply.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

/// `Cache-Control` and `Vary`.
#[track_caller]
fn told(reply: &Reply) -> [Vec<&str>; 2] {
    [values(reply, header::CACHE_CONTROL), values(reply, header::VARY)]
}

#[tokio::test]
async fn a_route_that_does_not_use_the_session_is_left_alone() {
    let app = routes().layer(layer::<Login>());
    let cookie = begun(&logins(), login(7), 0);
    for (path, status) in [("/static", 200), ("/extracted", 200), ("/missing", 404)] {
        for cookie in ["", &*cookie] {
            let reply = send(&app, web::get(path), cookie).await;
            assert_eq!(reply.status.as_u16(), status);
            assert_eq!(told(&reply), [vec![""; 0], vec![]], "{path}");
        }
    }
}

#[tokio::test]
async fn a_response_that_depends_on_the_session_is_not_stored() {
    let app = routes().layer(layer::<Login>());
    let cookie = begun(&logins(), login(7), 0);
    let reading = ["/get", "/current", "/option", "/claims", "/remaining", "/recent", "/teapot", "/down"];
    let writing = ["/update", "/begin", "/cycle", "/end", "/renew"];
    for path in reading.iter().chain(&writing) {
        let reply = send(&app, web::get(path), &cookie).await;
        assert_eq!(told(&reply), [["private, no-store"], ["Cookie"]], "{path}");
        assert_eq!(reply.cookies().len(), usize::from(writing.contains(path)), "{path}");
    }
}

#[tokio::test]
async fn nor_is_one_that_depends_on_there_being_none() {
    let sign_in = SessionLayer::<Login>::builder(ring()).sign_in_at("/login").clock(Hands::default().clock());
    let app = routes().layer(sign_in.build().unwrap());
    for cookie in ["", "__Host-login=garbage"] {
        for (path, status) in [("/get", 200), ("/current", 303), ("/option", 200), ("/end", 200)] {
            let reply = send(&app, web::get(path), cookie).await;
            assert_eq!(reply.status.as_u16(), status);
            assert_eq!(told(&reply), [["private, no-store"], ["Cookie"]], "{path}");
        }
    }
}

/// A reply of a handler that reads the session and sets these headers itself.
async fn reply(name: HeaderName, values: &'static [&'static str]) -> Reply {
    let handler = async move |_: Current<Login>| -> Response {
        let own = values.iter().map(|value| (name.clone(), HeaderValue::from_static(value)));
        (AppendHeaders(own.collect::<Vec<_>>()), "page").into_response()
    };
    let app = Router::new().route("/", get(handler)).layer(layer::<Login>());
    let reply = send(&app, web::get("/"), &begun(&logins(), login(7), 0)).await;
    assert_eq!(reply.text(), "page");
    reply
}

#[tokio::test]
async fn what_keeps_a_page_in_this_browser_is_kept() {
    let kept: [&[&str]; 7] = [
        &["private"],
        &["private, no-store"],
        &["private, max-age=60"],
        &["max-age=60,private"],
        &["Private"],
        &["max-age=0", "must-revalidate, private"],
        &["no-store , private"],
    ];
    for own in kept {
        assert_eq!(told(&reply(header::CACHE_CONTROL, own).await), [own.to_vec(), vec!["Cookie"]]);
    }
}

#[tokio::test]
async fn what_does_not_is_replaced() {
    let replaced: [&[&str]; 17] = [
        // Fastly stores what only says this.
        &["no-store"],
        &["No-Store, max-age=0"],
        // Of a contradiction, a cache may follow either half.
        &["public, private"],
        &["private, s-maxage=60"],
        &["private", "S-MaxAge=60"],
        &["public, max-age=60"],
        &["max-age=60"],
        &["public", "max-age=60"],
        &[""],
        &["must-revalidate"],
        &["s-maxage=60"],
        &["immutable"],
        &["private-ish"],
        &["x-no-store"],
        // Shared caches may store it, and the page of one with a login for another if its validator is the same.
        &["no-cache"],
        // These speak of single headers: the page itself may be stored (RFC 9111, 5.2.2.4 and 5.2.2.7).
        &["private=\"Set-Cookie\", max-age=60"],
        &["no-cache=\"Set-Cookie\", max-age=60"],
    ];
    for own in replaced {
        assert_eq!(told(&reply(header::CACHE_CONTROL, own).await), [["private, no-store"], ["Cookie"]], "{own:?}");
    }
}

#[tokio::test]
async fn vary_is_added_to_and_not_doubled() {
    let cases: [(&[&str], &[&str]); 8] = [
        (&[], &["Cookie"]),
        (&["Accept"], &["Accept", "Cookie"]),
        (&["Accept, Accept-Language"], &["Accept, Accept-Language", "Cookie"]),
        (&["Cookie"], &["Cookie"]),
        (&["accept, COOKIE"], &["accept, COOKIE"]),
        (&["Accept", "cookie"], &["Accept", "cookie"]),
        (&["*"], &["*"]),
        (&["Cookie2, X-Cookie"], &["Cookie2, X-Cookie", "Cookie"]),
    ];
    for (own, expected) in cases {
        assert_eq!(told(&reply(header::VARY, own).await), [vec!["private, no-store"], expected.to_vec()], "{own:?}");
    }
}

#[tokio::test]
async fn two_layers_say_it_once_and_one_that_is_used_is_enough() {
    let both = async |_: Current<Login>, cart: Session<Cart>| cart.get().is_some().to_string();
    let one = async |cart: Session<Cart>| cart.get().is_some().to_string();
    let app = Router::new().route("/both", get(both)).route("/one", get(one));
    let app = app.layer(layer::<Login>()).layer(layer::<Cart>());
    for path in ["/both", "/one"] {
        let reply = send(&app, web::get(path), &begun(&logins(), login(7), 0)).await;
        assert_eq!((told(&reply), reply.text()), ([vec!["private, no-store"], vec!["Cookie"]], "false"), "{path}");
    }
}

#[tokio::test]
async fn it_can_be_left_to_the_application() {
    let builder = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock());
    let app = routes().layer(builder.insecure_without_cache_headers().build().unwrap());
    let cookie = begun(&logins(), login(7), 0);
    for (path, cookies) in [("/get", 0), ("/update", 1), ("/end", 1)] {
        let reply = send(&app, web::get(path), &cookie).await;
        assert_eq!((told(&reply), reply.cookies().len()), ([vec![], vec![]], cookies), "{path}");
    }
}

#[tokio::test]
async fn an_error_response_of_ours_is_not_one_that_caches_store() {
    // The session is over when the handler has done its work: 500, which caches do not store unless told to.
    let hands = Hands::default();
    let clock = hands.clone();
    let late = async move |login: Session<Login>| -> Result<Response, SessionError> {
        login.update(|login| login.user = 8)?;
        hands.set(43_200);
        Ok(([(header::CACHE_CONTROL, "public, max-age=60")], "saved").into_response())
    };
    let layer = SessionLayer::<Login>::builder(ring()).clock(clock.clock()).build().unwrap();
    let app = Router::new().route("/", get(late)).layer(layer);
    let request = web::get("/").header(header::COOKIE, begun(&logins(), login(7), 0));
    let reply = read(web::raw(&app, request, "").await).await;
    assert_eq!((reply.status.as_u16(), values(&reply, header::CACHE_CONTROL)), (500, vec![]));
}

/// The response of a service that answers with so many headers, and begins or reads the session.
async fn with_headers(count: usize, begins: bool) -> Response<String> {
    let service = service_fn(move |request: Request<()>| async move {
        let session = hardtack::tower::session::<Login>(&request.into_parts().0).await.unwrap();
        if begins {
            session.begin(Login { user: 8 }).unwrap();
        } else {
            drop(session.get());
        }
        let mut response = Response::new("private".to_owned());
        for number in 1..count {
            let name = HeaderName::try_from(format!("x-{number}")).unwrap();
            response.headers_mut().insert(name, HeaderValue::from_static("1"));
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
        Ok::<_, Infallible>(response)
    });
    let request = Request::builder().header(header::COOKIE, begun(&logins(), login(7), 0)).body(()).unwrap();
    layer::<Login>().layer(service).oneshot(request).await.unwrap()
}

/// 24,576 names are all that `http` has room for.
#[tokio::test]
async fn a_response_without_room_for_what_caches_are_told_becomes_an_error() {
    // What a verb asked for goes with the error that takes the response's place.
    let cases = [
        (24_574, true, 200, [1, 1]),
        (24_575, false, 200, [1, 0]),
        (24_576, false, 500, [0, 0]),
        (24_576, true, 500, [1, 1]),
    ];
    for (count, begins, status, written) in cases {
        let response = with_headers(count, begins).await;
        assert_eq!(response.status(), status, "{count}");
        let values = |name| response.headers().get_all(name).iter().filter(|value| *value != "public").count();
        assert_eq!([values(header::CACHE_CONTROL), values(header::SET_COOKIE)], written, "{count}");
        assert_eq!(response.body().is_empty(), status == 500, "{count}");
        let error = response.extensions().get::<SessionError>();
        assert_eq!(error, (status == 500).then_some(&SessionError::TooManyHeaders), "{count}");
    }
}
