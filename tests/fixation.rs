//! Logins, changes of privilege, and fresh proofs of identity: what is new after each of them, and what stays.

use crate::common;

#[path = "fixation/login.rs"]
mod login;
#[path = "fixation/outlive.rs"]
mod outlive;
#[path = "fixation/recent.rs"]
mod recent;
#[cfg(feature = "axum")]
#[path = "fixation/web.rs"]
mod web;

use common::{Plain, SECRET, value};
use hardtack::{SessionData, SessionManager};
use serde::{Deserialize, Serialize};

/// A visitor, logged in or not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Visitor {
    user: Option<u64>,
    basket: Vec<u32>,
}

impl SessionData for Visitor {
    const COOKIE: &'static str = "__Host-visitor";
}

/// Nobody yet, with these in the basket.
fn nobody(basket: &[u32]) -> Visitor {
    Visitor { user: None, basket: basket.to_vec() }
}

fn somebody(user: u64, basket: &[u32]) -> Visitor {
    Visitor { user: Some(user), basket: basket.to_vec() }
}

#[track_caller]
fn visitors() -> SessionManager<Visitor> {
    SessionManager::new(common::ring()).unwrap()
}

/// What a cookie of a [`Visitor`] holds, by the second implementation.
#[track_caller]
fn plain(set_cookie: &str) -> Plain {
    Plain::open(value(set_cookie), &SECRET, "__Host-visitor", "")
}
