//! Sealing: claims and payload in, text out.

use rand_core::TryCryptoRng;
use serde::Serialize;
use time::OffsetDateTime;
use zeroize::Zeroize;

use super::{Opened, Scratch, Sealer, aad::Aad, rings::Moment};
use crate::{
    crypto::{
        cipher::Cipher,
        cipher_ring::ReadyKey,
        context::Binding,
        random::{self, SysRng},
    },
    error::{SealError, SessionError},
    payload::{self, NotWritten},
    wire::{
        HEADER_LEN, MAX_COOKIE_LEN, TAG_LEN, base64url,
        claims::Claims,
        envelope::Header,
        plaintext::{Frame, Plaintext},
    },
};

/// A payload's length takes two bytes from here on: most do.
const TWO_BYTES: usize = 0x80;

impl Sealer {
    /// Seals a value as a token: text that can stand in a cookie or a URL as it is. The key is the one that seals at `now`.
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
        let fitting = self.encode_in_place(claims, value, scratch.token())?;
        let length = encrypt(&fitting, binding, self.look_at(now).sealing(None), scratch.token(), &mut SysRng)?;
        Ok(scratch.new_text(length))
    }

    /// As [`Sealer::seal_value`], with the text in the buffer at hand: nothing is allocated, but for a binding.
    ///
    /// # Errors
    /// As [`Sealer::seal_value`].
    pub fn seal_value_in<'s, T: Serialize + ?Sized>(
        &self,
        claims: &Claims,
        value: &T,
        binding: Binding<'_>,
        now: OffsetDateTime,
        scratch: &'s mut Scratch,
    ) -> Result<&'s str, SessionError> {
        let fitting = self.encode_in_place(claims, value, scratch.token())?;
        let length = encrypt(&fitting, binding, self.look_at(now).sealing(None), scratch.token(), &mut SysRng)?;
        Ok(scratch.text(length))
    }

    /// Seals payload bytes as a token. The key is the one that seals at `now`.
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
        let length = self.encrypt_plaintext(&plaintext, binding, &self.look_at(now), scratch.token(), &mut SysRng)?;
        Ok(scratch.new_text(length))
    }

    /// As [`Sealer::seal`], with the text in the buffer at hand: nothing is allocated, but for a binding.
    ///
    /// # Errors
    /// As [`Sealer::seal`].
    pub fn seal_in<'s>(
        &self,
        claims: &Claims,
        payload: &[u8],
        binding: Binding<'_>,
        now: OffsetDateTime,
        scratch: &'s mut Scratch,
    ) -> Result<&'s str, SealError> {
        self.seal_fresh(&Plaintext { claims, payload, extensions: &[] }, binding, &self.look_at(now), scratch)
    }

    /// Seals an opened token anew: the same session and payload, a new time of issue and expiry, under the key that seals at
    /// `now`. What the token carries for others is carried over. It takes a second buffer, since the token lies in its own.
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
        let length = self.encrypt_plaintext(&plaintext, binding, &self.look_at(now), scratch.token(), &mut SysRng)?;
        Ok(scratch.new_text(length))
    }

    /// Seals with a nonce of the operating system's; the text lies in the buffer at hand.
    pub(crate) fn seal_fresh<'s>(
        &self,
        plaintext: &Plaintext<'_>,
        binding: Binding<'_>,
        moment: &Moment,
        scratch: &'s mut Scratch,
    ) -> Result<&'s str, SealError> {
        let length = self.encrypt_plaintext(plaintext, binding, moment, scratch.token(), &mut SysRng)?;
        Ok(scratch.text(length))
    }

    /// As [`Sealer::seal_fresh`], for the other context at this place.
    pub(crate) fn seal_as<'s>(
        &self,
        context: usize,
        plaintext: &Plaintext<'_>,
        binding: Binding<'_>,
        moment: &Moment,
        scratch: &'s mut Scratch,
    ) -> Result<&'s str, SealError> {
        let token = scratch.token();
        let sized = self.placed(plaintext, token)?;
        let length = encrypt(&sized, binding, moment.sealing(Some(context)), token, &mut SysRng)?;
        Ok(scratch.text(length))
    }

    /// Makes a token's bytes, and returns how many they are. The nonce comes from `source`: the operating system's randomness,
    /// but for unit tests.
    pub(super) fn encrypt_plaintext(
        &self,
        plaintext: &Plaintext<'_>,
        binding: Binding<'_>,
        moment: &Moment,
        token: &mut [u8],
        source: &mut impl TryCryptoRng,
    ) -> Result<usize, SealError> {
        let sized = self.placed(plaintext, token)?;
        encrypt(&sized, binding, moment.sealing(None), token, source)
    }

    /// Puts the payload where it is to lie in the token.
    fn placed<'p>(&self, plaintext: &Plaintext<'p>, token: &mut [u8]) -> Result<Measured<'p>, SealError> {
        let sized = self.sized(plaintext.frame())?;
        let place = token.get_mut(HEADER_LEN.saturating_add(sized.frame.payload_start())..);
        let place = place.and_then(|place| place.get_mut(..plaintext.payload.len()));
        place.ok_or_else(|| sized.too_large())?.copy_from_slice(plaintext.payload);
        Ok(sized)
    }

    /// Encodes a value where it is to lie in the token. Where that fails or panics, nothing of it is left.
    fn encode_in_place<'c, T: Serialize + ?Sized>(
        &self,
        claims: &'c Claims,
        value: &T,
        token: &mut [u8],
    ) -> Result<Measured<'c>, SessionError> {
        let frame = Frame::new(claims, TWO_BYTES, &[]);
        let start = HEADER_LEN.saturating_add(frame.payload_start());
        let mut token = WipedUnlessKept { token, kept: false };
        let written = match payload::encode_to(value, token.token.get_mut(start..).unwrap_or_default()) {
            Ok(written) => written,
            Err(NotWritten::NoRoom(size)) => return Err(self.measured(frame.with_payload(size)).too_large().into()),
            Err(NotWritten::Refused(error)) => return Err(error),
        };
        let sized = self.sized(frame.with_payload(written))?;
        if written < TWO_BYTES {
            // Its length takes one byte less than was left for it.
            token.token.copy_within(start..start.saturating_add(written), start.saturating_sub(1));
        }
        token.kept = true;
        Ok(sized)
    }

    /// How many more bytes of payload would fit, where name and value may take `limit` bytes; browsers keep no more than 4096.
    pub(crate) fn bytes_left(&self, frame: &Frame<'_>, limit: usize) -> usize {
        let text = MAX_COOKIE_LEN.min(limit).saturating_sub(self.rings.name_len(None));
        let most = text.saturating_mul(3).saturating_div(4).saturating_sub(HEADER_LEN).saturating_sub(TAG_LEN);
        let most = most.saturating_sub(most.checked_rem(self.padding_block).unwrap_or(0));
        frame.payload_room(most)
    }

    /// Whether name and value stay within what browsers keep.
    pub(crate) fn check_size(&self, frame: &Frame<'_>) -> Result<(), SealError> {
        self.sized(*frame).map(drop)
    }

    fn sized<'f>(&self, frame: Frame<'f>) -> Result<Measured<'f>, SealError> {
        let measured = self.measured(frame);
        if measured.cookie_len > MAX_COOKIE_LEN { Err(measured.too_large()) } else { Ok(measured) }
    }

    fn measured<'f>(&self, frame: Frame<'f>) -> Measured<'f> {
        let padded_len = frame.padded_len(self.padding_block);
        let token_len = padded_len.saturating_add(HEADER_LEN).saturating_add(TAG_LEN);
        let cookie_len = base64url::encoded_len(token_len).saturating_add(self.rings.name_len(None));
        Measured { frame, padded_len, token_len, cookie_len }
    }
}

