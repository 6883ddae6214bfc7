//! Sealing: claims and payload in, text out.

use rand_core::TryCryptoRng;
use serde::Serialize;
use time::OffsetDateTime;

use super::{Opened, Scratch, Sealer, aad::Aad, rings::Moment};
use crate::{
    crypto::{
        context::Binding,
        random::{self, SysRng},
    },
    error::{SealError, SessionError},
    payload,
    wire::{HEADER_LEN, MAX_COOKIE_LEN, TAG_LEN, base64url, claims::Claims, envelope::Header, plaintext::Plaintext},
};

impl Sealer {
    /// Seals a value as a token: text that can stand in a cookie or a URL as it is.
    ///
    /// # Errors
    /// [`SessionError::Encode`] if postcard cannot encode it, [`SessionError::NotReadable`] if a field is left out, and what
    /// [`Sealer::seal`] returns.
    pub fn seal_value<T: Serialize + ?Sized>(
        &self,
        claims: &Claims,
        value: &T,
        binding: Binding<'_>,
        now: OffsetDateTime,
        scratch: &mut Scratch,
    ) -> Result<String, SessionError> {
        Ok(self.seal(claims, &payload::encode(value)?, binding, now, scratch)?)
    }

    /// Seals payload bytes as a token, under the key that seals at `now`.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] if name and value would exceed 4096 bytes; [`SealError::Random`].
    pub fn seal(
        &self,
        claims: &Claims,
        payload: &[u8],
        binding: Binding<'_>,
        now: OffsetDateTime,
        scratch: &mut Scratch,
    ) -> Result<String, SealError> {
        let plaintext = Plaintext { claims, payload, extensions: &[] };
        self.seal_fresh(&plaintext, binding, &self.moment(now), scratch)
    }

    /// Seals an opened token anew: the same session and payload, a new time of issue and expiry, under the primary key.
    /// What the token carries for others is carried over. It takes a second buffer, since the token lies in its own.
    ///
    /// # Errors
    /// [`SealError::Over`] if the session has ended, and what [`Sealer::seal`] returns.
    pub fn renew(
        &self,
        opened: &Opened<'_>,
        binding: Binding<'_>,
        now: OffsetDateTime,
        scratch: &mut Scratch,
    ) -> Result<String, SealError> {
        let claims = self.reissue(opened.claims(), now)?;
        let plaintext = Plaintext { claims: &claims, payload: opened.payload(), extensions: opened.extension_block() };
        self.seal_fresh(&plaintext, binding, &self.moment(now), scratch)
    }

    /// Seals with a nonce of the operating system's.
    pub(crate) fn seal_fresh(
        &self,
        plaintext: &Plaintext<'_>,
        binding: Binding<'_>,
        moment: &Moment,
        scratch: &mut Scratch,
    ) -> Result<String, SealError> {
        self.seal_plaintext(plaintext, binding, moment, scratch, &mut SysRng)
    }

    /// Seals with a nonce from `source`: the operating system's randomness, but for unit tests.
    pub(crate) fn seal_plaintext(
        &self,
        plaintext: &Plaintext<'_>,
        binding: Binding<'_>,
        moment: &Moment,
        scratch: &mut Scratch,
        source: &mut impl TryCryptoRng,
    ) -> Result<String, SealError> {
        self.check_size(plaintext)?;
        let key = moment.ring().sealing(moment.now);
        let header = Header { suite: key.cipher.suite(), key_id: key.id, nonce: random::bytes(source)? };
        let token = scratch.buffer();
        header.write(token);
        let aad = Aad::new(token, binding);
        plaintext.write(self.padding_block, token);
        let body = token.get_mut(HEADER_LEN..).unwrap_or_default();
        // The cipher's own limit of 64 GiB is far away; its error has no better name.
        let too_large = SealError::TooLarge { size: body.len(), limit: MAX_COOKIE_LEN };
        let tag = key.cipher.seal(&header.nonce, aad.bytes(), body).map_err(|_| too_large)?;
        token.extend_from_slice(&tag);
        let mut text = Vec::with_capacity(base64url::encoded_len(token.len()));
        base64url::encode_into(token, &mut text);
        // base64url is ASCII.
        Ok(String::from_utf8(text).unwrap_or_default())
    }

    /// How many more bytes of payload would fit.
    pub(crate) fn bytes_left(&self, plaintext: &Plaintext<'_>) -> usize {
        let text = MAX_COOKIE_LEN.saturating_sub(self.rings.name_len(None));
        let most = text.saturating_mul(3).saturating_div(4).saturating_sub(HEADER_LEN).saturating_sub(TAG_LEN);
        let most = most.saturating_sub(most.checked_rem(self.padding_block).unwrap_or(0));
        plaintext.payload_room(most)
    }

    /// Whether name and value stay within what browsers keep.
    pub(crate) fn check_size(&self, plaintext: &Plaintext<'_>) -> Result<(), SealError> {
        let token_len = plaintext.written_len(self.padding_block).saturating_add(HEADER_LEN).saturating_add(TAG_LEN);
        let size = base64url::encoded_len(token_len).saturating_add(self.rings.name_len(None));
        if size > MAX_COOKIE_LEN { Err(SealError::TooLarge { size, limit: MAX_COOKIE_LEN }) } else { Ok(()) }
    }
}
