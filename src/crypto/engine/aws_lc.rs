//! AWS-LC, by the `aws-lc-rs` crate: faster from some hundred bytes on, and asks for a C compiler. It wipes its keys when they are
//! dropped.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use chacha20::{R20, hchacha};
use zeroize::{Zeroize, Zeroizing};

use super::CipherError;
use crate::{
    secret::Secret,
    wire::{NONCE_LEN, TAG_LEN},
};

/// AES-256-GCM with keys that serve one message each.
pub(crate) enum Aes256Gcm {}

impl Aes256Gcm {
    /// Encrypts `buffer` in place and returns the tag.
    pub(crate) fn seal(
        key: &[u8; 32],
        nonce: &[u8; 12],
        aad: &[u8],
        buffer: &mut [u8],
    ) -> Result<[u8; TAG_LEN], CipherError> {
        Inner::new(&AES_256_GCM, key).seal(nonce, aad, buffer)
    }

    /// Decrypts ciphertext and tag in place, if the tag fits. If not, the buffer holds nothing of the plaintext.
    pub(crate) fn open(key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], sealed: &mut [u8]) -> Result<(), CipherError> {
        Inner::new(&AES_256_GCM, key).open(nonce, aad, sealed)
    }
}

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): `HChaCha20` by the `chacha20` crate, the rest by AWS-LC.
pub(crate) struct XChaCha20Poly1305(Secret);

impl XChaCha20Poly1305 {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let Ok(secret) = Secret::filled(|place| {
            *place = *key;
            Ok::<_, core::convert::Infallible>(())
        });
        Self(secret)
    }

    /// As [`Aes256Gcm::seal`].
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        buffer: &mut [u8],
    ) -> Result<[u8; TAG_LEN], CipherError> {
        let (inner, nonce) = self.for_message(nonce);
        inner.seal(&nonce, aad, buffer)
    }

    /// As [`Aes256Gcm::open`].
    pub(crate) fn open(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], sealed: &mut [u8]) -> Result<(), CipherError> {
        let (inner, nonce) = self.for_message(nonce);
        inner.open(&nonce, aad, sealed)
    }

    /// The message's key by `HChaCha20` over the first 16 bytes of the nonce, and four zeros before the last 8 as its nonce.
    fn for_message(&self, nonce: &[u8; NONCE_LEN]) -> (Inner, [u8; 12]) {
        // Both parts are there: the fallbacks are never taken, and spare panic paths.
        let head: [u8; 16] = nonce.first_chunk().copied().unwrap_or_default();
        let tail: [u8; 8] = nonce.last_chunk().copied().unwrap_or_default();
        let mut derived = hchacha::<R20>(self.0.expose().into(), &head.into());
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(derived.into());
        derived.as_mut_slice().zeroize();
        let mut inner_nonce = [0; 12];
        inner_nonce.iter_mut().skip(4).zip(tail).for_each(|(byte, tail)| *byte = tail);
        (Inner::new(&CHACHA20_POLY1305, &key), inner_nonce)
    }
}

/// A ready key. `None` if AWS-LC refused it, which it does for its length only: it then seals and opens nothing.
struct Inner(Option<LessSafeKey>);

impl Inner {
    fn new(algorithm: &'static Algorithm, key: &[u8; 32]) -> Self {
        Self(UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new))
    }

    fn seal(&self, nonce: &[u8; 12], aad: &[u8], buffer: &mut [u8]) -> Result<[u8; TAG_LEN], CipherError> {
        let key = self.0.as_ref().ok_or(CipherError)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), buffer).map_err(|_| CipherError)?;
        tag.as_ref().try_into().map_err(|_| CipherError)
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], sealed: &mut [u8]) -> Result<(), CipherError> {
        let key = self.0.as_ref().ok_or(CipherError)?;
        let (buffer, tag) = sealed.split_last_chunk_mut::<TAG_LEN>().ok_or(CipherError)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = key.open_in_place_separate_tag(nonce, Aad::from(aad), tag, buffer).is_ok();
        // What it decrypted before it came to the tag.
        if opened { Ok(()) } else { Err(CipherError).inspect_err(|_: &CipherError| buffer.zeroize()) }
    }
}
