//! Where people sign in: who is sent there, and how they come back to what they asked for.

use crate::common;

#[path = "sign_in/addresses.rs"]
mod addresses;
#[path = "sign_in/returns.rs"]
mod returns;
#[path = "sign_in/who.rs"]
mod who;

use actix_web::{App, test::TestRequest, web};
use axum::{
    Router,
    http::{Method, Request},
    routing::any,
};
use common::{Hands, ring, steps::Login, web as axum_web};
use hardtack::{Builder, Current, Layered, SessionManager, actix::SessionMiddleware, tower::SessionLayer};

type Headers<'a> = &'a [(&'static str, &'a str)];

/// What a browser sends with a navigation.
const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8");

/// How the sign-in address is configured.
#[derive(Clone, Copy)]
struct SignIn {
    address: &'static str,
    parameter: Option<&'static str>,
}

impl SignIn {
    fn set<Out: From<SessionManager<Login>> + Layered>(self, builder: Builder<Login, Out>) -> Out {
        let builder = builder.clock(Hands::default().clock()).sign_in_at(self.address);
        let builder = match self.parameter {
            Some(name) => builder.return_parameter(name),
            None => builder,
        };
        builder.build().unwrap()
    }
}

/// Status, `Location` and `HX-Redirect` of the answer to a client that has no session, in axum: below a nested router.
async fn in_axum(sign_in: SignIn, method: &str, path: &str, headers: Headers<'_>) -> (u16, Vec<String>, Vec<String>) {
    let inner = Router::new().route("/{*rest}", any(async |_: Current<Login>| "in"));
    let inner = inner.layer(sign_in.set(SessionLayer::builder(ring())));
    let app = Router::new().nest("/app", inner);
    let mut request = Request::builder().uri(path).method(Method::from_bytes(method.as_bytes()).unwrap());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let reply = axum_web::send(&app, request, "").await;
    let values =
        |name: &str| reply.headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect();
    (reply.status.as_u16(), values("location"), values("hx-redirect"))
}

/// The same in actix-web, below a scope.
async fn in_actix(sign_in: SignIn, method: &str, path: &str, headers: Headers<'_>) -> (u16, Vec<String>, Vec<String>) {
    let layer = sign_in.set(SessionMiddleware::builder(ring()));
    let scope = web::scope("/app").route("/{rest:.*}", web::to(async |_: Current<Login>| "in"));
    let app = actix_web::test::init_service(App::new().wrap(layer).service(scope)).await;
    let mut request = TestRequest::with_uri(path).method(method.parse().unwrap());
    for header in headers {
        request = request.insert_header(*header);
    }
    let reply = common::actix::send(&app, request.to_request()).await;
    let values = |name: &str| reply.values(name).into_iter().map(str::to_owned).collect();
    (reply.status, values("location"), values("hx-redirect"))
}

/// The same in both, which agree.
async fn answer(sign_in: SignIn, method: &str, path: &str, headers: Headers<'_>) -> (u16, Vec<String>, Vec<String>) {
    let axum = in_axum(sign_in, method, path, headers).await;
    let actix = in_actix(sign_in, method, path, headers).await;
    assert_eq!(axum, actix, "{method} {path} {headers:?}");
    axum
}
