//! Reads the cookies of `django.contrib.sessions.backends.signed_cookies`: `payload:time:signature`.

use std::io::Read;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

const SALT: &str = "django.contrib.sessions.backends.signed_cookies";
/// A session is far smaller; a cookie made to be decompressed is not.
const MOST: u64 = 65_536;

/// Opens what a Django service signed with this `SECRET_KEY`. It never writes.
pub(crate) struct Reader {
    key: [u8; 32],
    /// Django's `SESSION_COOKIE_AGE`.
    age: Duration,
    /// From then on nothing opens.
    until: OffsetDateTime,
}

impl Reader {
    pub(crate) fn new(secret_key: &str, age: Duration, until: OffsetDateTime) -> Self {
        let key = Sha256::new().chain_update(SALT).chain_update("signer").chain_update(secret_key).finalize().into();
        Self { key, age, until }
    }

    pub(crate) fn until(&self) -> OffsetDateTime {
        self.until
    }

    /// The session, if it is genuine, and neither it nor the transition is over.
    pub(crate) fn open<T: for<'de> Deserialize<'de>>(&self, cookie: &str, now: OffsetDateTime) -> Option<T> {
        let (signed, signature) = cookie.rsplit_once(':')?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        mac.update(signed.as_bytes());
        mac.verify_slice(&BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        let (payload, signed_at) = signed.rsplit_once(':')?;
        let signed_at = OffsetDateTime::from_unix_timestamp(base62(signed_at)?).ok()?;
        if now >= self.until || now - signed_at > self.age {
            return None;
        }
        serde_json::from_slice(&json(payload)?).ok()
    }
}

/// The payload; a dot in front says that it is compressed.
fn json(payload: &str) -> Option<Vec<u8>> {
    let Some(compressed) = payload.strip_prefix('.') else { return BASE64_URL_SAFE_NO_PAD.decode(payload).ok() };
    let compressed = BASE64_URL_SAFE_NO_PAD.decode(compressed).ok()?;
    let mut json = Vec::new();
    flate2::read::ZlibDecoder::new(compressed.as_slice()).take(MOST).read_to_end(&mut json).ok()?;
    Some(json)
}

fn base62(text: &str) -> Option<i64> {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    text.bytes().try_fold(0_i64, |value, byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        value.checked_mul(62)?.checked_add(i64::try_from(digit).ok()?)
    })
}
