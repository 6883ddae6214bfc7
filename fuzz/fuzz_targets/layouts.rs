//! A type, a value of it, and the type after changes, all chosen by the input: what was written as one type is never read as another,
//! and whatever is allowed opens. By a second implementation of the rule, which knows no hash.
#![no_main]
#![allow(
    dead_code,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "shared with the tests, which make small numbers"
)]

#[path = "../../tests/layouts/driven.rs"]
mod driven;
#[path = "../../tests/common/layout.rs"]
mod layout;
#[path = "../../tests/layouts/naive.rs"]
mod naive;
#[path = "../../tests/layouts/random.rs"]
mod random;

mod common {
    pub(crate) use crate::layout;
}

use std::{cell::RefCell, sync::LazyLock};

use driven::Driven;
use hardtack::{Binding, Context, Keyring, Policy, Refusal, Scratch, Sealer};
use hardtack_fuzz::keys;
use layout::Value;
use libfuzzer_sys::fuzz_target;
use naive::as_read;
use random::Random;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

static SEALER: LazyLock<Sealer> = LazyLock::new(|| {
    let ring = Keyring::new(keys()).unwrap();
    Sealer::new(&ring, &Context::cookie("layouts", "").unwrap(), Policy::default()).unwrap()
});

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

fn written(value: &Value) -> Vec<u8> {
    SCRATCH.with_borrow_mut(|scratch| {
        let claims = SEALER.begin(1, false, NOW).unwrap();
        let token = SEALER.seal_value(&claims, value, Binding::default(), NOW, scratch).unwrap();
        SEALER.open(&token, Binding::default(), NOW, scratch).unwrap().payload().to_vec()
    })
}

fn read<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Refusal> {
    SCRATCH.with_borrow_mut(|scratch| {
        let claims = SEALER.begin(1, false, NOW).unwrap();
        let token = SEALER.seal(&claims, payload, Binding::default(), NOW, scratch).unwrap();
        SEALER.open(&token, Binding::default(), NOW, scratch).unwrap().decode()
    })
}

fuzz_target!(|data: &[u8]| {
    let mut random = Random::from_bytes(data);
    let before = if random.below(4) > 0 { random.fields(3) } else { random.type_of(3) };
    let value = random.value_of(&before);
    let mut payload = value.payload();
    if payload.len() > 2_000 {
        return;
    }
    assert_eq!(written(&value), payload, "{value:?}");

    let mut after = before.clone();
    for _ in 0..random.below(4) {
        random.change(&mut after);
    }
    Driven::ask_for(&after);
    match (read::<Driven>(&payload), as_read(&value, &after, true)) {
        (Ok(read), Some(right)) => assert_eq!(read.0, right),
        (Err(Refusal::Layout { .. }), None) => {}
        (read, right) => panic!("{value:?} as {after:?}: {:?} and not {right:?}", read.map(|read| read.0)),
    }

    for _ in 0..=random.below(4) {
        let at = random.below(payload.len());
        payload[at] ^= random.below(256) as u8;
    }
    payload.truncate(payload.len() - random.below(4).min(payload.len()));
    Driven::ask_for(&before);
    if let Ok(read) = read::<Driven>(&payload) {
        assert_eq!(read.0.digest(), payload[..3]);
    }
});
