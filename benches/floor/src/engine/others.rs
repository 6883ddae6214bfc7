//! The own floor over two more engines.

use graviola::aead::AesGcm;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::{Engine, NONCE, TAG, halves, own::Derivation};

/// As [`super::Own`], with AES-256-GCM of ring under the same derivation: the same bytes.
pub struct OverRing(Derivation);

impl OverRing {
    fn ready(&self, head: &[u8; 12]) -> LessSafeKey {
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.0.key(head)).unwrap())
    }
}

impl Engine for OverRing {
    fn new(key: &[u8; 32]) -> Self {
        Self(Derivation::new(key))
    }

    fn fill_nonce(nonce: &mut [u8]) {
        getrandom::fill(nonce).unwrap();
    }

    fn seal(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8]) -> [u8; TAG] {
        let (head, tail) = halves(nonce);
        let nonce = Nonce::assume_unique_for_key(*tail);
        let tag = self.ready(head).seal_in_place_separate_tag(nonce, Aad::from(aad), body).unwrap();
        tag.as_ref().try_into().unwrap()
    }

    fn open(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8], tag: &[u8; TAG]) -> bool {
        let (head, tail) = halves(nonce);
        let nonce = Nonce::assume_unique_for_key(*tail);
        self.ready(head).open_in_place_separate_tag(nonce, Aad::from(aad), (*tag).into(), body, 0..).is_ok()
    }
}

/// As [`super::Own`], with AES-256-GCM of graviola under the same derivation: the same bytes.
pub struct OverGraviola(Derivation);

impl Engine for OverGraviola {
    fn new(key: &[u8; 32]) -> Self {
        Self(Derivation::new(key))
    }

    fn fill_nonce(nonce: &mut [u8]) {
        getrandom::fill(nonce).unwrap();
    }

    fn seal(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8]) -> [u8; TAG] {
        let (head, tail) = halves(nonce);
        let mut tag = [0; TAG];
        AesGcm::new(&self.0.key(head)).encrypt(tail, aad, body, &mut tag);
        tag
    }

    fn open(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8], tag: &[u8; TAG]) -> bool {
        let (head, tail) = halves(nonce);
        AesGcm::new(&self.0.key(head)).decrypt(tail, aad, body, tag).is_ok()
    }
}
