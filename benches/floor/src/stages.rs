//! The own floor's steps one by one, to see where the time goes. Each does its step anew at every call.

use aes_gcm::{
    Aes256Gcm,
    aead::{AeadInOut, KeyInit},
};
use base64::engine::{Engine as _, Simd, general_purpose::NO_PAD};
use serde::Serialize;

use crate::engine::{Derivation, Engine, NONCE, Own, TAG};

const AAD: [u8; 31] = [1; 31];

/// The steps for plaintexts of one length.
pub struct Stages {
    derivation: Derivation,
    cipher: Aes256Gcm,
    base64: Simd,
    /// Twice: one is worked on, the other is as it was sealed.
    body: Vec<u8>,
    sealed: (Vec<u8>, [u8; TAG]),
    token: Vec<u8>,
    text: Vec<u8>,
}

impl Stages {
    /// For this plaintext, padded, and this token.
    #[must_use]
    pub fn new(plaintext: usize, token: &str) -> Self {
        let derivation = Derivation::new(&[7; 32]);
        let cipher = Aes256Gcm::new(&derivation.key(&[0; 12]).into());
        let mut sealed = vec![0; plaintext];
        let tag = cipher.encrypt_inout_detached(&[0; 12].into(), &AAD, sealed.as_mut_slice().into()).unwrap().into();
        let mut stages = Self {
            derivation,
            cipher,
            base64: Simd::url_safe(NO_PAD),
            body: vec![0; plaintext],
            sealed: (sealed, tag),
            token: vec![0; token.len() + 3],
            text: token.as_bytes().to_vec(),
        };
        let length = stages.decode_text();
        stages.token.truncate(length);
        stages
    }

    /// The value in postcard.
    pub fn encode<T: Serialize + ?Sized>(&mut self, value: &T) -> usize {
        postcard::to_slice(value, &mut self.body).unwrap().len()
    }

    /// A nonce of the operating system's.
    #[must_use]
    pub fn nonce(&self) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        Own::fill_nonce(&mut nonce);
        nonce
    }

    /// The key of one message, by XAES: two blocks.
    #[must_use]
    pub fn derive(&self, nonce_head: &[u8; 12]) -> [u8; 32] {
        self.derivation.key(nonce_head)
    }

    /// AES-256-GCM made ready for the key of one message, and wiped.
    pub fn make_ready(&self, key: &[u8; 32]) {
        drop(std::hint::black_box(Aes256Gcm::new(key.into())));
    }

    /// AES-256-GCM itself, with a ready key.
    pub fn encrypt(&mut self) -> [u8; TAG] {
        self.cipher.encrypt_inout_detached(&[0; 12].into(), &AAD, self.body.as_mut_slice().into()).unwrap().into()
    }

    /// The same backwards; a copy of the ciphertext included.
    pub fn decrypt(&mut self) {
        let (sealed, tag) = &self.sealed;
        self.body.copy_from_slice(sealed);
        let body = self.body.as_mut_slice().into();
        self.cipher.decrypt_inout_detached(&[0; 12].into(), &AAD, body, tag.into()).unwrap();
    }

    /// The token as base64url, into a kept buffer.
    pub fn encode_text(&mut self) -> usize {
        self.base64.encode_slice(&self.token, &mut self.text).unwrap()
    }

    /// A new `String` of the text: checked, allocated, copied, freed.
    #[must_use]
    pub fn new_string(&self) -> String {
        str::from_utf8(&self.text).unwrap().to_owned()
    }

    /// base64url as the token.
    pub fn decode_text(&mut self) -> usize {
        self.base64.decode_slice(&self.text, &mut self.token).unwrap()
    }
}
