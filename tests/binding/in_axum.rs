//! Bindings in axum.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::{
    Router,
    http::{HeaderValue, request::Parts},
    routing::{get, post},
};
use hardtack::{Current, Facts, Session, SessionError, tower::SessionLayer};

use crate::binding::{
    ACME, Login, bound_to,
    common::{
        Hands, Told, ring,
        web::{self, Reply, error, raw, send},
    },
    payload,
};

type Answer = Result<(), SessionError>;
type Layer = SessionLayer<Login>;

fn tenant(parts: &Parts, facts: &mut Facts) {
    facts.add("tenant", parts.headers.get("tenant").map_or(&b""[..], HeaderValue::as_bytes));
}

fn routes() -> Router {
    Router::new()
        .route("/", get(async |login: Session<Login>| login.get().map_or(0, |login| login.user).to_string()))
        .route(
            "/both",
            get(async |current: Current<Login>, login: Session<Login>| {
                assert!(Arc::ptr_eq(&current.0, &login.get().unwrap()));
                current.user.to_string()
            }),
        )
        .route("/nothing", get(async || "nothing"))
        .route("/login", post(async |login: Session<Login>| -> Answer { login.begin(Login { user: 8 }) }))
        .route("/update", post(async |login: Session<Login>| -> Answer { login.update(|login| login.user = 9) }))
        .route("/cycle", post(async |login: Session<Login>| -> Answer { login.cycle() }))
}

#[track_caller]
fn app_with(told: &Told, take: impl Fn(&Parts, &mut Facts) + Send + Sync + 'static) -> (Router, Hands) {
    let hands = Hands::default();
    let layer = Layer::builder(ring()).clock(hands.clock()).observer(told.clone()).bind_to(take);
    (routes().layer(layer.build().unwrap()), hands)
}

/// A request of this tenant.
async fn of(app: &Router, tenant: &str, request: axum::http::request::Builder, cookie: &str) -> Reply {
    send(app, request.header("tenant", tenant), cookie).await
}

fn outcome(reply: &Reply) -> (u16, &str, usize) {
    (reply.status.as_u16(), reply.text(), reply.cookies().len())
}

#[tokio::test]
async fn the_same_tenant_has_the_session_and_another_has_none() {
    let told = Told::default();
    let (app, _) = app_with(&told, tenant);
    let cookie = bound_to(ACME);
    assert_eq!(outcome(&of(&app, "acme", web::get("/"), &cookie).await), (200, "7", 0));
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0"]);
    for other in ["acm", "acmee", "ACME", "", "globex"] {
        let reply = of(&app, other, web::get("/"), &cookie).await;
        assert_eq!(outcome(&reply), (200, "0", 0), "{other}");
        assert_eq!(told.take(), ["refused - a65c4d76 Authentication"]);
        let without = of(&app, other, web::get("/"), "").await;
        assert_eq!(reply, without, "as without a cookie");
    }
    assert_eq!(outcome(&send(&app, web::get("/"), &cookie).await), (200, "0", 0), "no tenant at all");
}

#[tokio::test]
async fn a_token_without_binding_is_no_session_where_there_is_one_and_the_other_way_round() {
    let told = Told::default();
    let (bound, _) = app_with(&told, tenant);
    assert_eq!(outcome(&of(&bound, "acme", web::get("/"), &bound_to(b"")).await), (200, "0", 0));
    let unbound = routes().layer(Layer::builder(ring()).clock(Hands::default().clock()).build().unwrap());
    assert_eq!(outcome(&of(&unbound, "acme", web::get("/"), &bound_to(ACME)).await), (200, "0", 0));
    assert_eq!(outcome(&of(&unbound, "acme", web::get("/"), &bound_to(b"")).await), (200, "7", 0));
    let (no_facts, _) = app_with(&told, |_, _| ());
    assert_eq!(outcome(&of(&no_facts, "acme", web::get("/"), &bound_to(b"")).await), (200, "7", 0));
}

#[tokio::test]
async fn every_write_keeps_the_binding() {
    let told = Told::default();
    let (app, hands) = app_with(&told, tenant);
    for (method, path, user) in [("POST", "/login", 8), ("POST", "/update", 9), ("POST", "/cycle", 7), ("GET", "/", 7)]
    {
        // Half of the idle window, so that the visit is renewed.
        hands.set(900);
        let request = if method == "GET" { web::get(path) } else { web::post(path) };
        let reply = of(&app, "acme", request, &bound_to(ACME)).await;
        assert_eq!(payload(reply.cookie(), ACME), Some(vec![user]), "{path}");
        assert_eq!(payload(reply.cookie(), b""), None, "{path}");
        assert_eq!(of(&app, "acme", web::get("/"), reply.cookie()).await.text(), user.to_string(), "{path}");
        assert_eq!(of(&app, "globex", web::get("/"), reply.cookie()).await.text(), "0", "{path}");
    }
}

