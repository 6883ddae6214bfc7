//! The default: `aes-gcm` and `chacha20poly1305`.

use aes_gcm::aead::{AeadInOut, KeyInit};

use super::CipherError;
use crate::wire::{NONCE_LEN, TAG_LEN};

/// AES-256-GCM with a key that serves one message. Wiped on drop.
pub(crate) struct Aes256Gcm(aes_gcm::Aes256Gcm);

impl Aes256Gcm {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(aes_gcm::Aes256Gcm::new(key.into()))
    }

    /// Encrypts `buffer` in place and returns the tag.
    pub(crate) fn seal(&self, nonce: &[u8; 12], aad: &[u8], buffer: &mut [u8]) -> Result<[u8; TAG_LEN], CipherError> {
        let tag = self.0.encrypt_inout_detached(nonce.into(), aad, buffer.into());
        tag.map(Into::into).map_err(|_| CipherError)
    }

    /// Decrypts ciphertext and tag in place, if the tag fits. If not, the buffer holds nothing of the plaintext.
    pub(crate) fn open(&self, nonce: &[u8; 12], aad: &[u8], sealed: &mut [u8]) -> Result<(), CipherError> {
        let (buffer, tag) = sealed.split_last_chunk_mut::<TAG_LEN>().ok_or(CipherError)?;
        self.0.decrypt_inout_detached(nonce.into(), aad, buffer.into(), (&*tag).into()).map_err(|_| CipherError)
    }
}

/// XChaCha20-Poly1305 with a key that is kept. Wiped on drop.
pub(crate) struct XChaCha20Poly1305(chacha20poly1305::XChaCha20Poly1305);

impl XChaCha20Poly1305 {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(chacha20poly1305::XChaCha20Poly1305::new(key.into()))
    }

    /// As [`Aes256Gcm::seal`].
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        buffer: &mut [u8],
    ) -> Result<[u8; TAG_LEN], CipherError> {
        let tag = self.0.encrypt_inout_detached(nonce.into(), aad, buffer.into());
        tag.map(Into::into).map_err(|_| CipherError)
    }

    /// As [`Aes256Gcm::open`].
    pub(crate) fn open(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], sealed: &mut [u8]) -> Result<(), CipherError> {
        let (buffer, tag) = sealed.split_last_chunk_mut::<TAG_LEN>().ok_or(CipherError)?;
        self.0.decrypt_inout_detached(nonce.into(), aad, buffer.into(), (&*tag).into()).map_err(|_| CipherError)
    }
}
