//! The two suites behind one face: seal and open bytes in place, with nonce and AAD.

use super::{
    engine::{Aes256Gcm, XChaCha20Poly1305},
    xaes::Xaes256Gcm,
};
use crate::wire::{NONCE_LEN, TAG_LEN, envelope::Suite};

pub(crate) use super::engine::CipherError;

/// A ready cipher. Boxed, so that moving it leaves no key schedule behind.
pub(crate) enum Cipher {
    Xaes256Gcm(Box<Xaes256Gcm>),
    XChaCha20Poly1305(Box<XChaCha20Poly1305>),
}

impl Cipher {
    pub(crate) fn new(suite: Suite, key: &[u8; 32]) -> Self {
        match suite {
            Suite::Xaes256Gcm => Self::Xaes256Gcm(Box::new(Xaes256Gcm::new(key))),
            Suite::XChaCha20Poly1305 => Self::XChaCha20Poly1305(Box::new(XChaCha20Poly1305::new(key))),
        }
    }

    pub(crate) fn suite(&self) -> Suite {
        match self {
            Self::Xaes256Gcm(_) => Suite::Xaes256Gcm,
            Self::XChaCha20Poly1305(_) => Suite::XChaCha20Poly1305,
        }
    }

    /// Encrypts `buffer` in place and returns the tag.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        buffer: &mut [u8],
    ) -> Result<[u8; TAG_LEN], CipherError> {
        match self {
            Self::Xaes256Gcm(cipher) => {
                let (head, tail) = halves(nonce);
                Aes256Gcm::new(&cipher.message_key(head)).seal(tail, aad, buffer)
            }
            Self::XChaCha20Poly1305(cipher) => cipher.seal(nonce, aad, buffer),
        }
    }

    /// Decrypts ciphertext and tag in place, if the tag fits. If not, the buffer holds nothing of the plaintext.
    pub(crate) fn open(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], sealed: &mut [u8]) -> Result<(), CipherError> {
        match self {
            Self::Xaes256Gcm(cipher) => {
                let (head, tail) = halves(nonce);
                Aes256Gcm::new(&cipher.message_key(head)).open(tail, aad, sealed)
            }
            Self::XChaCha20Poly1305(cipher) => cipher.open(nonce, aad, sealed),
        }
    }
}

/// The nonce's first half chooses the derived key, its second half is the inner nonce.
fn halves(nonce: &[u8; NONCE_LEN]) -> (&[u8; 12], &[u8; 12]) {
    const EMPTY: &[u8; 12] = &[0; 12];
    // Both halves are there: the fallback is never taken, and spares a panic path.
    (nonce.first_chunk().unwrap_or(EMPTY), nonce.last_chunk().unwrap_or(EMPTY))
}
