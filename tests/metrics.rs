//! The example with an endpoint for Prometheus, run as it stands.

use crate::common;
#[allow(dead_code, reason = "its `main` is not called")]
#[path = "../examples/metrics.rs"]
mod example;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::ConnectInfo, http::request::Builder};
use common::{
    ring,
    web::{self, Reply, form, send},
};

/// A request from this address, by this agent.
async fn from(app: &Router, request: Builder, address: [u8; 4], agent: &str, cookie: &str) -> Reply {
    let peer = ConnectInfo(SocketAddr::from((address, 50_000)));
    send(app, request.extension(peer).header("user-agent", agent), cookie).await
}

const ADA: [u8; 4] = [192, 0, 2, 1];
const THIEF: [u8; 4] = [198, 51, 100, 1];
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

#[tokio::test]
async fn an_attack_is_counted_and_told() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&lines);
    let app = example::app(ring(), move |line| written.lock().unwrap().push(line.to_owned())).unwrap();

    let peer = ConnectInfo(SocketAddr::from((ADA, 50_000)));
    let login = form(&app, web::post("/login").extension(peer).header("user-agent", FIREFOX), "", "name=Ada").await;
    let stolen = login.cookie().to_owned();
    assert_eq!(from(&app, web::get("/"), ADA, FIREFOX, &stolen).await.text(), "Hello Ada");
    // Another address of the same network, and a newer version of the same browser.
    assert_eq!(from(&app, web::get("/"), [192, 0, 200, 9], "Firefox/141.0", &stolen).await.text(), "Hello Ada");
    assert_eq!(*lines.lock().unwrap(), Vec::<String>::new());

    assert_eq!(from(&app, web::get("/"), THIEF, "curl/8", &stolen).await.text(), "Hello Ada", "a signal, no gate");
    let cycled = from(&app, web::post("/admin"), ADA, FIREFOX, &stolen).await;
    from(&app, web::get("/"), THIEF, FIREFOX, &stolen).await;
    from(&app, web::get("/"), THIEF, FIREFOX, "__Host-login=garbage!").await;
    from(&app, web::post("/logout"), ADA, FIREFOX, cycled.cookie()).await;

    let lines = lines.lock().unwrap().clone();
    let tag = &lines[0]["facts_changed session ".len()..][..16];
    let expected = [
        format!("facts_changed session {tag}: 2 of the client's facts are not those of the login"),
        format!("facts_changed session {tag}: 1 of the client's facts are not those of the login"),
        format!("retired_returned session {tag}"),
    ];
    // The watch looks when the cookie opens, before its facts are compared.
    assert_eq!(lines, [expected[0].clone(), expected[2].clone(), expected[1].clone()]);

    let reply = send(&app, web::get("/metrics"), "").await;
    assert_eq!(reply.headers["content-type"], "text/plain; version=0.0.4");
    let expected = "\
# HELP hardtack_events_total Events of sessions.
# TYPE hardtack_events_total counter
hardtack_events_total{cookie=\"__Host-login\",event=\"begun\",reason=\"\",key_id=\"a65c4d76\"} 1
hardtack_events_total{cookie=\"__Host-login\",event=\"cycled\",reason=\"\",key_id=\"a65c4d76\"} 1
hardtack_events_total{cookie=\"__Host-login\",event=\"ended\",reason=\"\",key_id=\"\"} 1
hardtack_events_total{cookie=\"__Host-login\",event=\"facts_changed\",reason=\"\",key_id=\"a65c4d76\"} 2
hardtack_events_total{cookie=\"__Host-login\",event=\"opened\",reason=\"\",key_id=\"a65c4d76\"} 6
hardtack_events_total{cookie=\"__Host-login\",event=\"refused\",reason=\"Encoding\",key_id=\"\"} 1
hardtack_events_total{cookie=\"__Host-login\",event=\"retired_returned\",reason=\"\",key_id=\"a65c4d76\"} 1
hardtack_events_total{cookie=\"__Host-login\",event=\"sealed\",reason=\"\",key_id=\"a65c4d76\"} 2
";
    assert_eq!(reply.text(), expected);
}
