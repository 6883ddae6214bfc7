//! Wycheproof's vectors of both ciphers (tests/vectors/wycheproof), through each engine that is built.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[cfg(feature = "aws-lc-rs")]
use super::aws_lc;
use super::{CipherError, rust_crypto};
use crate::crypto::wycheproof_tests::{Case, cases};

type Sealed = Result<[u8; 16], CipherError>;
type Seal<const NONCE: usize> = fn(&[u8; 32], &[u8; NONCE], &[u8], &mut [u8]) -> Sealed;
type Open<const NONCE: usize> = fn(&[u8; 32], &[u8; NONCE], &[u8], &mut [u8]) -> Result<(), CipherError>;

/// How many cases were accepted, and how many refused.
fn counted<const NONCE: usize>(file: &str, seal: Seal<NONCE>, open: Open<NONCE>) -> (usize, usize) {
    let (mut accepted, mut refused) = (0, 0);
    for Case { number, fields: [key, nonce, aad, plaintext, ciphertext, tag], valid } in cases(file) {
        let (key, nonce) = (&key.try_into().unwrap(), &nonce.try_into().unwrap());
        let mut buffer = [&ciphertext[..], &tag].concat();
        assert_eq!(open(key, nonce, &aad, &mut buffer).is_ok(), valid, "case {number}");
        let opened = &buffer[..ciphertext.len()];
        let mut sealed = plaintext.clone();
        let made = seal(key, nonce, &aad, &mut sealed).unwrap();
        if valid {
            assert_eq!(opened, plaintext, "case {number}");
            assert_eq!((sealed, &made[..]), (ciphertext, &tag[..]), "case {number}");
            accepted += 1;
        } else {
            assert!(plaintext.is_empty() || opened != plaintext, "case {number}: plaintext is left");
            assert_ne!((sealed, &made[..]), (ciphertext, &tag[..]), "case {number}");
            refused += 1;
        }
    }
    (accepted, refused)
}

const AES_256_GCM: &str = include_str!("../../../tests/vectors/wycheproof/aes_256_gcm.txt");
const XCHACHA20_POLY1305: &str = include_str!("../../../tests/vectors/wycheproof/xchacha20_poly1305.txt");

#[test]
fn aes_256_gcm_gives_what_wycheproof_says() {
    let counts = counted(AES_256_GCM, rust_crypto::Aes256Gcm::seal, rust_crypto::Aes256Gcm::open);
    assert_eq!(counts, (39, 27));
}

#[cfg(feature = "aws-lc-rs")]
#[test]
fn aes_256_gcm_of_aws_lc_gives_what_wycheproof_says() {
    let counts = counted(AES_256_GCM, aws_lc::Aes256Gcm::seal, aws_lc::Aes256Gcm::open);
    assert_eq!(counts, (39, 27));
}

#[test]
fn xchacha20_poly1305_gives_what_wycheproof_says() {
    let counts = counted(
        XCHACHA20_POLY1305,
        |key, nonce, aad, buffer| rust_crypto::XChaCha20Poly1305::new(key).seal(nonce, aad, buffer),
        |key, nonce, aad, sealed| rust_crypto::XChaCha20Poly1305::new(key).open(nonce, aad, sealed),
    );
    assert_eq!(counts, (246, 60));
}

#[cfg(feature = "aws-lc-rs")]
#[test]
fn xchacha20_poly1305_of_aws_lc_gives_what_wycheproof_says() {
    let counts = counted(
        XCHACHA20_POLY1305,
        |key, nonce, aad, buffer| aws_lc::XChaCha20Poly1305::new(key).seal(nonce, aad, buffer),
        |key, nonce, aad, sealed| aws_lc::XChaCha20Poly1305::new(key).open(nonce, aad, sealed),
    );
    assert_eq!(counts, (246, 60));
}
