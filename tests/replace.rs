//! Another ring for a running service: taken in one step if nobody is logged out by it, and else not at all.

use crate::common;

#[path = "replace/meanwhile.rs"]
mod meanwhile;
#[path = "replace/revoked.rs"]
mod revoked;
#[path = "replace/start.rs"]
mod start;
#[path = "replace/steps.rs"]
mod steps;
#[path = "replace/threads.rs"]
mod threads;
#[cfg(feature = "axum")]
#[path = "replace/web.rs"]
mod web;

use common::{
    Hands, Told, at,
    steps::{Login, begun, carried, login},
    timed::{key, letter, policy, sessions},
    value,
};
use hardtack::{Builder, Keyring, Refusal, SessionManager, TokenHeader};

/// A, which came at `NOW` and seals from then on.
fn started() -> Keyring {
    Keyring::start(policy(), key('A'), at(0)).unwrap()
}

/// A, and B, which came at 50 and seals from 1110 on.
fn rotated() -> Keyring {
    started().rotate(key('B'), None, at(50)).unwrap()
}

fn builder(ring: Keyring) -> Builder<Login, SessionManager<Login>> {
    SessionManager::builder(ring).policy(sessions()).clock(Hands::default().clock())
}

/// A service with this ring, started at `NOW`.
#[track_caller]
fn running(ring: Keyring) -> (SessionManager<Login>, Told) {
    let told = Told::default();
    (builder(ring).observer(told.clone()).build().unwrap(), told)
}

/// The letter of a cookie's key.
#[track_caller]
fn under(cookie: &str) -> char {
    letter(TokenHeader::read(value(cookie)).unwrap().key_id())
}

/// Under which key a session that begins at this time is sealed.
#[track_caller]
fn seals(manager: &SessionManager<Login>, seconds: i64) -> char {
    under(&begun(manager, login(7), seconds))
}

/// Why a cookie is refused at this time, if it is.
fn refusal(manager: &SessionManager<Login>, cookie: &str, seconds: i64) -> Option<Refusal> {
    carried(manager, cookie, seconds).refusal()
}
