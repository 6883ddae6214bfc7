//! Opening: text in, claims and payload out, by the steps of FORMAT.md, section 5.

use time::OffsetDateTime;
use zeroize::Zeroize;

use super::{Opened, Scratch, Sealer, aad::Aad};
use crate::{
    clock::unix_seconds,
    crypto::context::Binding,
    error::Refusal,
    id::KeyId,
    wire::{MAX_COOKIE_LEN, base64url, envelope::Envelope, plaintext::Layout},
};

impl Sealer {
    /// Opens a token: steps 1 to 9 of FORMAT.md, section 5. Allocates nothing, but for a
    /// binding.
    ///
    /// # Errors
    /// A [`Refusal`] per step. The client must not learn which.
    pub fn open<'s>(
        &self,
        token: impl AsRef<[u8]>,
        binding: Binding<'_>,
        now: OffsetDateTime,
        scratch: &'s mut Scratch,
    ) -> Result<Opened<'s>, Refusal> {
        self.open_at(token.as_ref(), binding, unix_seconds(now), scratch)
    }

    pub(crate) fn open_at<'s>(
        &self,
        token: &[u8],
        binding: Binding<'_>,
        now: u64,
        scratch: &'s mut Scratch,
    ) -> Result<Opened<'s>, Refusal> {
        // Step 1.
        if token.len().saturating_add(self.name_len) > MAX_COOKIE_LEN {
            return Err(Refusal::TooLong);
        }
        // Step 2.
        let bytes = scratch.buffer();
        base64url::decode_into(token, bytes).ok_or(Refusal::Encoding)?;
        // Step 3.
        let Envelope { header, header_bytes, ciphertext, tag } = Envelope::parse(bytes)?;
        // Step 4: exactly one key is tried.
        let cipher = self.ciphers.find(header.key_id).ok_or(Refusal::UnknownKey)?;
        if cipher.suite() != header.suite {
            return Err(Refusal::Authentication);
        }
        // Step 5.
        let aad = Aad::new(header_bytes, binding);
        cipher.open(&header.nonce, aad.bytes(), ciphertext, tag).map_err(|_| Refusal::Authentication)?;
        // Steps 6 to 9.
        let layout = self.admit(ciphertext, now).inspect_err(|_| ciphertext.zeroize())?;
        let renewal_due = self.ciphers.primary().0 != header.key_id || self.policy.renewal_due(&layout.claims, now);
        Ok(Opened::new(ciphertext, layout, header.key_id, renewal_due))
    }

    /// The key that a token names, if it is one of the ring's. Nothing is checked.
    pub(crate) fn known_key(&self, token: &[u8]) -> Option<KeyId> {
        // Version, suite and key id are five bytes: the first seven characters hold them.
        let mut bytes = Vec::with_capacity(6);
        base64url::decode_into(token.get(..8)?, &mut bytes)?;
        let key_id = KeyId(*bytes.get(1..5)?.first_chunk()?);
        self.ciphers.find(key_id).map(|_| key_id)
    }

    fn admit(&self, plaintext: &[u8], now: u64) -> Result<Layout, Refusal> {
        let layout = Layout::parse(plaintext)?;
        self.policy.admit(&layout.claims, now, self.cut_off_seconds())?;
        Ok(layout)
    }
}
