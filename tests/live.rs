//! One keyring for a whole service: replaced in one step, watched where it is kept.

use crate::common;

#[path = "live/bad.rs"]
mod bad;
#[path = "live/claims.rs"]
mod claims;
#[path = "live/clocks.rs"]
mod clocks;
#[path = "live/files.rs"]
mod files;
#[path = "live/looks.rs"]
mod looks;
#[path = "live/places.rs"]
mod places;
#[path = "live/scripted.rs"]
mod scripted;
#[path = "live/together.rs"]
mod together;
#[cfg(feature = "axum")]
#[path = "live/web.rs"]
mod web;

use common::{
    Hands, Told, at,
    steps::Login,
    timed::{again, key, letter, policy, sessions},
    value,
};
use hardtack::{Keyring, LiveKeyring, SessionData, SessionManager, TokenHeader};
use serde::{Deserialize, Serialize};

/// Another type of session.
#[derive(Serialize, Deserialize)]
struct Cart {
    items: u64,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

/// A, which came at `NOW` and seals from then on.
fn started() -> Keyring {
    Keyring::start(policy(), key('A'), at(0)).unwrap()
}

/// A, and B, which came at 50 and seals from 1110 on.
fn rotated() -> Keyring {
    started().rotate(key('B'), None, at(50)).unwrap()
}

/// A manager with this keyring, and what it is told from then on.
#[track_caller]
fn manager<T: SessionData>(keys: &LiveKeyring) -> (SessionManager<T>, Told) {
    let told = Told::default();
    let builder = SessionManager::builder(keys).policy(sessions()).clock(Hands::default().clock());
    let manager = builder.observer(told.clone()).build().unwrap();
    told.take();
    (manager, told)
}

/// The letter of the key that a session is sealed under that begins at this time.
#[track_caller]
fn seals<T: SessionData>(manager: &SessionManager<T>, data: T, seconds: i64) -> char {
    let cookie = common::steps::begun(manager, data, seconds);
    letter(TokenHeader::read(value(&cookie)).unwrap().key_id())
}

/// The letter of the key that seals at this time.
fn primary(keys: &LiveKeyring, seconds: i64) -> char {
    letter(keys.primary(at(seconds)))
}

/// Drives a future that waits for nothing.
fn now<V>(future: impl Future<Output = V>) -> V {
    let waker = std::task::Waker::noop();
    let mut future = std::pin::pin!(future);
    let polled = future.as_mut().poll(&mut std::task::Context::from_waker(waker));
    let std::task::Poll::Ready(value) = polled else { panic!("it waits") };
    value
}

fn logins(keys: &LiveKeyring) -> (SessionManager<Login>, Told) {
    manager(keys)
}

fn live() -> LiveKeyring {
    LiveKeyring::new(again(&started()))
}
