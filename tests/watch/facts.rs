//! Facts about the client: kept as keyed hashes, compared with those of the login.

use axum::{
    Router,
    http::{HeaderName, request::Parts},
    routing::{get, post},
};
use hardtack::{Facts, Session, SessionError, tower::SessionLayer};

use crate::watch::{
    Login, NAME,
    common::{
        Hands, Plain, SECRET, Told, ring, token, value,
        web::{self, Reply, send},
    },
    cookie, good,
};

/// The kind and value of each fact: `network` before `agent`, although they are sealed in rising order.
pub(crate) fn take(parts: &Parts, facts: &mut Facts) {
    for kind in ["network", "agent"] {
        let header = parts.headers.get(HeaderName::from_static(kind));
        facts.add(kind, header.map_or(&b""[..], |value| value.as_bytes()));
    }
}

type Answer = Result<(), SessionError>;

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/", get(async |login: Session<Login>| login.get().map_or(0, |login| login.user).to_string()))
        .route("/login", post(async |login: Session<Login>| -> Answer { login.begin(Login { user: 8 }) }))
        .route("/prove", post(async |login: Session<Login>| -> Answer { login.reauthenticate() }))
        .route("/cycle", post(async |login: Session<Login>| -> Answer { login.cycle() }))
        .route("/update", post(async |login: Session<Login>| -> Answer { login.update(|login| login.user = 9) }))
        .route("/renew", post(async |login: Session<Login>| -> Answer { login.renew() }))
}

#[track_caller]
fn app(told: &Told, taken: bool) -> Router {
    let builder = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock()).observer(told.clone());
    let builder = if taken { builder.client_facts(take) } else { builder };
    routes().layer(builder.build().unwrap())
}

/// A request from this network, by this agent.
pub(crate) async fn from(app: &Router, method: &str, path: &str, client: [&str; 2], cookie: &str) -> Reply {
    let request = if method == "GET" { web::get(path) } else { web::post(path) };
    send(app, request.header("network", client[0]).header("agent", client[1]), cookie).await
}

#[track_caller]
fn extensions(reply: &Reply) -> Option<Vec<u8>> {
    Plain::open(value(reply.cookie()), &SECRET, NAME, "").extensions
}

const HOME: [&str; 2] = ["192.0.2", "firefox"];

/// The block of [`HOME`], in bytes: type, length, `agent`, `network`. The first hash was computed in another language.
#[track_caller]
fn home() -> Vec<u8> {
    let network = token::fact(&SECRET, NAME, "", "network", b"192.0.2");
    [&[0x80, 8, 0x7f, 0xfd, 0x00, 0x4f][..], &network].concat()
}

#[test]
fn the_hash_is_the_one_computed_in_another_language() {
    assert_eq!(token::fact(&SECRET, NAME, "", "agent", b"firefox"), [0x7f, 0xfd, 0x00, 0x4f]);
}

/// A token with [`HOME`]'s facts, and an extension of somebody else's behind them.
fn known() -> Plain {
    Plain { flags: 2, extensions: Some([&home()[..], &[0x85, 2, 1, 2]].concat()), ..good() }
}

#[tokio::test]
async fn a_login_keeps_four_bytes_of_each_fact() {
    let told = Told::default();
    let reply = from(&app(&told, true), "POST", "/login", HOME, "").await;
    assert_eq!(extensions(&reply), Some(home()));
    assert_eq!(told.take(), ["begun A a65c4d76 replaces -", "sealed A a65c4d76 136 bytes"]);
    let reply = from(&app(&told, false), "POST", "/login", HOME, "").await;
    assert_eq!(extensions(&reply), None, "unless they are taken");
}

