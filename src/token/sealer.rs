//! Seal and open (FORMAT.md, section 5), over `wire` and `crypto`.

use rand_core::TryCryptoRng;
use serde::Serialize;
use time::OffsetDateTime;
use zeroize::Zeroize;

use super::{Opened, Policy, Scratch};
use crate::{
    clock::unix_seconds,
    crypto::{
        cipher_ring::CipherRing,
        context::{Binding, Context},
        keyring::Keyring,
        random::{self, SysRng},
    },
    error::{ConfigError, RandomError, Refusal, SealError, SessionError},
    id::{KeyId, SessionId},
    payload,
    wire::{
        HEADER_LEN, MAX_COOKIE_LEN, TAG_LEN, base64url,
        claims::Claims,
        envelope::{Envelope, Header},
        plaintext::{Layout, Plaintext},
    },
};

const DEFAULT_PADDING_BLOCK: usize = 16;
const MAX_PADDING_BLOCK: usize = 1024;

/// Seals and opens tokens for one cookie name and purpose.
///
/// The level below sessions: text in, claims and payload out. Keys are derived and their schedules expanded here, once.
#[derive(Debug)]
pub struct Sealer {
    ciphers: CipherRing,
    policy: Policy,
    name_len: usize,
    padding_block: usize,
}

impl Sealer {
    /// A sealer for this context.
    ///
    /// # Errors
    /// [`ConfigError::Timeout`] if the policy does not fit together.
    pub fn new(keyring: &Keyring, context: &Context, policy: Policy) -> Result<Self, ConfigError> {
        policy.check()?;
        Ok(Self {
            ciphers: CipherRing::new(keyring, context),
            policy,
            name_len: context.cookie_name().len(),
            padding_block: DEFAULT_PADDING_BLOCK,
        })
    }

    /// Pads the plaintext to a multiple of this many bytes, 1 (no padding) to 1024, so that the token's length says less
    /// about its content. 16 by default; any number opens.
    ///
    /// # Errors
    /// [`ConfigError::PaddingBlock`] for any other number.
    pub fn padding_block(mut self, block: usize) -> Result<Self, ConfigError> {
        if !(1..=MAX_PADDING_BLOCK).contains(&block) {
            return Err(ConfigError::PaddingBlock { block });
        }
        self.padding_block = block;
        Ok(self)
    }

    /// The claims of a session that begins now, with a new id.
    ///
    /// # Errors
    /// [`SealError::Random`], or [`SealError::TimeOutOfRange`] if the clock is.
    pub fn begin(&self, schema: u16, remembered: bool, now: OffsetDateTime) -> Result<Claims, SealError> {
        self.begin_as(Self::new_session_id()?, schema, remembered, now)
    }

    /// The claims of a session that begins now under this id.
    pub(crate) fn begin_as(
        &self,
        session_id: SessionId,
        schema: u16,
        remembered: bool,
        now: OffsetDateTime,
    ) -> Result<Claims, SealError> {
        let unset = Claims { remembered, schema, created_at: 0, ends_at: 0, issued_at: 0, expires_at: 0, session_id };
        self.policy.begin(unset, unix_seconds(now))
    }

    /// The id of the key that seals.
    #[must_use]
    pub fn primary(&self) -> KeyId {
        self.ciphers.primary().0
    }

    /// The claims of a token sealed now for a session that goes on: the same session, a new time of issue and expiry.
    ///
    /// # Errors
    /// [`SealError::Over`] if the session has ended.
    pub fn reissue(&self, claims: &Claims, now: OffsetDateTime) -> Result<Claims, SealError> {
        self.policy.reissue(*claims, unix_seconds(now))
    }

