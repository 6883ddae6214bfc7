//! Layers, and the handlers and middleware inside of them.

use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use hardtack::{Current, Session, SessionData, SessionError};
use serde::{Deserialize, Serialize};

use crate::axum::{
    Cart, Login, ada,
    common::{
        Hands,
        web::{self, error, raw, read, send},
    },
    layer, layer_at, login, payload,
};

/// Another type with the cookie name of [`Login`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Twin(u64);

impl SessionData for Twin {
    const COOKIE: &'static str = "__Host-login";
}

async fn user(login: Session<Login>) -> String {
    login.get().map_or(0, |login| login.user).to_string()
}

/// Routes that ask for a session in each of the ways there are.
fn routes() -> Router {
    Router::new()
        .route("/session", get(user))
        .route("/current", get(async |login: Current<Login>| login.name.clone()))
        .route("/option", get(async |login: Option<Current<Login>>| login.is_some().to_string()))
        .route("/none", get(async || "static"))
}

#[tokio::test]
async fn two_extractors_are_one_session() {
    async fn twice(one: Session<Login>, two: Session<Login>) -> Result<String, SessionError> {
        one.begin(login(3))?;
        two.update(|login| login.user += 1)?;
        Ok(one.get().map_or(0, |login| login.user).to_string())
    }
    let reply = send(&Router::new().route("/", post(twice)).layer(layer::<Login>()), web::post("/"), "").await;
    assert_eq!((reply.text(), payload(reply.cookie())[0]), ("4", 4));
}

#[tokio::test]
async fn middleware_and_handler_are_one_session() {
    async fn around(login: Session<Login>, request: Request, next: Next) -> Result<Response, SessionError> {
        login.update(|login| login.user += 1)?; // 7 to 8
        let response = next.run(request).await;
        login.update(|login| login.user += 1)?; // 16 to 17
        Ok(response)
    }
    async fn double(login: Session<Login>) -> Result<String, SessionError> {
        login.update(|login| login.user *= 2)?;
        Ok(login.get().map_or(0, |login| login.user).to_string())
    }
    let app = Router::new().route("/", get(double)).layer(middleware::from_fn(around)).layer(layer::<Login>());
    let reply = send(&app, web::get("/"), &ada()).await;
    assert_eq!((reply.text(), payload(reply.cookie())[0]), ("16", 17));
}

#[tokio::test]
async fn middleware_can_refuse_what_the_session_does_not_allow() {
    async fn only_ada(login: Current<Login>, request: Request, next: Next) -> Result<Response, StatusCode> {
        if login.name == "Ada" { Ok(next.run(request).await) } else { Err(StatusCode::FORBIDDEN) }
    }
    let app = Router::new().route("/", get(user)).layer(middleware::from_fn(only_ada)).layer(layer::<Login>());
    assert_eq!(send(&app, web::get("/"), &ada()).await.text(), "7");
    let bo = crate::axum::cookie("__Host-login", &crate::common::layout::named(8, "Bo"));
    assert_eq!(send(&app, web::get("/"), &bo).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&app, web::get("/"), "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_missing_layer_is_an_error_that_says_so() {
    for app in [routes(), routes().layer(layer::<Cart>())] {
        for path in ["/session", "/current", "/option"] {
            let reply = send(&app, web::get(path), &ada()).await;
            assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            let text = reply.text();
            assert!(
                text.starts_with("no session layer for ") && text.contains("::Login is around this handler"),
                "{text}"
            );
            assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8");
        }
        assert_eq!(send(&app, web::get("/none"), "").await.text(), "static");
    }
}

#[tokio::test]
async fn a_layer_around_other_routes_only_is_missing_here() {
    let inner = Router::new().route("/inside", get(user)).layer(layer::<Login>());
    let app = Router::new().route("/outside", get(user)).merge(inner);
    assert_eq!(send(&app, web::get("/inside"), &ada()).await.text(), "7");
    let reply = send(&app, web::get("/outside"), &ada()).await;
    assert!(reply.text().starts_with("no session layer for "), "{}", reply.text());
}

#[tokio::test]
async fn one_type_layered_twice_is_an_error_that_says_so() {
    let next_to_each_other = routes().layer(layer::<Login>()).layer(layer::<Login>());
    let apart = routes().layer(layer::<Login>()).layer(layer::<Cart>()).layer(layer::<Login>());
    for app in [next_to_each_other, apart] {
        for path in ["/session", "/current", "/option"] {
            let response = raw(&app, web::get(path), "").await;
            assert!(matches!(error(&response), Some(SessionError::LayeredTwice { .. })), "{path}");
            let reply = read(response).await;
            assert_eq!((reply.status, reply.cookies().len()), (StatusCode::INTERNAL_SERVER_ERROR, 0), "{path}");
            let text = reply.text();
            assert!(
                text.starts_with("two session layers claim ") && text.contains("::Login or its cookie name"),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn two_types_with_one_cookie_name_are_an_error() {
    async fn both(_: Session<Login>, _: Session<Twin>) {}
    let logins_inside = Router::new().route("/", get(both)).layer(layer::<Login>()).layer(layer::<Twin>());
    let twins_inside = Router::new().route("/", get(both)).layer(layer::<Twin>()).layer(layer::<Login>());
    for (app, first) in [(logins_inside, "::Login "), (twins_inside, "::Login ")] {
        let reply = send(&app, web::get("/"), "").await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
        let text = reply.text();
        assert!(text.starts_with("two session layers claim ") && text.contains(first), "{text}");
    }
}

#[tokio::test]
async fn a_route_that_does_not_touch_the_session_does_not_read_the_clock() {
    let hands = Hands::default();
    let app = routes().route("/extracted", get(async |_: Session<Login>| "unused")).layer(layer_at::<Login>(&hands));
    let reply = send(&app, web::get("/none"), &ada()).await;
    assert_eq!((reply.text(), reply.cookies().len(), hands.reads()), ("static", 0, 0));
    assert_eq!(send(&app, web::get("/missing"), &ada()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(hands.reads(), 0);

    // One that extracts the handle and leaves it at that opens nothing: this one would be due for renewal.
    hands.set(900);
    assert!(send(&app, web::get("/extracted"), &ada()).await.cookies().is_empty());
    assert_eq!(hands.reads(), 0, "nobody uses the session");
    assert_eq!(send(&app, web::get("/session"), &ada()).await.cookies().len(), 1);
    assert_eq!(hands.reads(), 2, "once for the request, once for the cookie");
}
