//! Keys with times: what each is good for is decided by the clock alone, and never by what was before.

use crate::common;

#[path = "schedule/clock.rs"]
mod clock;
#[path = "schedule/errors.rs"]
mod errors;
#[cfg(properties)]
#[path = "schedule/naive.rs"]
mod naive;
#[path = "schedule/overdue.rs"]
mod overdue;
#[path = "schedule/states.rs"]
mod states;
#[path = "schedule/tokens.rs"]
mod tokens;

use common::{
    Hands, Told,
    steps::Login,
    timed::{from_until, scheduled, sessions},
};
use hardtack::{Keyring, SessionManager};

/// A seals from 0 to 100, and opens until 5281; B follows, and then C.
fn three() -> Keyring {
    scheduled(&[('A', from_until(0, 100)), ('B', from_until(100, 200)), ('C', from_until(200, 100_200))])
}

/// A manager of this ring that tells `told`, started so many seconds after `NOW`.
#[track_caller]
fn manager(ring: Keyring, seconds: i64, told: &Told) -> SessionManager<Login> {
    let hands = Hands::default();
    hands.set(seconds);
    let builder = SessionManager::builder(ring).policy(sessions()).clock(hands.clock());
    builder.observer(told.clone()).build().unwrap()
}
