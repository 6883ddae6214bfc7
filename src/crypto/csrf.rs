//! Tokens for forms (docs/CSRF.md): which session a form was written for, masked anew for every response.

use core::fmt;

use hmac::{Hmac, Mac};
use rand_core::TryCryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{hasher, random};
use crate::{error::RandomError, id::SessionId, wire::base64url};

const MAC_LEN: usize = 16;
const TEXT_LEN: usize = base64url::encoded_len(2 * MAC_LEN);

/// HMAC-SHA256 under the key of its own that docs/CSRF.md derives, set up once. Boxed, so that moving it leaves no copy.
pub(super) struct CsrfKey(Box<Hmac<Sha256>>);

impl CsrfKey {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(Box::new(hasher::keyed(key)))
    }

    /// A token for this session, under a fresh mask.
    pub(super) fn token(&self, session: SessionId, source: &mut impl TryCryptoRng) -> Result<CsrfToken, RandomError> {
        let mask = random::bytes(source)?;
        let masked = xor(&mask, &self.mac(session));
        let mut text = Zeroizing::new(Vec::with_capacity(TEXT_LEN));
        base64url::encode_secret_into([mask, masked].as_flattened(), &mut text);
        Ok(CsrfToken(text))
    }

    /// Whether the token is this session's, under any of these keys: all are tried, whichever fits.
    pub(super) fn any_fits<'a>(keys: impl Iterator<Item = &'a Self>, session: SessionId, token: &str) -> bool {
        let Some(mac) = unmasked(token) else { return false };
        keys.fold(false, |fits, key| fits | key.fits(session, &mac))
    }

    fn mac(&self, session: SessionId) -> Zeroizing<[u8; MAC_LEN]> {
        let full: Zeroizing<[u8; 32]> = Zeroizing::new(self.over(session).finalize().into_bytes().into());
        // It is there: the fallback is never taken, and spares a panic path.
        Zeroizing::new(full.first_chunk().copied().unwrap_or_default())
    }

    /// Compares in constant time.
    fn fits(&self, session: SessionId, mac: &[u8; MAC_LEN]) -> bool {
        self.over(session).verify_truncated_left(mac).is_ok()
    }

    fn over(&self, session: SessionId) -> Hmac<Sha256> {
        (*self.0).clone().chain_update(session.as_bytes())
    }
}

/// What a token's text says the code is. `None` unless it is 43 characters of canonical base64url, which is no secret.
fn unmasked(text: &str) -> Option<Zeroizing<[u8; MAC_LEN]>> {
    if text.len() != TEXT_LEN {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(TEXT_LEN));
    base64url::decode_into(text.as_bytes(), &mut bytes)?;
    let (mask, masked) = bytes.split_first_chunk()?;
    Some(Zeroizing::new(xor(mask, masked.try_into().ok()?)))
}

fn xor(one: &[u8; MAC_LEN], two: &[u8; MAC_LEN]) -> [u8; MAC_LEN] {
    let mut out = *one;
    out.iter_mut().zip(two).for_each(|(byte, other)| *byte ^= other);
    out
}

/// A form's token: 43 characters of base64url, which need no escaping in HTML. Another text at every call, for one session.
///
/// Whoever has it can forge that session's forms, so it belongs into the page only: `Debug` is silent. `Display` is for the
/// page.
pub struct CsrfToken(Zeroizing<Vec<u8>>);

impl CsrfToken {
    /// The 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // base64url, so it always is text.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken(..)")
    }
}