#[tokio::test]
async fn several_facts_stand_in_rising_order_of_kind_each_with_its_length() {
    let told = Told::default();
    let (app, _) = app_with(&told, |_, facts| {
        facts.add("tenant", "overwritten");
        facts.add("tenant", b"\x00\xff");
        facts.add("b", "");
        facts.add("certificate", [9; 3]);
        facts.add("", "a");
    });
    let binding =
        b"\x00\x00\x00\x01a\x00\x01b\x00\x00\x00\x0bcertificate\x00\x03\x09\x09\x09\x00\x06tenant\x00\x02\x00\xff";
    let reply = of(&app, "", web::post("/login"), "").await;
    assert_eq!(payload(reply.cookie(), binding), Some(vec![8]));
    assert_eq!(outcome(&of(&app, "", web::get("/"), &bound_to(binding)).await), (200, "7", 0));
}

#[tokio::test]
async fn a_binding_of_1024_bytes_fits_and_one_more_is_an_error() {
    let told = Told::default();
    let (app, _) = app_with(&told, tenant);
    // Two lengths of two bytes and the six letters of the kind are ten.
    let fits = "x".repeat(1024 - 10);
    let binding = [b"\x00\x06tenant\x03\xf6", fits.as_bytes()].concat();
    assert_eq!(binding.len(), 1024);
    assert_eq!(outcome(&of(&app, &fits, web::get("/"), &bound_to(&binding)).await), (200, "7", 0));

    let too_long = "x".repeat(1024 - 9);
    for (request, cookie) in [(web::get("/"), bound_to(&binding)), (web::get("/"), String::new())] {
        let request = request.header("tenant", &too_long).header("cookie", cookie);
        let response = raw(&app, request, "").await;
        assert_eq!(error(&response), Some(SessionError::BindingTooLong));
        assert_eq!(outcome(&web::read(response).await), (500, "", 0));
    }
    let reply = of(&app, &too_long, web::post("/login"), "").await;
    assert_eq!(outcome(&reply), (500, "", 0));
    assert_eq!(of(&app, &too_long, web::get("/nothing"), "").await.text(), "nothing", "not asked for");
    let failed = "verb_failed - - extract: the request's facts make a binding of more than 1024 bytes: hash them";
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", failed, failed, failed]);
}

#[tokio::test]
async fn a_part_too_long_for_its_length_is_an_error() {
    let told = Told::default();
    for (kind, value) in [("k".to_owned(), vec![0; 65_536]), ("k".repeat(65_536), vec![])] {
        let (app, _) = app_with(&told, move |_, facts| facts.add(kind.clone(), &value));
        let response = raw(&app, web::get("/"), "").await;
        assert_eq!(error(&response), Some(SessionError::BindingTooLong));
    }
}

#[tokio::test]
async fn facts_are_taken_once_a_request_and_only_if_the_session_is_asked_for() {
    let told = Told::default();
    let calls = Arc::new(AtomicU32::new(0));
    let counting = Arc::clone(&calls);
    let (app, _) = app_with(&told, move |parts, facts| {
        counting.fetch_add(1, Ordering::SeqCst);
        tenant(parts, facts);
    });
    assert_eq!(of(&app, "acme", web::get("/both"), &bound_to(ACME)).await.text(), "7");
    assert_eq!(calls.swap(0, Ordering::SeqCst), 1);
    of(&app, "acme", web::get("/nothing"), &bound_to(ACME)).await;
    assert_eq!(calls.swap(0, Ordering::SeqCst), 0);
    // What is taken at the first use binds what is written at the end.
    of(&app, "acme", web::post("/update"), &bound_to(ACME)).await;
    assert_eq!(calls.swap(0, Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_binding_that_panics_is_an_error_and_opens_and_writes_nothing() {
    let told = Told::default();
    let (app, _) = app_with(&told, |_, _| panic!("on purpose"));
    for (request, cookie) in
        [(web::get("/"), bound_to(b"")), (web::get("/"), bound_to(ACME)), (web::post("/login"), String::new())]
    {
        let response = raw(&app, request.header("cookie", cookie), "").await;
        assert_eq!(error(&response), Some(SessionError::BindingFailed));
        assert_eq!(outcome(&web::read(response).await), (500, "", 0));
        assert_eq!(told.take(), ["hook_failed - - the hook panicked"]);
    }
    assert_eq!(send(&app, web::get("/nothing"), "").await.text(), "nothing");
}

#[tokio::test]
async fn unbound_cookies_of_before_open_until_the_date_and_are_bound() {
    let hands = Hands::default();
    let layer = Layer::builder(ring()).clock(hands.clock()).bind_to(tenant);
    let app = routes().layer(layer.insecure_former_unbound(crate::common::at(600)).build().unwrap());
    let unbound = bound_to(b"");
    hands.set(599);
    let reply = of(&app, "acme", web::get("/"), &unbound).await;
    assert_eq!(outcome(&reply), (200, "7", 1));
    assert_eq!(payload(reply.cookies()[0], ACME), Some(vec![7]), "sealed again, for this tenant");
    // From then on it opens for nobody else, before the date as well.
    assert_eq!(of(&app, "globex", web::get("/"), reply.cookie()).await.text(), "0");
    assert_eq!(of(&app, "acme", web::get("/"), reply.cookie()).await.text(), "7");
    hands.set(600);
    assert_eq!(outcome(&of(&app, "acme", web::get("/"), &unbound).await), (200, "0", 0));
}
