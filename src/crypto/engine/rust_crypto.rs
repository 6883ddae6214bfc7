//! The default: `aes-gcm` and `chacha20poly1305`.

use aes::{Aes256Enc, cipher::consts::U12};
use aes_gcm::{
    AesGcm,
    aead::{AeadInOut, KeyInit},
};

use super::CipherError;
use crate::wire::{NONCE_LEN, TAG_LEN};

/// AES-256-GCM with keys that serve one message each. GCM never decrypts a block, so half of the schedule does; and it is only
/// borrowed, since moving it costs, and leaves a copy behind.
pub(crate) enum Aes256Gcm {}

impl Aes256Gcm {
    /// Encrypts `buffer` in place and returns the tag.
    pub(crate) fn seal(
        key: &[u8; 32],
        nonce: &[u8; 12],
        aad: &[u8],
        buffer: &mut [u8],
    ) -> Result<[u8; TAG_LEN], CipherError> {
        let schedule = Aes256Enc::new(key.into());
        let tag = ready(&schedule).encrypt_inout_detached(nonce.into(), aad, buffer.into());
        tag.map(Into::into).map_err(|_| CipherError)
    }

    /// Decrypts ciphertext and tag in place, if the tag fits. If not, the buffer holds nothing of the plaintext.
    pub(crate) fn open(key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], sealed: &mut [u8]) -> Result<(), CipherError> {
        let (buffer, tag) = sealed.split_last_chunk_mut::<TAG_LEN>().ok_or(CipherError)?;
        let schedule = Aes256Enc::new(key.into());
        let opened = ready(&schedule).decrypt_inout_detached(nonce.into(), aad, buffer.into(), (&*tag).into());
        opened.map_err(|_| CipherError)
    }
}

fn ready(schedule: &Aes256Enc) -> AesGcm<&Aes256Enc, U12> {
    schedule.into()
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
