//! Types that change: what was written as one type is never read as another.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "a test fails by panicking, and makes small numbers"
)]

use crate::common;

#[path = "layouts/appended.rs"]
mod appended;
#[path = "layouts/bad_input.rs"]
mod bad_input;
#[path = "layouts/bytes.rs"]
mod bytes;
#[path = "layouts/changes.rs"]
mod changes;
#[path = "layouts/deploy.rs"]
mod deploy;
#[path = "layouts/driven.rs"]
mod driven;
#[path = "layouts/naive.rs"]
mod naive;
#[path = "layouts/pairs.rs"]
mod pairs;
#[path = "layouts/proven.rs"]
mod proven;
#[path = "layouts/random.rs"]
mod random;
#[path = "layouts/siblings.rs"]
mod siblings;

use std::{cell::RefCell, sync::LazyLock};

use common::{at, ring};
use hardtack::{Binding, Context, Policy, Refusal, Scratch, Sealer, SessionError};
use serde::{Serialize, de::DeserializeOwned};

static SEALER: LazyLock<Sealer> =
    LazyLock::new(|| Sealer::new(&ring(), &Context::cookie("layouts", "").unwrap(), Policy::default()).unwrap());

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

/// The payload that a value is sealed as.
fn written<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, SessionError> {
    SCRATCH.with_borrow_mut(|scratch| {
        let claims = SEALER.begin(1, false, at(0)).unwrap();
        let token = SEALER.seal_value(&claims, value, Binding::default(), at(0), scratch)?;
        Ok(SEALER.open(&token, Binding::default(), at(0), scratch).unwrap().payload().to_vec())
    })
}

/// What a payload is opened as.
fn read<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Refusal> {
    SCRATCH.with_borrow_mut(|scratch| {
        let claims = SEALER.begin(1, false, at(0)).unwrap();
        let token = SEALER.seal(&claims, payload, Binding::default(), at(0), scratch).unwrap();
        SEALER.open(&token, Binding::default(), at(0), scratch).unwrap().decode()
    })
}

/// Refused as written in another layout.
#[track_caller]
fn refused<T: DeserializeOwned>(payload: &[u8]) {
    let refusal = read::<T>(payload).err();
    assert!(matches!(refusal, Some(Refusal::Layout { .. })), "{refusal:?}");
    assert!(refusal.unwrap().is_held());
}
