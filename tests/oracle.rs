//! The second implementation of the format, in `common/token.rs`, is held to the vectors, which a third one made: what
//! other tests build with it are tokens.

use crate::common;

use common::{Plain, token};
use serde_json::Value;

/// The accepted vectors of suite 1.
#[track_caller]
fn vectors() -> Vec<Value> {
    let mut file: Value = serde_json::from_str(include_str!("vectors/v1.json")).unwrap();
    let Value::Array(all) = file["accepted"].take() else { unreachable!("an array") };
    let suite_1: Vec<Value> = all.into_iter().filter(|vector| vector["suite"] == 1).collect();
    assert!(suite_1.len() >= 40, "{}", suite_1.len());
    suite_1
}

#[track_caller]
fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap()
}

#[track_caller]
fn hex(vector: &Value, field: &str) -> Vec<u8> {
    let digits = text(vector, field).as_bytes();
    digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[track_caller]
fn secret(vector: &Value) -> [u8; 32] {
    hex(vector, "secret").try_into().unwrap()
}

#[test]
fn it_derives_the_key_ids() {
    for vector in vectors() {
        assert_eq!(token::key_id(&secret(&vector))[..], hex(&vector, "key_id"), "{}", vector["name"]);
    }
}

#[test]
fn it_seals_the_tokens() {
    for vector in vectors() {
        let sealed = token::seal(
            &secret(&vector),
            text(&vector, "cookie_name"),
            text(&vector, "purpose"),
            &hex(&vector, "binding"),
            &hex(&vector, "nonce").try_into().unwrap(),
            &hex(&vector, "plaintext"),
        );
        assert_eq!(token::text(&sealed), text(&vector, "token"), "{}", vector["name"]);
        assert_eq!(token::bytes(text(&vector, "token")), sealed, "{}", vector["name"]);
    }
}

#[test]
fn it_reads_and_writes_the_plaintexts() {
    for vector in vectors() {
        let plain = Plain::parse(&hex(&vector, "plaintext"));
        let times = [plain.created_at, plain.ends_at, plain.issued_at, plain.expires_at];
        let expected =
            ["created_at", "ends_at", "issued_at", "expires_at"].map(|field| vector[field].as_u64().unwrap());
        assert_eq!(times, expected, "{}", vector["name"]);
        assert_eq!(Some(u64::from(plain.flags)), vector["flags"].as_u64());
        assert_eq!(Some(plain.schema), vector["schema"].as_u64());
        assert_eq!(plain.session_id[..], hex(&vector, "session_id"));
        assert_eq!(plain.payload, hex(&vector, "payload"));
        if vector["block"] == 16 {
            assert_eq!(plain.bytes(), hex(&vector, "plaintext"), "{}", vector["name"]);
        }
    }
}
