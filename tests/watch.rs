//! Signals that somebody uses a copy of a cookie: ids and tokens that come back, and clients that are not those of the login.

use crate::common;

#[path = "watch/copies.rs"]
mod copies;
#[cfg(feature = "axum")]
#[path = "watch/denied.rs"]
mod denied;
#[cfg(feature = "axum")]
#[path = "watch/facts.rs"]
mod facts;
#[cfg(feature = "actix-web")]
#[path = "watch/facts_actix.rs"]
mod facts_actix;
#[cfg(feature = "axum")]
#[path = "watch/facts_keys.rs"]
mod facts_keys;

use common::{NOW, Plain, SECRET};
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

/// A token of user 7, begun and sealed at [`NOW`].
fn good() -> Plain {
    Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: crate::common::layout::user(7),
        extensions: None,
    }
}

#[track_caller]
fn cookie(plain: &Plain) -> String {
    format!("{NAME}={}", plain.seal(&SECRET, NAME, ""))
}
