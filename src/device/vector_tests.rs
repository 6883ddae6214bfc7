//! The vectors of another implementation: challenges open for whom they were made, and sealing with a vector's nonce gives its token.
//! (Sessions, pairs, registrations and refreshes go through the public interface: `tests/device_vectors.rs`.)
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;

use serde_json::Value;

use super::{Device, DeviceBound, Keys};
use crate::{
    cookie::attributes::Attributes,
    crypto::{context::Context, key::Key, keyring::Keyring},
    id::SessionId,
    token::{Policy, Scratch, Sealer, rings::Contexts, shared::Shared},
    wire::device::DeviceKey,
};

fn file() -> Value {
    serde_json::from_str(include_str!("../../tests/vectors/device-v1.json")).unwrap()
}

fn ready(file: &Value) -> (Device, Sealer) {
    let text = |field: &str| file[field].as_str().unwrap();
    let keys = file["keys"].as_array().unwrap().iter().map(|key| Key::parse(key.as_str().unwrap()).unwrap());
    let keyring = Keyring::new(keys).unwrap();
    let context = Context::cookie(text("cookie_name"), text("purpose")).unwrap();
    let mut contexts = Contexts::of(context);
    let attributes = Attributes::new(text("cookie_name"));
    let device = DeviceBound::new().ready(&attributes, &keyring, &[text("purpose")], 60, &mut contexts).unwrap();
    let shared = Shared::new(Arc::new(keyring));
    let mut sealer = Sealer::among(&shared, contexts, Policy::default(), None).unwrap();
    sealer.read_device_keys();
    (device, sealer)
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn challenges_open_for_whom_they_were_made_and_in_their_time() {
    let file = file();
    let (device, sealer) = ready(&file);
    let mut scratch = Scratch::new();
    let mut cases = 0;
    for case in file["challenges"].as_array().unwrap() {
        let (name, now) = (case["name"].as_str().unwrap(), case["now"].as_u64().unwrap());
        let moment = sealer.moment(crate::clock::instant(now));
        let keys = Keys { sealer: &sealer, moment: &moment, now };
        let token = case["token"].as_str().unwrap();
        let to = unhex(case["bound_to"].as_str().unwrap());
        let opens = if case["kind"] == 1 {
            let session_id = SessionId(to.try_into().unwrap());
            device.open_offer(token, session_id, keys, &mut scratch).is_some()
        } else {
            let key = DeviceKey::from_value(&to).unwrap();
            let challenged = device.open_challenge(token, &key, keys, &mut scratch);
            challenged.is_some_and(|challenged| challenged.grants_until > now)
        };
        assert_eq!(opens, case["opens"].as_bool().unwrap(), "{name}");
        cases += 1;
    }
    assert_eq!(cases, 11);
}
