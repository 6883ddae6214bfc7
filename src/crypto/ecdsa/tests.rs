//! Both engines, on the same keys and signatures. The vectors of another implementation are in `tests/device_vectors.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use p256::ecdsa::{Signature, SigningKey, signature::Signer};

use super::{is_on_curve, key_of, rust_crypto, verifies};
use crate::wire::device::DeviceKey;

fn signer(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn coordinates(signer: &SigningKey) -> ([u8; 32], [u8; 32]) {
    let point = signer.verifying_key().to_sec1_point(false);
    let bytes = point.as_bytes();
    (bytes[1..33].try_into().unwrap(), bytes[33..].try_into().unwrap())
}

#[test]
fn a_signature_of_the_key_verifies_and_no_other() {
    for seed in 1..=20 {
        let signer = signer(seed);
        let (x, y) = coordinates(&signer);
        let key = key_of(&x, &y).unwrap();
        assert_eq!(key.as_bytes().as_slice(), signer.verifying_key().to_sec1_point(true).as_bytes());
        let signature: Signature = signer.sign(b"message");
        let signature: [u8; 64] = signature.to_bytes().into();
        assert!(verifies(&key, b"message", &signature));
        assert!(rust_crypto::verifies(key.as_bytes(), b"message", &signature));
        assert!(!verifies(&key, b"messagf", &signature));
        let (x, y) = coordinates(&self::signer(seed + 100));
        assert!(!verifies(&key_of(&x, &y).unwrap(), b"message", &signature));
        for bit in 0..512 {
            let mut altered = signature;
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(!verifies(&key, b"message", &altered), "bit {bit}");
        }
    }
}

#[test]
fn both_engines_agree_on_what_is_on_the_curve() {
    let mut on = 0;
    for byte in 0..=255 {
        let mut point = [byte; 33];
        point[0] = 2 + (byte & 1);
        let key = DeviceKey::from_point(point).unwrap();
        assert_eq!(is_on_curve(&key), rust_crypto::is_on_curve(key.as_bytes()), "{byte}");
        on += usize::from(is_on_curve(&key));
    }
    // Half of all x are.
    assert!((90..=165).contains(&on), "{on}");
    let (x, mut y) = coordinates(&signer(1));
    y[31] ^= 2;
    assert!(key_of(&x, &y).is_none());
    assert!(key_of(&[0; 32], &[0; 32]).is_none());
}
