//! Tokens bound to facts about the request: they open in requests with the same facts only.

use crate::common;

#[cfg(feature = "actix-web")]
#[path = "binding/in_actix.rs"]
mod in_actix;
#[cfg(feature = "axum")]
#[path = "binding/in_axum.rs"]
mod in_axum;

use common::{NOW, Plain, SECRET, token};
use hardtack::SessionData;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
}

const NAME: &str = "__Host-login";

impl SessionData for Login {
    const COOKIE: &'static str = NAME;
}

/// A tenant, in bytes: the lengths of two bytes each, `tenant`, and its value.
const ACME: &[u8] = b"\x00\x06tenant\x00\x04acme";

/// A cookie of user 7, begun at [`NOW`], bound to these bytes.
#[track_caller]
fn bound_to(binding: &[u8]) -> String {
    let plain = Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: crate::common::layout::user(7),
        extensions: None,
    };
    format!("{NAME}={}", token::text(&token::seal(&SECRET, NAME, "", binding, &[7; 24], &plain.bytes())))
}

/// The payload of a cookie, if it is bound to these bytes.
#[track_caller]
fn payload(cookie: &str, binding: &[u8]) -> Option<Vec<u8>> {
    Plain::open_bound(common::value(cookie), &SECRET, NAME, "", binding).map(|plain| plain.data())
}
