//! Arbitrary JSON in the shape of a signed challenge, and arbitrary header values, prove nothing: no session is bound, and no proof set.
//!
//! The first line is the JWT's header, the second its payload, where `$` stands for a genuine challenge; the rest is what stands for the
//! signature. With an odd number of lines the whole input is the header's value.
#![no_main]

use std::{convert::Infallible, sync::LazyLock};

use base64::Engine;
use hardtack::{Clock, DeviceBound, Keyring, Session, SessionData, testing::SoftwareDevice, tower::SessionLayer};
use hardtack_fuzz::{BASE64, Share, keys};
use http::{HeaderValue, Request, Response};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower::{Layer, ServiceExt, service_fn};

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-f";
}

/// What a browser holds before and after its registration.
struct Known {
    layer: SessionLayer<Login>,
    unbound: String,
    bound: String,
    offer: String,
    challenge: String,
    id: String,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let builder = SessionLayer::<Login>::builder(Keyring::new(keys()).unwrap());
    let clock = Clock::from_fn(|| OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());
    let layer = builder.clock(clock).device_bound(DeviceBound::new()).build().unwrap();
    let login = send(&layer, Request::post("/login"));
    let device = SoftwareDevice::new();
    let offer = login.headers()["secure-session-registration"].to_str().unwrap();
    let registration = device.registration(offer).unwrap();
    let unbound = cookies(&login);
    let mut request = Request::post(&registration.path).header("cookie", &unbound);
    for (name, value) in &registration.headers {
        request = request.header(*name, value);
    }
    let registered = send(&layer, request);
    let quoted = |text: &str, place: usize| text.split('"').nth(place).unwrap().to_owned();
    let challenge = quoted(registered.headers()["secure-session-challenge"].to_str().unwrap(), 1);
    Known { offer: quoted(offer, 3), challenge, unbound, bound: cookies(&registered), id: device.identifier(), layer }
});

async fn app(request: Request<String>) -> Result<Response<String>, Infallible> {
    let (parts, _) = request.into_parts();
    let session: Session<Login> = hardtack::tower::session(&parts).await.unwrap();
    session.begin(Login { user: 7 }).unwrap();
    Ok(Response::new(String::new()))
}

fn send(layer: &SessionLayer<Login>, request: http::request::Builder) -> Response<String> {
    let response = layer.layer(service_fn(app)).oneshot(request.body(String::new()).unwrap());
    futures_lite::future::block_on(response).unwrap()
}

fn cookies(response: &Response<String>) -> String {
    let values = response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let pairs = values.filter_map(|value| value.split(';').next()).filter(|pair| !pair.ends_with('='));
    pairs.collect::<Vec<_>>().join("; ")
}

fn jwt(lines: &[&[u8]], challenge: &str) -> Option<Vec<u8>> {
    let [header, payload, signature @ ..] = lines else { return None };
    let payload: Vec<u8> = payload
        .iter()
        .flat_map(|byte| if *byte == b'$' { challenge.as_bytes().to_vec() } else { vec![*byte] })
        .collect();
    let parts = [header.to_vec(), payload, signature.concat()];
    Some(parts.map(|part| BASE64.encode(part)).join(".").into_bytes())
}

/// A header in JSON.
static SHARE: Share = Share::new();

fuzz_target!(|data: &[u8]| {
    let known = &*KNOWN;
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    let whole = lines.len() % 2 == 1;
    SHARE.note(!whole && lines.len() > 1 && serde_json::from_slice::<serde_json::Value>(lines[0]).is_ok());
    for (path, cookie, challenge, status) in [
        ("/device-session/register", &known.unbound, &known.offer, [403, 403]),
        ("/device-session/refresh", &known.bound, &known.challenge, [200, 403]),
    ] {
        let value = if whole { Some(data.to_vec()) } else { jwt(&lines, challenge) };
        let Some(Ok(value)) = value.map(|value| HeaderValue::from_bytes(&value)) else { return };
        let request = Request::post(path).header("cookie", cookie);
        let request = request.header("sec-secure-session-id", &known.id).header("secure-session-response", value);
        let response = send(&known.layer, request);
        assert!(status.contains(&response.status().as_u16()), "{response:?}");
        assert_eq!(cookies(&response), "");
        assert!(response.body().is_empty() || response.body().ends_with("\"continue\":false}"));
    }
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let request = Request::post("/device-session/refresh").header("cookie", &known.bound);
    let response = send(&known.layer, request.header("sec-secure-session-id", value));
    assert!([200, 403].contains(&response.status().as_u16()) && cookies(&response).is_empty());
});
