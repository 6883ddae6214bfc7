//! Over actix-web.

use actix_web::{
    App, HttpResponse,
    http::StatusCode,
    test::{TestRequest, init_service},
    web,
};
use hardtack::{Clock, Session, SessionError, SiteData, actix::SessionMiddleware};

use crate::clear_site_data::{
    Cart, Login, VERBS, act,
    common::{
        Hands,
        actix::{Reply, send},
        at, ring,
    },
};

/// The reply to a handler that does this to the login.
async fn after(verb: &'static str, status: u16, kinds: &[SiteData]) -> Reply {
    let handler = move |login: Session<Login>| async move {
        act(verb, &login)?;
        Ok::<_, SessionError>(HttpResponse::build(StatusCode::from_u16(status).unwrap()).finish())
    };
    let builder = SessionMiddleware::<Login>::builder(ring()).clock(Clock::from_fn(|| at(0)));
    let sessions = builder.clear_site_data_on_end(kinds).build().unwrap();
    let app = init_service(App::new().route("/", web::get().to(handler)).wrap(sessions)).await;
    send(&app, TestRequest::get().uri("/").to_request()).await
}

#[tokio::test]
async fn it_is_there_where_end_was_the_outcome_and_only_there() {
    for (verb, expected) in VERBS {
        let reply = after(verb, 200, &[SiteData::Cookies, SiteData::Storage]).await;
        assert_eq!(reply.status, 200);
        let value: &[&str] = if expected { &["\"cookies\", \"storage\""] } else { &[] };
        assert_eq!(reply.values("clear-site-data"), value, "{verb}");
    }
}

#[tokio::test]
async fn it_is_there_whatever_the_status_if_it_was_asked_for() {
    for status in [200, 303, 404, 500] {
        assert_eq!(after("end", status, &[SiteData::Cache]).await.values("clear-site-data"), ["\"cache\""]);
        assert!(after("end", status, &[]).await.values("clear-site-data").is_empty());
    }
}

#[tokio::test]
async fn it_outlasts_the_failure_of_a_session_further_out() {
    let hands = Hands::default();
    let clock = hands.clone();
    let handler = move |login: Session<Login>, cart: Session<Cart>| {
        cart.update_or_default(|cart| cart.items.push(1)).unwrap();
        login.end();
        hands.set(43_200); // the cart ends while the handler is at work
        core::future::ready(HttpResponse::Ok())
    };
    let logins =
        SessionMiddleware::<Login>::builder(ring()).clear_site_data_on_end(&[SiteData::Cache]).build().unwrap();
    let carts = SessionMiddleware::<Cart>::builder(ring()).clock(clock.clock()).build().unwrap();
    let app = init_service(App::new().route("/", web::get().to(handler)).wrap(logins).wrap(carts)).await;
    let reply = send(&app, TestRequest::get().uri("/").to_request()).await;
    assert_eq!((reply.status, reply.values("clear-site-data")), (500, vec!["\"cache\""]));
    assert_eq!(reply.cookies().len(), 1);
}
