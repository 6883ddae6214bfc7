//! XAES-256-GCM against the vectors of its specification (c2sp.org/XAES-256-GCM), and against another implementation.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use aes_gcm::aead::{AeadInOut, KeyInit};

use super::{
    cipher::{Cipher, CipherError},
    xaes::Xaes256Gcm,
};
use crate::{
    draw_tests::{Draw, Shake128},
    wire::envelope::Suite,
};

const NONCE: &[u8; 24] = b"ABCDEFGHIJKLMNOPQRSTUVWX";
const PLAINTEXT: &[u8] = b"XAES-256-GCM";

/// A worked example of the specification.
struct Worked {
    key: [u8; 32],
    aad: &'static [u8],
    derived: &'static str,
    sealed: &'static str,
}

const WORKED: [Worked; 2] = [
    Worked {
        key: [1; 32],
        aad: b"",
        derived: "c8612c9ed53fe43e8e005b828a1631a0bbcb6ab2f46514ec4f439fcfd0fa969b",
        sealed: "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271",
    },
    // The top bit of L is set.
    Worked {
        key: [3; 32],
        aad: b"c2sp.org/XAES-256-GCM",
        derived: "e9c621d4cdd9b11b00a6427ad7e559aeedd66b3857646677748f8ca796cb3fd8",
        sealed: "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
    },
];

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn seal(key: &[u8; 32], nonce: &[u8; 24], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let mut buffer = plaintext.to_vec();
    let tag = Cipher::new(Suite::Xaes256Gcm, key).seal(nonce, aad, &mut buffer).unwrap();
    buffer.extend_from_slice(&tag);
    buffer
}

fn open(key: &[u8; 32], nonce: &[u8; 24], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CipherError> {
    let mut buffer = sealed.to_vec();
    Cipher::new(Suite::Xaes256Gcm, key).open(nonce, aad, &mut buffer)?;
    buffer.truncate(sealed.len() - 16);
    Ok(buffer)
}

#[test]
fn the_worked_examples_seal_and_open() {
    for worked in WORKED {
        let sealed = unhex(worked.sealed);
        assert_eq!(seal(&worked.key, NONCE, worked.aad, PLAINTEXT), sealed);
        assert_eq!(open(&worked.key, NONCE, worked.aad, &sealed).unwrap(), PLAINTEXT);
        assert!(open(&worked.key, NONCE, b"another", &sealed).is_err());
    }
}

#[test]
fn the_worked_examples_derive_their_key() {
    for worked in WORKED {
        let derived = Xaes256Gcm::new(&worked.key).message_key(NONCE[..12].try_into().unwrap());
        assert_eq!(derived[..], unhex(worked.derived));
    }
}

/// The specification's accumulated vectors: cases drawn from one SHAKE128, their results absorbed by another.
fn accumulated(cases: usize) -> [u8; 32] {
    let mut draw = Draw::of(b"");
    let mut sealed_all = Shake128::new();
    for _ in 0..cases {
        let (key, nonce) = (draw.bytes(), draw.bytes());
        let mut counted = || {
            let [length] = draw.bytes();
            draw.vec(length.into())
        };
        let (plaintext, aad) = (counted(), counted());
        let sealed = seal(&key, &nonce, &aad, &plaintext);
        assert_eq!(open(&key, &nonce, &aad, &sealed).as_deref(), Ok(&plaintext[..]));
        sealed_all.absorb(&sealed);
    }
    sealed_all.finish().bytes()
}

#[test]
fn ten_thousand_accumulated_vectors_agree() {
    assert_eq!(accumulated(10_000)[..], unhex("e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"));
}

#[test]
#[ignore = "takes a minute: scripts/assurance vectors"]
fn a_million_accumulated_vectors_agree() {
    assert_eq!(accumulated(1_000_000)[..], unhex("2163ae1445985a30b60585ee67daa55674df06901b890593e824b8a7c885ab15"));
}

#[test]
fn the_crate_xaes_256_gcm_agrees() {
    let mut draw = Draw::of(b"the crate xaes-256-gcm");
    for case in 0..1024 {
        let (key, nonce) = (draw.bytes::<32>(), draw.bytes::<24>());
        let (plaintext, aad) = (some(&mut draw), some(&mut draw));
        let other = xaes_256_gcm::Xaes256Gcm::new(&key.into());
        let mut buffer = plaintext.clone();
        let tag = other.encrypt_inout_detached(&nonce.into(), &aad, buffer.as_mut_slice().into()).unwrap();
        let theirs = [&buffer[..], &tag[..]].concat();
        assert_eq!(seal(&key, &nonce, &aad, &plaintext), theirs, "case {case}");
        assert_eq!(open(&key, &nonce, &aad, &theirs), Ok(plaintext), "case {case}");
        let mut altered = theirs;
        let at = draw.below(altered.len());
        altered[at] ^= 1;
        assert!(open(&key, &nonce, &aad, &altered).is_err(), "case {case}");
    }
}

/// Up to 600 bytes.
fn some(draw: &mut Draw) -> Vec<u8> {
    let length = draw.below(601);
    draw.vec(length)
}
