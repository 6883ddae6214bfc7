//! Sessions without a framework: cookie headers and a time in, a session out, `Set-Cookie` values out.

use crate::common;

#[path = "sessions/nodes.rs"]
mod nodes;
#[path = "sessions/order.rs"]
mod order;
#[path = "sessions/renewal.rs"]
mod renewal;
#[cfg(properties)]
#[path = "sessions/sizes.rs"]
mod sizes;
#[path = "sessions/update.rs"]
mod update;
#[path = "sessions/verbs.rs"]
mod verbs;

use std::collections::BTreeMap;

use common::{
    Plain, SECRET,
    layout::{Value, numbers},
    ring,
    steps::{begun, carried, remembered, sent, written},
    value,
};
use hardtack::{SessionData, SessionManager};
use serde::{Deserialize, Serialize};

/// The session of most of these tests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Shop {
    user: u64,
    baskets: BTreeMap<String, Basket>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Basket {
    items: Vec<u32>,
}

impl SessionData for Shop {
    const COOKIE: &'static str = "__Host-shop";
}

/// Nothing in the baskets.
fn user(user: u64) -> Shop {
    Shop { user, baskets: BTreeMap::new() }
}

/// User 1, with 10 and 11 in the basket `a`.
fn shop() -> Shop {
    let baskets = BTreeMap::from([("a".to_owned(), Basket { items: vec![10, 11] })]);
    Shop { user: 1, baskets }
}

/// [`shop`] in postcard, by hand: user; one entry; a text of one byte; two numbers.
const SHOP_BYTES: [u8; 7] = [1, 1, 1, b'a', 2, 10, 11];

/// The payload of [`shop`], but for the user.
fn shop_payload(user: u64) -> Vec<u8> {
    let basket = Value::fields([("items", numbers(&[10, 11]))]);
    let baskets = Value::Map(vec![(Value::text("a"), basket)]);
    Value::fields([("user", Value::Unsigned(user)), ("baskets", baskets)]).payload()
}

#[track_caller]
fn manager() -> SessionManager<Shop> {
    SessionManager::new(ring()).unwrap()
}

/// What a cookie of [`Shop`] holds, by the second implementation.
#[track_caller]
fn plain(set_cookie: &str) -> Plain {
    Plain::open(value(set_cookie), &SECRET, "__Host-shop", "")
}
