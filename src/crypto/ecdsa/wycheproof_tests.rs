//! Wycheproof's vectors of ECDSA over P-256 (tests/vectors/wycheproof), through each engine that is built.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use super::{key_of, rust_crypto, verifies};
use crate::crypto::wycheproof_tests::{Case, cases};

#[test]
fn ecdsa_accepts_what_wycheproof_says() {
    let file = include_str!("../../../tests/vectors/wycheproof/ecdsa_p256_sha256.txt");
    let (mut accepted, mut refused, mut of_other_lengths) = (0, 0, 0);
    for Case { number, fields: [point, message, signature], valid } in cases(file) {
        let key = key_of(point[1..33].try_into().unwrap(), point[33..].try_into().unwrap()).unwrap();
        assert_eq!(rust_crypto::verifies(key.as_bytes(), &message, &signature), valid, "case {number}");
        // Ours takes 64 bytes: the rest is refused where the proof is read (tests/device_vectors.rs).
        let Ok(signature) = <&[u8; 64]>::try_from(&signature[..]) else {
            assert!(!valid, "case {number}");
            of_other_lengths += 1;
            continue;
        };
        assert_eq!(verifies(&key, &message, signature), valid, "case {number}");
        if valid { accepted += 1 } else { refused += 1 }
    }
    assert_eq!((accepted, refused, of_other_lengths), (173, 68, 21));
}