/// A token while a value is encoded in it: `Serialize` is the application's, and may panic.
struct WipedUnlessKept<'t> {
    token: &'t mut [u8],
    kept: bool,
}

impl Drop for WipedUnlessKept<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.token.zeroize();
        }
    }
}

/// A frame with the sizes of its token, which fits its cookie once that was checked.
struct Measured<'f> {
    frame: Frame<'f>,
    padded_len: usize,
    token_len: usize,
    /// Bytes of name and value.
    cookie_len: usize,
}

impl Measured<'_> {
    fn too_large(&self) -> SealError {
        SealError::TooLarge { size: self.cookie_len, limit: MAX_COOKIE_LEN }
    }
}

/// Makes the bytes of a token whose payload lies in its place, and returns how many they are. Where that fails, nothing of
/// the payload is left.
fn encrypt(
    sized: &Measured<'_>,
    binding: Binding<'_>,
    key: &ReadyKey,
    token: &mut [u8],
    source: &mut impl TryCryptoRng,
) -> Result<usize, SealError> {
    let nonce = random::bytes(source).inspect_err(|_| token.zeroize())?;
    let header = Header { suite: key.cipher.suite(), key_id: key.id, nonce };
    write_and_encrypt(sized, &header, binding, &key.cipher, token).ok_or_else(|| {
        // The size was checked, so this does not happen.
        token.zeroize();
        sized.too_large()
    })
}

/// The length of the token, whose payload lies in its place.
fn write_and_encrypt(
    sized: &Measured<'_>,
    header: &Header,
    binding: Binding<'_>,
    cipher: &Cipher,
    token: &mut [u8],
) -> Option<usize> {
    let header_bytes = header.bytes();
    let (front, rest) = token.split_first_chunk_mut()?;
    *front = header_bytes;
    let (body, rest) = rest.split_at_mut_checked(sized.padded_len)?;
    sized.frame.write_around(sized.padded_len, body)?;
    let aad = Aad::new(&header_bytes, binding);
    *rest.first_chunk_mut()? = cipher.seal(&header.nonce, aad.bytes(), body).ok()?;
    Some(sized.token_len)
}
