//! `Clear-Site-Data`, where a session was ended and only there.

use crate::common;

#[cfg(feature = "actix-web")]
#[path = "clear_site_data/actix.rs"]
mod actix;
#[cfg(feature = "axum")]
#[path = "clear_site_data/axum.rs"]
mod axum;
#[cfg(feature = "tower")]
#[path = "clear_site_data/tower.rs"]
mod tower;

use hardtack::{Session, SessionData, SessionError};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[cfg(any(feature = "actix-web", feature = "axum"))]
#[derive(Default, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
}

#[cfg(any(feature = "actix-web", feature = "axum"))]
impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

/// What a handler does with the login, by name, and whether the response then carries the header.
const VERBS: [(&str, bool); 6] =
    [("nothing", false), ("get", false), ("update", false), ("begin", false), ("end", true), ("end, begin", false)];

fn act(verb: &str, login: &Session<Login>) -> Result<(), SessionError> {
    match verb {
        "get" => drop(login.get()),
        "update" => login.update_or_default(|login| login.user += 1)?,
        "begin" => login.begin(Login { user: 8 })?,
        "end" => login.end(),
        "end, begin" => {
            login.end();
            login.begin(Login { user: 8 })?;
        }
        _ => {}
    }
    Ok(())
}
