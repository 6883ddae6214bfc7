//! The vectors of an independent implementation for device-bound sessions (FORMAT.md, section 7), through the public interface.

use crate::common;

use std::convert::Infallible;

use hardtack::{
    Clock, DeviceBinding, DeviceBound, Key, Keyring, Older, Refusal, Session, SessionData, SessionError,
    SessionManager, tower::SessionLayer,
};
use http::{Request, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use tower::{Layer, ServiceExt, service_fn};

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
    const SCHEMA: u16 = 2;

    /// The payloads of the vectors are of schema 1, and raw: plain postcard, with no layout in front.
    fn migrate(old: Older<'_>) -> Result<Self, SessionError> {
        postcard::from_bytes(old.payload()).or_else(|_| old.unreadable())
    }
}

fn file() -> Value {
    let file: Value = serde_json::from_str(include_str!("vectors/device-v1.json")).unwrap();
    assert_eq!(file["format"], "hardtack wire format v1 with extension 0x01, device-bound sessions");
    file
}

fn list(name: &str, count: usize) -> Vec<Value> {
    let list = file()[name].as_array().unwrap().clone();
    assert_eq!(list.len(), count, "{name}");
    list
}

fn keyring() -> Keyring {
    let keys = file()["keys"].as_array().unwrap().clone();
    Keyring::new(keys.iter().map(|key| Key::parse(key.as_str().unwrap()).unwrap())).unwrap()
}

fn layer(device: Option<DeviceBound>, now: i64) -> SessionLayer<Login> {
    let builder = SessionLayer::<Login>::builder(keyring()).purpose(file()["purpose"].as_str().unwrap());
    let builder = builder.clock(Clock::from_fn(move || at(now)));
    match device {
        Some(device) => builder.device_bound(device),
        None => builder,
    }
    .build()
    .unwrap()
}

fn at(now: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(now).unwrap()
}

fn load(manager: &SessionManager<Login>, session: &str, proofs: &[&str], now: i64) -> Session<Login> {
    let proofs = proofs.iter().map(|proof| format!("; __Host-login-proof={proof}"));
    let header = format!("__Host-login={session}{}", proofs.collect::<String>());
    manager.load([header.as_bytes()], at(now))
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn text<'v>(case: &'v Value, field: &str) -> &'v str {
    case[field].as_str().unwrap_or_else(|| panic!("{field} of {case}"))
}

fn key_of(session: &Session<Login>) -> Option<Vec<u8>> {
    match session.binding() {
        DeviceBinding::Bound { key, .. } => Some([&[1], key.as_bytes().as_slice()].concat()),
        _ => None,
    }
}

#[test]
fn accepted_sessions_open_to_their_claims_and_their_device() {
    for case in list("accepted", 12) {
        let (name, now) = (text(&case, "name"), case["now"].as_i64().unwrap());
        let unasked = layer(Some(DeviceBound::new().insecure_accept_unproven()), now);
        let session = load(unasked.manager(), text(&case, "token"), &[], now);
        let data = session.get().unwrap_or_else(|| panic!("{name}: {:?}", session.refusal()));
        assert_eq!((data.user, data.name.as_str()), (7, "Ada"), "{name}");
        let claims = session.claims().unwrap();
        let times =
            [claims.created_at_unix(), claims.ends_at_unix(), claims.issued_at_unix(), claims.expires_at_unix()];
        let expected = ["created_at", "ends_at", "issued_at", "expires_at"].map(|field| case[field].as_u64().unwrap());
        assert_eq!(times, expected, "{name}");
        assert_eq!(claims.session_id().as_bytes().to_vec(), unhex(text(&case, "session_id")), "{name}");
        assert_eq!(claims.remembered(), case["flags"].as_u64().unwrap() & 1 == 1, "{name}");
        assert_eq!(session.key_id().unwrap().to_string(), text(&case, "key_id"), "{name}");
        assert_eq!(key_of(&session), Some(unhex(text(&case, "device_key"))), "{name}");

        let proven = load(layer(Some(DeviceBound::new()), now).manager(), text(&case, "token"), &[], now);
        assert_eq!(proven.refusal(), Some(Refusal::Unproven), "{name}");
        let older = load(layer(None, now).manager(), text(&case, "token"), &[], now);
        assert_eq!(older.refusal(), Some(Refusal::Extension), "{name}");
        assert!(Refusal::Unproven.is_held() && Refusal::Extension.is_held());
    }
}

