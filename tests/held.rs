//! What becomes of cookies that were not accepted: held ones are left alone, others are as none; and several at once.

use crate::common;

#[path = "held/reasons.rs"]
mod reasons;
#[path = "held/several.rs"]
mod several;

use common::{NOW, OTHER, Plain, SECRET, at, ring, token, value};
use hardtack::{Clock, Policy, Session, SessionData, SessionManager};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
}

const NAME: &str = "__Host-cart";

impl SessionData for Cart {
    const COOKIE: &'static str = NAME;
}

fn cart(items: &[u32]) -> Cart {
    Cart { items: items.to_vec() }
}

/// A good plaintext: begun now, with the item 7.
fn good() -> Plain {
    Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: common::layout::items(&[7]),
        extensions: None,
    }
}

/// A plaintext sealed so many seconds ahead of our clock.
fn ahead(seconds: u64) -> Plain {
    let now = NOW + seconds;
    Plain { created_at: now, ends_at: now + 43_200, issued_at: now, expires_at: now + 1800, ..good() }
}

#[track_caller]
fn sealed(plain: &Plain) -> String {
    plain.seal(&SECRET, NAME, "")
}

/// A good token with another first byte: version and suite.
#[track_caller]
fn marked(version_and_suite: u8) -> String {
    let mut bytes = token::bytes(&sealed(&good()));
    bytes[0] = version_and_suite;
    token::text(&bytes)
}

/// Sealed under a key that is not ours.
#[track_caller]
fn foreign() -> String {
    good().seal(&OTHER, NAME, "")
}

fn manager() -> SessionManager<Cart> {
    // A cut-off well before everything that is not meant to fall to it.
    let policy = Policy::default().valid_after(at(-100_000));
    SessionManager::builder(ring()).policy(policy).clock(Clock::from_fn(|| at(0))).build().unwrap()
}

/// The session of a request with these values under our name, in one header.
fn carrying(manager: &SessionManager<Cart>, values: &[String]) -> Session<Cart> {
    let cookies: Vec<String> = values.iter().map(|value| format!("{NAME}={value}")).collect();
    manager.load([cookies.join("; ").as_bytes()], at(0))
}

/// The `Set-Cookie` values of a 200.
#[track_caller]
fn sent(manager: &SessionManager<Cart>, session: &Session<Cart>) -> Vec<String> {
    manager.commit(session, false, at(0)).unwrap()
}

/// What the one cookie that is set holds.
#[track_caller]
fn written(manager: &SessionManager<Cart>, session: &Session<Cart>) -> Plain {
    let [set_cookie] = sent(manager, session).try_into().expect("one Set-Cookie");
    Plain::open(value(&set_cookie), &SECRET, NAME, "")
}