    /// A random session id.
    pub(crate) fn new_session_id() -> Result<SessionId, RandomError> {
        Ok(SessionId(random::bytes(&mut SysRng)?))
    }

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
        scratch: &mut Scratch,
    ) -> Result<String, SessionError> {
        Ok(self.seal(claims, &payload::encode(value)?, binding, scratch)?)
    }

    /// Seals payload bytes as a token.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] if name and value would exceed 4096 bytes; [`SealError::Random`].
    pub fn seal(
        &self,
        claims: &Claims,
        payload: &[u8],
        binding: Binding<'_>,
        scratch: &mut Scratch,
    ) -> Result<String, SealError> {
        let plaintext = Plaintext { claims, payload, extensions: &[] };
        self.seal_fresh(&plaintext, binding, scratch)
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
        let plaintext = Plaintext { claims: &claims, payload: opened.payload(), extensions: opened.extensions() };
        self.seal_fresh(&plaintext, binding, scratch)
    }

    /// Seals with a nonce of the operating system's.
    pub(crate) fn seal_fresh(
        &self,
        plaintext: &Plaintext<'_>,
        binding: Binding<'_>,
        scratch: &mut Scratch,
    ) -> Result<String, SealError> {
        self.seal_plaintext(plaintext, binding, scratch, &mut SysRng)
    }

    /// Seals with a nonce from `source`: the operating system's randomness, but for unit tests.
    pub(crate) fn seal_plaintext(
        &self,
        plaintext: &Plaintext<'_>,
        binding: Binding<'_>,
        scratch: &mut Scratch,
        source: &mut impl TryCryptoRng,
    ) -> Result<String, SealError> {
        self.check_size(plaintext)?;
        let (key_id, cipher) = self.ciphers.primary();
        let header = Header { suite: cipher.suite(), key_id: *key_id, nonce: random::bytes(source)? };
        let token = scratch.buffer();
        header.write(token);
        let aad = Aad::new(token, binding);
        plaintext.write(self.padding_block, token);
        let body = token.get_mut(HEADER_LEN..).unwrap_or_default();
        // The cipher's own limit of 64 GiB is far away; its error has no better name.
        let too_large = SealError::TooLarge { size: body.len(), limit: MAX_COOKIE_LEN };
        let tag = cipher.seal(&header.nonce, aad.bytes(), body).map_err(|_| too_large)?;
        token.extend_from_slice(&tag);
        let mut text = Vec::with_capacity(base64url::encoded_len(token.len()));
        base64url::encode_into(token, &mut text);
        // base64url is ASCII.
        Ok(String::from_utf8(text).unwrap_or_default())
    }

    /// Whether name and value stay within what browsers keep.
    pub(crate) fn check_size(&self, plaintext: &Plaintext<'_>) -> Result<(), SealError> {
        let token_len = plaintext.written_len(self.padding_block).saturating_add(HEADER_LEN).saturating_add(TAG_LEN);
        let size = base64url::encoded_len(token_len).saturating_add(self.name_len);
        if size > MAX_COOKIE_LEN { Err(SealError::TooLarge { size, limit: MAX_COOKIE_LEN }) } else { Ok(()) }
    }

    /// Opens a token: steps 1 to 9 of FORMAT.md, section 5. Allocates nothing.
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

    fn admit(&self, plaintext: &[u8], now: u64) -> Result<Layout, Refusal> {
        let layout = Layout::parse(plaintext)?;
        self.policy.admit(&layout.claims, now)?;
        Ok(layout)
    }
}

/// The additional authenticated data (FORMAT.md, section 4): the header, then the binding with its length.
enum Aad {
    Unbound([u8; HEADER_LEN + 2]),
    Bound(Vec<u8>),
}

impl Aad {
    fn new(header: &[u8], binding: Binding<'_>) -> Self {
        let binding = binding.bytes();
        let length = u16::try_from(binding.len()).unwrap_or(u16::MAX).to_be_bytes();
        if binding.is_empty() {
            let mut aad = [0; HEADER_LEN + 2];
            aad.iter_mut().zip(header).for_each(|(byte, header)| *byte = *header);
            Self::Unbound(aad)
        } else {
            Self::Bound([header, &length, binding].concat())
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Unbound(bytes) => bytes,
            Self::Bound(bytes) => bytes,
        }
    }
}
