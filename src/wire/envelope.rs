//! The token's outer bytes (FORMAT.md, section 1): version and suite, key id, nonce, ciphertext, tag.

use super::{HEADER_LEN, MIN_TOKEN_LEN, NONCE_LEN, TAG_LEN};
use crate::{error::Refusal, id::KeyId};

const VERSION: u8 = 1;

/// How a token is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Suite {
    /// Suite 1, the default: XAES-256-GCM (C2SP).
    Xaes256Gcm,
    /// Suite 2, for hosts without AES hardware: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha).
    XChaCha20Poly1305,
}

impl Suite {
    /// The number in the token, as FORMAT.md gives it.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Xaes256Gcm => 1,
            Self::XChaCha20Poly1305 => 2,
        }
    }

    /// The suite of this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Xaes256Gcm),
            2 => Some(Self::XChaCha20Poly1305),
            _ => None,
        }
    }
}

/// The public front of a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) suite: Suite,
    pub(crate) key_id: KeyId,
    pub(crate) nonce: [u8; NONCE_LEN],
}

impl Header {
    /// The 29 bytes in front of the ciphertext, which are also the first of the AAD.
    pub(crate) fn bytes(&self) -> [u8; HEADER_LEN] {
        let [k0, k1, k2, k3] = self.key_id.0;
        let front = [(VERSION << 4) | self.suite.number(), k0, k1, k2, k3];
        let mut bytes = [0; HEADER_LEN];
        if let Some((places, nonce)) = bytes.split_first_chunk_mut() {
            *places = front;
            nonce.copy_from_slice(&self.nonce);
        }
        bytes
    }
}

/// A token cut into its parts; what is sealed is opened where it lies.
pub(crate) struct Envelope<'a> {
    pub(crate) header: Header,
    /// The header as it stands in the token, for the AAD.
    pub(crate) header_bytes: &'a [u8; HEADER_LEN],
    /// Ciphertext and tag.
    pub(crate) sealed: &'a mut [u8],
}

impl<'a> Envelope<'a> {
    /// Steps 2 (no bytes) and 3 of opening.
    pub(crate) fn parse(token: &'a mut [u8]) -> Result<Self, Refusal> {
        let first = *token.first().ok_or(Refusal::TooShort)?;
        if first >> 4 != VERSION {
            return Err(Refusal::Version);
        }
        let suite = Suite::from_number(first & 0x0f).ok_or(Refusal::Suite)?;
        if token.len() < MIN_TOKEN_LEN {
            return Err(Refusal::TooShort);
        }
        Self::cut(suite, token).ok_or(Refusal::TooShort)
    }

    fn cut(suite: Suite, token: &'a mut [u8]) -> Option<Self> {
        let (header_bytes, sealed) = token.split_first_chunk_mut::<HEADER_LEN>()?;
        let header_bytes = &*header_bytes;
        let (_, named) = header_bytes.split_first()?;
        let (key_id, nonce) = named.split_first_chunk()?;
        let header = Header { suite, key_id: KeyId(*key_id), nonce: *nonce.first_chunk()? };
        Some(Self { header, header_bytes, sealed })
    }

    /// Bytes of the ciphertext.
    pub(crate) fn ciphertext_len(&self) -> usize {
        self.sealed.len().saturating_sub(TAG_LEN)
    }
}
