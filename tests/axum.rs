//! Sessions in axum: extractors, rejections, responses.

use crate::common;

#[path = "axum/current.rs"]
mod current;
#[path = "axum/layers.rs"]
mod layers;
#[path = "axum/responses.rs"]
mod responses;
#[path = "axum/sketches.rs"]
mod sketches;

use common::{Hands, NOW, Plain, SECRET, ring, value};
use hardtack::{SessionData, tower::SessionLayer};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

fn login(user: u64) -> Login {
    Login { user, name: "Ada".to_owned() }
}

/// A cookie of this name with this payload, begun at [`NOW`].
#[track_caller]
fn cookie(name: &str, payload: &[u8]) -> String {
    let plain = Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: payload.to_vec(),
        extensions: None,
    };
    format!("{name}={}", plain.seal(&SECRET, name, ""))
}

/// The cookie of user 7, whose name is Ada.
#[track_caller]
fn ada() -> String {
    cookie("__Host-login", &common::layout::named(7, "Ada"))
}

/// The payload in a `Set-Cookie` value or a pair.
#[track_caller]
fn payload(set_cookie: &str) -> Vec<u8> {
    let name = set_cookie.split('=').next().unwrap();
    Plain::open(value(set_cookie), &SECRET, name, "").data()
}

/// A layer at a clock that stands at [`NOW`].
fn layer<T: SessionData>() -> SessionLayer<T> {
    layer_at(&Hands::default())
}

fn layer_at<T: SessionData>(hands: &Hands) -> SessionLayer<T> {
    SessionLayer::builder(ring()).clock(hands.clock()).build().unwrap()
}
