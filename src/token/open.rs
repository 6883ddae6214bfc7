//! Opening: text in, claims and payload out, by the steps of FORMAT.md, section 5.

use time::OffsetDateTime;
use zeroize::Zeroize;

use super::{Opened, Scratch, Sealer, aad::Aad, rings::Moment};
use crate::{
    clock::unix_seconds,
    crypto::{
        cipher_ring::{CipherRing, ReadyKey},
        context::Binding,
    },
    error::Refusal,
    id::KeyId,
    wire::{
        MAX_COOKIE_LEN, base64url,
        envelope::{Envelope, Header},
        plaintext::Layout,
    },
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
        self.open_as(None, &self.rings.moment(now), token, binding, now, scratch)
    }

    /// Opens a token of the present cookie name, or of the former one at this place, by the keys in force at this moment.
    pub(crate) fn open_as<'s>(
        &self,
        former: Option<usize>,
        moment: &Moment,
        token: &[u8],
        binding: Binding<'_>,
        now: u64,
        scratch: &'s mut Scratch,
    ) -> Result<Opened<'s>, Refusal> {
        // Step 1.
        if token.len().saturating_add(self.rings.name_len(former)) > MAX_COOKIE_LEN {
            return Err(Refusal::TooLong);
        }
        // Step 2.
        let bytes = scratch.buffer();
        base64url::decode_into(token, bytes).ok_or(Refusal::Encoding)?;
        // Step 3.
        let Envelope { header, header_bytes, ciphertext, tag } = Envelope::parse(bytes)?;
        // Step 4: exactly one key is tried.
        let ring = moment.ring_of(former);
        let key = usable(ring, &header, moment.now)?;
        // Step 5.
        let aad = Aad::new(header_bytes, binding);
        key.cipher.open(&header.nonce, aad.bytes(), ciphertext, tag).map_err(|_| Refusal::Authentication)?;
        // Steps 6 to 9.
        let layout = self.admit(ciphertext, now).inspect_err(|_| ciphertext.zeroize())?;
        let renewal_due = ring.is_stale(key, moment.now) || self.policy.renewal_due(&layout.claims, now);
        Ok(Opened::new(ciphertext, layout, header.key_id, renewal_due))
    }

    fn admit(&self, plaintext: &[u8], now: u64) -> Result<Layout, Refusal> {
        let layout = Layout::parse(plaintext)?;
        self.policy.admit(&layout.claims, now, self.cut_off_seconds())?;
        Ok(layout)
    }
}

/// Step 4: the key that the header names, if it opens now and is of the header's suite.
fn usable<'r>(ring: &'r CipherRing, header: &Header, now: u64) -> Result<&'r ReadyKey, Refusal> {
    let key = ring.find(header.key_id).ok_or(Refusal::UnknownKey)?;
    if !ring.opens(key, now) {
        return Err(Refusal::KeyNotUsable);
    }
    if key.cipher.suite() == header.suite { Ok(key) } else { Err(Refusal::Authentication) }
}

/// The key id that a token names. Nothing is checked.
pub(super) fn key_id_of(token: &[u8]) -> Option<KeyId> {
    // Version, suite and key id are five bytes: the first seven characters hold them.
    let mut bytes = Vec::with_capacity(6);
    base64url::decode_into(token.get(..8)?, &mut bytes)?;
    Some(KeyId(*bytes.get(1..5)?.first_chunk()?))
}