#[tokio::test]
async fn a_client_that_is_not_that_of_the_login_is_told_and_goes_on() {
    let told = Told::default();
    let app = app(&told, true);
    for (client, changed) in [
        (HOME, None),
        (["198.51.100", "firefox"], Some(1)),
        (["192.0.2", "curl"], Some(1)),
        (["198.51.100", "curl"], Some(2)),
        (["", ""], Some(2)),
        (["firefox", "192.0.2"], Some(2)),
    ] {
        let reply = from(&app, "GET", "/", client, &cookie(&known())).await;
        assert_eq!((reply.text(), reply.cookies()), ("7", vec![]), "{client:?}");
        let changed = changed.map(|count| format!("facts_changed A a65c4d76 {count}"));
        let lines: Vec<_> = ["opened A a65c4d76 issued 0".to_owned()].into_iter().chain(changed).collect();
        assert_eq!(told.take(), lines, "{client:?}");
    }
}

#[tokio::test]
async fn writes_other_than_a_login_carry_over_what_the_login_kept() {
    let told = Told::default();
    let app = app(&told, true);
    for path in ["/renew", "/update", "/cycle"] {
        for client in [HOME, ["198.51.100", "curl"]] {
            let reply = from(&app, "POST", path, client, &cookie(&known())).await;
            assert_eq!(extensions(&reply), known().extensions, "{path}");
        }
        let reply = from(&app, "POST", path, HOME, &cookie(&good())).await;
        assert_eq!(extensions(&reply), None, "{path}: facts are those of the login, or none");
    }
}

#[tokio::test]
async fn a_login_and_a_fresh_proof_keep_the_facts_of_this_request() {
    let told = Told::default();
    let app = app(&told, true);
    let elsewhere = Plain { flags: 2, extensions: Some(vec![0x80, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0x85, 0]), ..good() };
    // What else is in the token goes with a login, and stays where the session goes on.
    for (path, others) in [("/login", &[][..]), ("/prove", &[0x85, 0])] {
        let reply = from(&app, "POST", path, HOME, &cookie(&elsewhere)).await;
        assert_eq!(extensions(&reply), Some([&home()[..], others].concat()), "{path}");
    }
}

#[tokio::test]
async fn without_the_setting_nothing_is_compared_and_all_is_carried_over() {
    let told = Told::default();
    let app = app(&told, false);
    let reply = from(&app, "POST", "/renew", ["198.51.100", "curl"], &cookie(&known())).await;
    assert_eq!(extensions(&reply), known().extensions);
    let lines = ["opened A a65c4d76 issued 0", "renewed A a65c4d76", "sealed A a65c4d76 158 bytes"];
    assert_eq!(told.take(), lines);
    // A login drops what was carried; a fresh proof goes on with it.
    for (path, carried) in [("/login", None), ("/prove", known().extensions)] {
        let reply = from(&app, "POST", path, HOME, &cookie(&known())).await;
        assert_eq!(extensions(&reply), carried, "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_compared_is_not_told() {
    let told = Told::default();
    let app = app(&told, true);
    let one_fact = Some(vec![0x80, 4, 1, 2, 3, 4]);
    for extensions in [None, Some(vec![0x85, 8, 1, 2, 3, 4, 5, 6, 7, 8]), one_fact, Some(vec![0x80, 3, 1, 2, 3])] {
        let flags = if extensions.is_some() { 2 } else { 0 };
        let reply = from(&app, "GET", "/", HOME, &cookie(&Plain { flags, extensions, ..good() })).await;
        assert_eq!(reply.text(), "7");
        assert_eq!(told.take(), ["opened A a65c4d76 issued 0"]);
    }
}

#[tokio::test]
async fn facts_that_panic_are_none() {
    let told = Told::default();
    let builder = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock()).observer(told.clone());
    let app = routes().layer(builder.client_facts(|_, _| panic!("on purpose")).build().unwrap());
    let reply = from(&app, "GET", "/", HOME, &cookie(&known())).await;
    assert_eq!(reply.text(), "7");
    assert_eq!(told.take(), ["hook_failed - - the hook panicked", "opened A a65c4d76 issued 0"]);
    let reply = from(&app, "POST", "/login", HOME, "").await;
    assert_eq!((reply.status.as_u16(), extensions(&reply)), (200, None));
}