#[test]
fn refused_sessions_are_refused_for_their_reason() {
    for case in list("refused", 26) {
        let now = case["now"].as_i64().unwrap();
        let session = load(layer(Some(DeviceBound::new()), now).manager(), text(&case, "token"), &[], now);
        let refusal = session.refusal().map(Refusal::name);
        assert_eq!(refusal, Some(text(&case, "refused")), "{}", text(&case, "name"));
    }
}

#[test]
fn a_session_and_its_proofs_come_to_their_outcome() {
    for case in list("pairs", 17) {
        let (name, now) = (text(&case, "name"), case["now"].as_i64().unwrap());
        let layer = layer(Some(DeviceBound::new()), now);
        let proofs: Vec<_> = case["proofs"].as_array().unwrap().iter().map(|proof| proof.as_str().unwrap()).collect();
        let session = load(layer.manager(), text(&case, "session"), &proofs, now);
        let (refusal, key) = (session.refusal(), key_of(&session));
        let written = layer.manager().commit(&session, false, at(now)).unwrap();
        let outcome = match (refusal, key, written.len()) {
            (None, Some(_), 0) => "proven",
            (None, None, 0) => "unbound",
            (None, Some(_), 1) => "healed",
            (Some(refusal), None, 0) => refusal.name(),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(outcome, text(&case, "outcome"), "{name}");
    }
}

/// What an endpoint answers: status, body, `Set-Cookie` values.
async fn post(now: i64, path: &str, cookie: &str, headers: &[(&str, &[u8])]) -> (u16, String, Vec<String>) {
    let app =
        service_fn(|_: Request<String>| async { Ok::<_, Infallible>(Response::new("the application".to_owned())) });
    let service = layer(Some(DeviceBound::new()), now).layer(app);
    let mut request = Request::post(path).header("cookie", format!("__Host-login={cookie}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = service.oneshot(request.body(String::new()).unwrap()).await.unwrap();
    let cookies = response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), response.body().clone(), cookies.collect())
}

/// A token of the vectors' pairs.
fn session_of(pair: &str) -> String {
    let pairs = list("pairs", 17);
    text(pairs.iter().find(|case| text(case, "name") == pair).unwrap(), "session").to_owned()
}

const NOW: i64 = 1_790_000_005;

#[tokio::test]
async fn registrations_are_accepted_or_refused() {
    let unbound = session_of("not bound, no proof");
    let mut accepted = 0;
    for case in list("registrations", 50) {
        let headers = [("secure-session-response", text(&case, "jwt").as_bytes())];
        let (status, body, cookies) = post(NOW, "/device-session/register", &unbound, &headers).await;
        let name = text(&case, "name");
        if case["accepted"].as_bool().unwrap() {
            accepted += 1;
            assert_eq!((status, cookies.len()), (200, 2), "{name}");
            assert!(body.starts_with("{\"session_identifier\":\""), "{name}: {body}");
        } else {
            assert_eq!((status, body.as_str(), cookies.len()), (403, "", 0), "{name}");
        }
    }
    assert_eq!(accepted, 6);
}

#[tokio::test]
async fn refreshes_are_accepted_or_refused() {
    let bound = session_of("bound, no proof");
    let point = unhex(text(&file(), "device_key"));
    let id = common::token::text(&point[1..]);
    let mut accepted = 0;
    for case in list("refreshes", 9) {
        let headers =
            [("secure-session-response", text(&case, "jwt").as_bytes()), ("sec-secure-session-id", id.as_bytes())];
        let (status, body, cookies) = post(NOW, "/device-session/refresh", &bound, &headers).await;
        let name = text(&case, "name");
        if case["accepted"].as_bool().unwrap() {
            accepted += 1;
            assert_eq!((status, body.as_str(), cookies.len()), (200, "", 1), "{name}");
            assert!(cookies[0].starts_with("__Host-login-proof="), "{name}");
        } else {
            let ended = format!("{{\"session_identifier\":\"{id}\",\"continue\":false}}");
            let asked_again = (status, body.as_str()) == (403, "");
            assert!(asked_again || (status, body) == (200, ended), "{name}");
            assert!(cookies.is_empty(), "{name}");
        }
    }
    assert_eq!(accepted, 3);
}
