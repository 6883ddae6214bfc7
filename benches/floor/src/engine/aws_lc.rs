//! AES-256-GCM of AWS-LC: under XAES's derivation, and plain.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use rand::Rng;

use super::{Engine, NONCE, TAG, halves, own::Derivation};

fn ready(key: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap())
}

fn seal(key: &LessSafeKey, nonce: &[u8; 12], aad: &[u8], body: &mut [u8]) -> [u8; TAG] {
    let tag = key.seal_in_place_separate_tag(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), body).unwrap();
    tag.as_ref().try_into().unwrap()
}

fn open(key: &LessSafeKey, nonce: &[u8; 12], aad: &[u8], body: &mut [u8], tag: &[u8; TAG]) -> bool {
    key.open_in_place_separate_tag(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), tag, body).is_ok()
}

/// As [`super::Own`], with AES-256-GCM of AWS-LC under the same derivation: the same bytes.
pub struct OverAwsLc(Derivation);

impl Engine for OverAwsLc {
    fn new(key: &[u8; 32]) -> Self {
        Self(Derivation::new(key))
    }

    fn fill_nonce(nonce: &mut [u8]) {
        getrandom::fill(nonce).unwrap();
    }

    fn seal(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8]) -> [u8; TAG] {
        let (head, tail) = halves(nonce);
        seal(&ready(&self.0.key(head)), tail, aad, body)
    }

    fn open(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8], tag: &[u8; TAG]) -> bool {
        let (head, tail) = halves(nonce);
        open(&ready(&self.0.key(head)), tail, aad, body, tag)
    }
}

/// Plain AES-256-GCM of AWS-LC with its schedule kept, and twelve bytes of nonce from a generator in the process, which a
/// forked child or a restored snapshot repeats: not for use.
pub struct Absolute(LessSafeKey);

impl Engine for Absolute {
    fn new(key: &[u8; 32]) -> Self {
        Self(ready(key))
    }

    fn fill_nonce(nonce: &mut [u8]) {
        rand::rng().fill_bytes(&mut nonce[NONCE - 12..]);
    }

    fn seal(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8]) -> [u8; TAG] {
        seal(&self.0, halves(nonce).1, aad, body)
    }

    fn open(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8], tag: &[u8; TAG]) -> bool {
        open(&self.0, halves(nonce).1, aad, body, tag)
    }
}
