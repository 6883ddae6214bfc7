//! What anybody can read of a token, without a key.

use super::Scratch;
use crate::{
    error::Refusal,
    id::KeyId,
    wire::{
        MAX_COOKIE_LEN, NONCE_LEN, base64url,
        envelope::{Envelope, Header, Suite},
    },
};

/// The public front of a token: what its bytes say without a key, and nothing of it authenticated.
#[derive(Clone, Copy, Debug)]
pub struct TokenHeader {
    header: Header,
    ciphertext_len: usize,
}

impl TokenHeader {
    /// Reads it: steps 1 to 3 of FORMAT.md, section 5, for a token without a name.
    ///
    /// # Errors
    /// [`Refusal::TooLong`], [`Refusal::Encoding`], [`Refusal::TooShort`], [`Refusal::Version`], [`Refusal::Suite`].
    pub fn read(token: impl AsRef<[u8]>) -> Result<Self, Refusal> {
        let token = token.as_ref();
        if token.len() > MAX_COOKIE_LEN {
            return Err(Refusal::TooLong);
        }
        let mut scratch = Scratch::new();
        let bytes = base64url::decode_to(token, scratch.token()).ok_or(Refusal::Encoding)?;
        let envelope = Envelope::parse(bytes)?;
        Ok(Self { header: envelope.header, ciphertext_len: envelope.ciphertext_len() })
    }

    /// How it is sealed.
    #[must_use]
    pub fn suite(&self) -> Suite {
        self.header.suite
    }

    /// The key that it names.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.header.key_id
    }

    /// Its nonce.
    #[must_use]
    pub fn nonce(&self) -> &[u8; NONCE_LEN] {
        &self.header.nonce
    }

    /// Bytes of its ciphertext: claims, payload and padding.
    #[must_use]
    pub fn ciphertext_len(&self) -> usize {
        self.ciphertext_len
    }
}
