//! XAES-256-GCM against the vectors of its specification (c2sp.org/XAES-256-GCM), and against another implementation.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use aes_gcm::aead::{AeadInOut, KeyInit};
use proptest::prelude::{any, prop_assert, prop_assert_eq};
use shake::{
    Shake128,
    digest::{ExtendableOutput, Update, XofReader},
};

use super::{
    cipher::{Cipher, CipherError},
    xaes::Xaes256Gcm,
};
use crate::wire::envelope::Suite;

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
    let mut draw = Shake128::default().finalize_xof();
    let mut sealed_all = Shake128::default();
    for _ in 0..cases {
        let (mut key, mut nonce) = ([0; 32], [0; 24]);
        draw.read(&mut key);
        draw.read(&mut nonce);
        let mut counted = || {
            let mut length = [0];
            draw.read(&mut length);
            let mut bytes = vec![0; length[0].into()];
            draw.read(&mut bytes);
            bytes
        };
        let (plaintext, aad) = (counted(), counted());
        let sealed = seal(&key, &nonce, &aad, &plaintext);
        assert_eq!(open(&key, &nonce, &aad, &sealed).as_deref(), Ok(&plaintext[..]));
        sealed_all.update(&sealed);
    }
    let mut digest = [0; 32];
    sealed_all.finalize_xof().read(&mut digest);
    digest
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

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(1024))]

    #[test]
    fn the_crate_xaes_256_gcm_agrees(
        key: [u8; 32],
        nonce: [u8; 24],
        plaintext in proptest::collection::vec(any::<u8>(), 0..=600),
        aad in proptest::collection::vec(any::<u8>(), 0..=600),
        flipped: proptest::sample::Index,
    ) {
        let other = xaes_256_gcm::Xaes256Gcm::new(&key.into());
        let mut buffer = plaintext.clone();
        let tag = other.encrypt_inout_detached(&nonce.into(), &aad, buffer.as_mut_slice().into()).unwrap();
        let theirs = [&buffer[..], &tag[..]].concat();
        prop_assert_eq!(&seal(&key, &nonce, &aad, &plaintext), &theirs);
        prop_assert_eq!(open(&key, &nonce, &aad, &theirs), Ok(plaintext));
        let mut altered = theirs;
        let at = flipped.index(altered.len());
        altered[at] ^= 1;
        prop_assert!(open(&key, &nonce, &aad, &altered).is_err());
    }
}
