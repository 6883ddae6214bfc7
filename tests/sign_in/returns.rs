//! The address that was asked for, on its way through the sign-in page.

use axum::{Router, extract::Query, http::Request, response::Redirect, routing::get};
use hardtack::{ConfigError, Current, ReturnTo, Session, SessionManager, tower::SessionLayer};
use serde::Deserialize;

use crate::sign_in::{
    HTML, Headers, SignIn, answer,
    common::{Hands, jar::Jar, ring, steps::Login, web as axum_web},
};

const NEXT: SignIn = SignIn { address: "/login", parameter: Some("next") };

/// Where a GET is sent to.
async fn sent_to(sign_in: SignIn, path: &str) -> String {
    let (status, location, _) = answer(sign_in, "GET", path, &[HTML]).await;
    assert_eq!(status, 303);
    location.concat()
}

#[tokio::test]
async fn path_and_query_are_added_as_the_client_asked_for_them() {
    let cases = [
        ("/app/orders", "/login?next=/app/orders"),
        ("/app/orders?page=2&by=date", "/login?next=/app/orders%3Fpage%3D2%26by%3Ddate"),
        ("/app/caf%C3%A9?q=a+b%26c", "/login?next=/app/caf%25C3%25A9%3Fq%3Da%2Bb%2526c"),
    ];
    for (asked_for, location) in cases {
        assert_eq!(sent_to(NEXT, asked_for).await, location);
    }
    let without = SignIn { parameter: None, ..NEXT };
    assert_eq!(sent_to(without, "/app/orders").await, "/login");
}

#[tokio::test]
async fn a_sign_in_address_may_have_a_query_and_a_fragment() {
    let address = "https://login.example.com/in?tenant=7#form";
    let elsewhere = SignIn { address, parameter: Some("back_to") };
    let expected = "https://login.example.com/in?tenant=7&back_to=/app/orders#form";
    assert_eq!(sent_to(elsewhere, "/app/orders").await, expected);
}

#[tokio::test]
async fn what_leads_nowhere_is_left_out() {
    let long = format!("/app/{}", "x".repeat(1020));
    let here = SignIn { address: "/app/login?from=here", ..NEXT };
    for asked_for in ["/app//evil.example", "/app/%2e%2e/x", "/app/%5Cx", "/app/%2F%2Fevil.example", &long] {
        assert_eq!(sent_to(NEXT, asked_for).await, "/login", "{asked_for}");
    }
    for asked_for in ["/app/login", "/app/login?next=/app/orders", "/app/login/", "/app/log%69n"] {
        assert_eq!(sent_to(here, asked_for).await, "/app/login?from=here", "{asked_for}");
    }
    assert_eq!(sent_to(NEXT, &long[..1024]).await, format!("/login?next={}", &long[..1024]));
}

#[tokio::test]
async fn only_what_a_get_asked_for_is_added() {
    for method in ["POST", "PUT", "DELETE", "HEAD"] {
        let (status, location, _) = answer(NEXT, method, "/app/orders", &[HTML]).await;
        assert_eq!((status, location.concat()), (303, "/login".to_owned()), "{method}");
    }
}

#[tokio::test]
async fn htmx_returns_to_the_page_that_the_person_sees() {
    const HX: (&str, &str) = ("hx-request", "true");
    const HOST: (&str, &str) = ("host", "shop.example:8443");
    let page = "https://shop.example:8443/cart?step=2#pay";
    let cases: &[(&str, Headers<'_>, &str)] = &[
        ("GET", &[HX, HOST, ("hx-current-url", page)], "/login?next=/cart%3Fstep%3D2"),
        ("POST", &[HX, HOST, ("hx-current-url", page)], "/login?next=/cart%3Fstep%3D2"),
        ("GET", &[HX, HOST, ("hx-current-url", "http://SHOP.example:8443")], "/login?next=/"),
        // Another host, or no address of a page: none.
        ("GET", &[HX, HOST, ("hx-current-url", "https://evil.example/cart")], "/login"),
        ("GET", &[HX, HOST, ("hx-current-url", "https://shop.example/cart")], "/login"),
        ("GET", &[HX, HOST, ("hx-current-url", "https://shop.example:8443@evil.example/cart")], "/login"),
        ("GET", &[HX, HOST, ("hx-current-url", "https://shop.example:8443\\@evil.example/cart")], "/login"),
        ("GET", &[HX, HOST, ("hx-current-url", "https://shop.example:8443//evil.example")], "/login"),
        ("GET", &[HX, HOST, ("hx-current-url", "https://shop.example:8443/login")], "/login"),
        ("GET", &[HX, HOST, ("hx-current-url", "//shop.example:8443/cart")], "/login"),
        ("GET", &[HX, HOST, ("hx-current-url", "javascript:alert(1)")], "/login"),
        ("GET", &[HX, HOST], "/login"),
        // A boosted link is a navigation of its own.
        ("GET", &[HX, HOST, ("hx-boosted", "true"), ("hx-current-url", page)], "/login?next=/app/orders"),
        ("POST", &[HX, HOST, ("hx-boosted", "true"), ("hx-current-url", page)], "/login"),
    ];
    for (method, headers, expected) in cases {
        let (status, location, hx_redirect) = answer(NEXT, method, "/app/orders", headers).await;
        assert_eq!(
            (status, location.len(), hx_redirect.concat().as_str()),
            (401, 0, *expected),
            "{method} {headers:?}"
        );
    }
}

#[derive(Deserialize)]
struct SignInForm {
    #[serde(default)]
    next: String,
}

async fn log_in(login: Session<Login>, Query(form): Query<SignInForm>) -> Redirect {
    login.begin(Login { user: 7 }).unwrap();
    Redirect::to(login.return_to(&form.next).as_ref().map_or("/", ReturnTo::as_str))
}

#[tokio::test]
async fn a_person_comes_back_to_what_they_asked_for() {
    let layer = NEXT.set(SessionLayer::builder(ring()));
    let app = Router::new()
        .route("/orders", get(async |_: Current<Login>| "orders"))
        .route("/login", get(log_in))
        .layer(layer);
    let mut jar = Jar::default();
    let first = axum_web::send(&app, Request::get("/orders?page=2"), "").await;
    let back = axum_web::send(&app, Request::get(first.location()), "").await;
    jar.take(back.cookies());
    assert_eq!(back.location(), "/orders?page=2");
    assert_eq!(axum_web::send(&app, Request::get(back.location()), &jar.header()).await.text(), "orders");
    for elsewhere in ["//evil.example", "https://evil.example/", "%2Flogin", "%252F%252Fevil.example", ""] {
        let reply = axum_web::send(&app, Request::get(format!("/login?next={elsewhere}")), "").await;
        assert_eq!(reply.location(), "/", "{elsewhere}");
    }
}

#[test]
fn a_parameter_that_cannot_stand_in_a_query_is_an_error() {
    let long = "x".repeat(65);
    for name in ["", "a b", "next=", "a&b", "nächste", "next#", &long] {
        let built =
            SessionManager::<Login>::builder(ring()).clock(Hands::default().clock()).return_parameter(name).build();
        let expected = ConfigError::ReturnParameter { name: name.to_owned() };
        assert_eq!(built.err(), Some(expected), "{name}");
    }
}
