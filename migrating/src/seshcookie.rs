//! Cookies of seshcookie 0.1.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, aead::Aead};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::moving::{OldCookie, Opened};

const SALT: &[u8] = b"seshcookie-rs-v1-salt";
const INFO: &[u8] = b"seshcookie-rs v1 ChaCha20-Poly1305 session";
const VERSION: u8 = 1;

/// Sessions of seshcookie. Its cookies say when they were issued, so they open no longer than they would have there.
pub struct SeshCookie {
    name: String,
    max_age: Duration,
    keys: Vec<ChaCha20Poly1305>,
}

impl SeshCookie {
    /// A reader of the cookie with this name. The key and the `max_age` are those of your `SessionKeys` and `SessionConfig`.
    #[must_use]
    pub fn new(name: &str, key: &[u8], max_age: Duration) -> Self {
        Self { name: name.to_owned(), max_age, keys: Vec::new() }.or_key(key)
    }

    /// Another key under which cookies may have been made, a fallback there.
    #[must_use]
    pub fn or_key(mut self, key: &[u8]) -> Self {
        let mut derived = [0; 32];
        // 32 bytes are within what HKDF can give; a key that it had not given opens nothing.
        if Hkdf::<Sha256>::new(Some(&Sha256::digest(SALT)), key).expand(INFO, &mut derived).is_ok() {
            self.keys.push(ChaCha20Poly1305::new(&derived.into()));
        }
        self
    }

    fn decrypt(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<12>()?;
        self.keys.iter().find_map(|key| key.decrypt(&(*nonce).into(), sealed).ok())
    }
}

impl OldCookie for SeshCookie {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(&self, value: &str, now: OffsetDateTime) -> Option<Opened> {
        let plain = self.decrypt(&BASE64_URL_SAFE_NO_PAD.decode(value).ok()?)?;
        let (version, rest) = plain.split_first()?;
        let (issued_at, json) = rest.split_first_chunk::<8>()?;
        let issued_at = OffsetDateTime::from_unix_timestamp(i64::from_le_bytes(*issued_at)).ok()?;
        let ends_at = issued_at.checked_add(self.max_age)?;
        let value = String::from_utf8(json.to_vec()).ok()?;
        (*version == VERSION && now < ends_at).then_some(Opened { value, ends_at: Some(ends_at) })
    }
}

impl core::fmt::Debug for SeshCookie {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SeshCookie").field("name", &self.name).finish_non_exhaustive()
    }
}
