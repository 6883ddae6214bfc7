//! A key: a secret and its suite, named by an id derived from both.

use core::{fmt, str::FromStr};

use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::{
    context::Context,
    csrf::CsrfKey,
    derive::Derivation,
    hasher::Hasher,
    key_text::{self, SECRET_LEN},
    random::{self, SysRng},
};
use crate::{
    crypto::cipher::Cipher,
    error::{KeyError, RandomError},
    id::KeyId,
    secret::Secret,
    wire::envelope::Suite,
};

/// A key that seals and opens. Not `Clone`, wiped on drop; `Debug` shows the id and the suite only.
pub struct Key {
    suite: Suite,
    secret: Secret,
    id: KeyId,
}

impl Key {
    /// A new key for the default suite, XAES-256-GCM, from the operating system's randomness.
    ///
    /// # Errors
    /// [`RandomError`] if the operating system gives none.
    pub fn generate() -> Result<Self, RandomError> {
        Self::generate_for(Suite::Xaes256Gcm)
    }

    /// A new key for this suite.
    ///
    /// # Errors
    /// [`RandomError`] if the operating system gives no randomness.
    pub fn generate_for(suite: Suite) -> Result<Self, RandomError> {
        Self::generate_with(suite, &mut SysRng)
    }

    pub(crate) fn generate_with(suite: Suite, source: &mut impl TryCryptoRng) -> Result<Self, RandomError> {
        Ok(Self::new(suite, Secret::filled(|bytes| random::fill(source, bytes))?))
    }

    /// The key written as text: 53 characters beginning with `htk1_` or `htk2_` (FORMAT.md, section 3).
    ///
    /// # Errors
    /// [`KeyError`] if the text is no key, is mistyped, or its secret is trivial; the position in it is 1.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::parse_at(text, 1)
    }

    pub(crate) fn parse_at(text: &str, position: usize) -> Result<Self, KeyError> {
        let (suite, secret) = key_text::parse(text, position)?;
        Self::from_bytes(suite, &secret, position)
    }

    /// A key from a secret of 32 random bytes, as a key management service hands out. A passphrase is no secret.
    ///
    /// # Errors
    /// [`KeyError::SecretLength`] unless there are 32 bytes, [`KeyError::Trivial`] if all are equal.
    pub fn from_secret(suite: Suite, secret: &[u8]) -> Result<Self, KeyError> {
        Self::from_bytes(suite, secret, 1)
    }

    pub(super) fn from_bytes(suite: Suite, secret: &[u8], position: usize) -> Result<Self, KeyError> {
        let bytes: &[u8; SECRET_LEN] =
            secret.try_into().map_err(|_| KeyError::SecretLength { position, length: secret.len() })?;
        let (first, rest) = bytes.split_first().ok_or(KeyError::Trivial { position })?;
        if rest.iter().all(|byte| byte == first) {
            return Err(KeyError::Trivial { position });
        }
        Ok(Self::new(
            suite,
            Secret::filled(|place| {
                place.copy_from_slice(bytes);
                Ok::<_, KeyError>(())
            })?,
        ))
    }

    fn new(suite: Suite, secret: Secret) -> Self {
        let id = Derivation::new(&secret).key_id(suite);
        Self { suite, secret, id }
    }

    /// The key's public name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The suite it seals with.
    #[must_use]
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// Writes the secret out. It is the one verb that does. Search for it when you audit where keys go.
    #[must_use]
    pub fn expose_text(&self) -> KeyText {
        KeyText(key_text::write(self.suite, self.secret.expose()))
    }

    pub(super) fn has_secret_of(&self, other: &Self) -> bool {
        self.secret.expose() == other.secret.expose()
    }

    /// Another of the same. Not `Clone`, so that copies of secrets can be searched for.
    pub(super) fn duplicate(&self) -> Self {
        let Ok(secret) = Secret::filled(|place| {
            place.copy_from_slice(self.secret.expose());
            Ok::<_, core::convert::Infallible>(())
        });
        Self { suite: self.suite, secret, id: self.id }
    }

    pub(super) fn hasher(&self, context: &Context) -> Hasher {
        Hasher::new(&Derivation::new(&self.secret).hash_key(context))
    }

    /// The cipher that seals for this context, with its key schedule expanded.
    pub(super) fn cipher(&self, context: &Context) -> Cipher {
        Cipher::new(self.suite, &Derivation::new(&self.secret).cookie_key(self.suite, context))
    }

    /// What makes and checks the tokens of this context's forms.
    pub(super) fn csrf_key(&self, context: &Context) -> CsrfKey {
        CsrfKey::new(&Derivation::new(&self.secret).csrf_key(self.suite, context))
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::parse(text)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("suite", &self.suite).finish_non_exhaustive()
    }
}

/// The text of a key, secret in it: wiped on drop, silent in `Debug`, without `Display`.
pub struct KeyText(Zeroizing<Vec<u8>>);

impl KeyText {
    /// The 53 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // base64url and ASCII letters, so it always is text.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyText(..)")
    }
}
