//! Opening: text in, claims and payload out, by the steps of FORMAT.md, section 5.

use time::OffsetDateTime;
use zeroize::Zeroize;

use super::{Opened, Scratch, Sealer, aad::Aad, rings::Moment};
use crate::{
    clock::unix_seconds,
    crypto::{
        cipher_ring::{CipherRing, ReadyKey},
        context::Binding,
        schedule::KeyState,
    },
    error::Refusal,
    id::KeyId,
    wire::{
        MAX_COOKIE_LEN, base64url,
        claims::Claims,
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
        self.open_at(token, binding, unix_seconds(now), scratch)
    }

    /// As [`Sealer::open`], with `now` in unix seconds: the format's times, which end at 2^40, reach past the year 9999, where
    /// those of [`OffsetDateTime`] end.
    ///
    /// # Errors
    /// As [`Sealer::open`].
    pub fn open_at<'s>(
        &self,
        token: impl AsRef<[u8]>,
        binding: Binding<'_>,
        now: u64,
        scratch: &'s mut Scratch,
    ) -> Result<Opened<'s>, Refusal> {
        self.open_as(None, &self.rings.look_at(now), token.as_ref(), binding, now, scratch)
            .map_err(|denied| denied.refusal)
    }

    /// Opens a token of the present context, or of the other one at this place, by the keys in force at this moment.
    pub(crate) fn open_as<'s>(
        &self,
        context: Option<usize>,
        moment: &Moment,
        token: &[u8],
        binding: Binding<'_>,
        now: u64,
        scratch: &'s mut Scratch,
    ) -> Result<Opened<'s>, Denied> {
        self.open_by(context, moment, token, binding, now, scratch, |plaintext| self.admit(plaintext, now))
    }

    /// Opens a token of the other context at this place whose end was fixed when it was sealed: no timeout and no cut-off applies,
    /// only its own times and the skew.
    pub(crate) fn open_fixed<'s>(
        &self,
        context: usize,
        moment: &Moment,
        token: &[u8],
        binding: Binding<'_>,
        now: u64,
        scratch: &'s mut Scratch,
    ) -> Result<Opened<'s>, Denied> {
        let admit = |plaintext: &[u8]| {
            let layout = Layout::parse(plaintext, false)?;
            match self.policy.admit_fixed(&layout.claims, now) {
                Ok(()) => Ok(layout),
                Err(refusal) => Err(Denied { refusal, claims: Some(layout.claims) }),
            }
        };
        self.open_by(Some(context), moment, token, binding, now, scratch, admit)
    }

    #[allow(clippy::too_many_arguments, reason = "those of its two callers, and what admits")]
    fn open_by<'s>(
        &self,
        context: Option<usize>,
        moment: &Moment,
        token: &[u8],
        binding: Binding<'_>,
        now: u64,
        scratch: &'s mut Scratch,
        admit: impl FnOnce(&[u8]) -> Result<Layout, Denied>,
    ) -> Result<Opened<'s>, Denied> {
        // Step 1.
        if token.len().saturating_add(self.rings.name_len(context)) > MAX_COOKIE_LEN {
            return Err(Refusal::TooLong.into());
        }
        // Step 2.
        let bytes = base64url::decode_to(token, scratch.token()).ok_or(Refusal::Encoding)?;
        // Step 3.
        let envelope = Envelope::parse(bytes)?;
        let ciphertext_len = envelope.ciphertext_len();
        let Envelope { header, header_bytes, sealed } = envelope;
        // Step 4: exactly one key is tried.
        let ring = moment.ring_of(context);
        let (key, state) = usable(ring, &header, moment)?;
        // Step 5.
        let aad = Aad::new(header_bytes, binding);
        key.cipher.open(&header.nonce, aad.bytes(), sealed).map_err(|_| Refusal::Authentication)?;
        // Steps 6 to 9.
        let plaintext = sealed.get_mut(..ciphertext_len).unwrap_or_default();
        let layout = admit(plaintext).inspect_err(|_| plaintext.zeroize())?;
        // A key that does not seal yet is no reason to seal anew, for on another node it may.
        let due = state == KeyState::Retiring || self.policy.renewal_due(&layout.claims, now);
        let renewal_due = due && !moment.in_doubt;
        Ok(Opened::new(plaintext, layout, header.key_id, renewal_due))
    }

    fn admit(&self, plaintext: &[u8], now: u64) -> Result<Layout, Denied> {
        let layout = Layout::parse(plaintext, self.reads_device_keys)?;
        match self.policy.admit(&layout.claims, now, self.cut_off_seconds()) {
            Ok(()) => Ok(layout),
            Err(refusal) => Err(Denied { refusal, claims: Some(layout.claims) }),
        }
    }
}

/// A token that does not open, with its claims if it is authentic: a session that is over still has a name.
pub(crate) struct Denied {
    pub(crate) refusal: Refusal,
    pub(crate) claims: Option<Claims>,
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, claims: None }
    }
}

impl Moment {
    /// The key that a token names, if it is one of the ring's. Nothing is checked.
    pub(crate) fn known_key(&self, token: &[u8]) -> Option<KeyId> {
        let key_id = key_id_of(token)?;
        self.ring().find(key_id).map(|key| key.id)
    }
}

/// Step 4: the key that the header names, if it opens now and is of the header's suite.
fn usable<'r>(ring: &'r CipherRing, header: &Header, moment: &Moment) -> Result<(&'r ReadyKey, KeyState), Refusal> {
    let key = ring.find(header.key_id).ok_or(Refusal::UnknownKey)?;
    let state = ring.state(key, moment.now);
    if !state.opens() {
        // By the clock it has not gone: either that was set back, or it was wrong for long.
        let by_the_clock = ring.state(key, moment.reading).opens();
        return Err(if by_the_clock { Refusal::ClockSetBack } else { Refusal::KeyNotUsable });
    }
    if key.cipher.suite() == header.suite { Ok((key, state)) } else { Err(Refusal::Authentication) }
}

/// The key id that a token names. Nothing is checked.
fn key_id_of(token: &[u8]) -> Option<KeyId> {
    // Version, suite and key id are five bytes: the first seven characters hold them.
    let mut bytes = Vec::with_capacity(6);
    base64url::decode_into(token.get(..8)?, &mut bytes)?;
    Some(KeyId(*bytes.get(1..5)?.first_chunk()?))
}
