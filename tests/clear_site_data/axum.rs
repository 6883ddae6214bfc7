//! Over axum.

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header::HeaderName},
    response::IntoResponse,
    routing::get,
};
use hardtack::{Session, SessionError, SiteData, tower::SessionLayer};

use crate::clear_site_data::{
    Cart, Login, VERBS, act,
    common::{
        Hands, ring,
        web::{self, Reply, send},
    },
};

const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");

#[track_caller]
fn layer(kinds: &[SiteData]) -> SessionLayer<Login> {
    let builder = SessionLayer::builder(ring()).clock(Hands::default().clock());
    builder.clear_site_data_on_end(kinds).build().unwrap()
}

fn cleared(reply: &Reply) -> Vec<&str> {
    reply.headers.get_all(CLEAR).iter().map(|value| value.to_str().unwrap()).collect()
}

/// The reply to a handler that does this to the login.
async fn after(verb: &'static str, status: u16, layer: SessionLayer<Login>) -> Reply {
    let handler = async move |login: Session<Login>| {
        act(verb, &login)?;
        Ok::<_, SessionError>(StatusCode::from_u16(status).unwrap())
    };
    send(&Router::new().route("/", get(handler)).layer(layer), web::get("/"), "").await
}

#[tokio::test]
async fn it_is_there_where_end_was_the_outcome_and_only_there() {
    for (verb, expected) in VERBS {
        let reply = after(verb, 200, layer(&[SiteData::Cookies, SiteData::Storage])).await;
        assert_eq!(reply.status, 200);
        let value: &[&str] = if expected { &["\"cookies\", \"storage\""] } else { &[] };
        assert_eq!(cleared(&reply), value, "{verb}");
    }
}

#[tokio::test]
async fn it_is_there_whatever_the_status() {
    for status in [200, 303, 404, 500] {
        assert_eq!(cleared(&after("end", status, layer(&[SiteData::Cache])).await), ["\"cache\""]);
    }
}

#[tokio::test]
async fn each_kind_has_its_name() {
    let all = [SiteData::Cache, SiteData::Cookies, SiteData::Storage, SiteData::ExecutionContexts];
    let reply = after("end", 200, layer(&all)).await;
    assert_eq!(cleared(&reply), ["\"cache\", \"cookies\", \"storage\", \"executionContexts\""]);
}

#[tokio::test]
async fn it_is_not_there_unless_it_was_asked_for() {
    let unasked = SessionLayer::builder(ring()).clock(Hands::default().clock()).build().unwrap();
    for layer in [unasked, layer(&[])] {
        let reply = after("end", 200, layer).await;
        assert_eq!((cleared(&reply), reply.cookie()), (vec![], "__Host-login="));
    }
}

#[tokio::test]
async fn it_is_no_secret_and_the_cookie_is() {
    let reply = after("end", 200, layer(&[SiteData::Cache])).await;
    assert!(!reply.headers[CLEAR].is_sensitive() && reply.headers["set-cookie"].is_sensitive());
}

#[tokio::test]
async fn it_joins_the_handler_s_own() {
    async fn log_out(login: Session<Login>) -> impl IntoResponse {
        login.end();
        ([(CLEAR, HeaderValue::from_static("\"storage\""))], "bye")
    }
    let app = Router::new().route("/", get(log_out)).layer(layer(&[SiteData::Cache]));
    assert_eq!(cleared(&send(&app, web::get("/"), "").await), ["\"storage\"", "\"cache\""]);
}

#[tokio::test]
async fn it_outlasts_the_failure_of_a_session_further_out() {
    let hands = Hands::default();
    let clock = hands.clone();
    let handler = async move |login: Session<Login>, cart: Session<Cart>| {
        cart.update_or_default(|cart| cart.items.push(1)).unwrap();
        login.end();
        hands.set(43_200); // the cart ends while the handler is at work
    };
    let carts = SessionLayer::<Cart>::builder(ring()).clock(clock.clock()).build().unwrap();
    let app = Router::new().route("/", get(handler)).layer(layer(&[SiteData::Cache])).layer(carts);
    let reply = send(&app, web::get("/"), "").await;
    assert_eq!(reply.status, 500);
    assert_eq!((cleared(&reply), reply.cookie()), (vec!["\"cache\""], "__Host-login="));
}
