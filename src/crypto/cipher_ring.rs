//! A keyring made ready for one cookie: every key derived for its name and purpose, every schedule expanded.

use core::fmt;

use super::{cipher::Cipher, context::Context, csrf::CsrfRing, hasher::Hasher, key::Key, keyring::Keyring};
use crate::id::KeyId;

/// Ready ciphers by key id. Built at start-up, read-only afterwards.
pub(crate) struct CipherRing {
    primary: (KeyId, Cipher),
    others: Vec<(KeyId, Cipher)>,
    /// Under the primary.
    hasher: Hasher,
    csrf: CsrfRing,
    other_hashers: Vec<Hasher>,
}

impl CipherRing {
    pub(crate) fn new(keyring: &Keyring, context: &Context) -> Self {
        let ready = |key: &Key| (key.id(), key.cipher(context));
        Self {
            primary: ready(keyring.primary_key()),
            others: keyring.other_keys().iter().map(ready).collect(),
            hasher: keyring.primary_key().hasher(context),
            csrf: CsrfRing::new(keyring, context),
            other_hashers: keyring.other_keys().iter().map(|key| key.hasher(context)).collect(),
        }
    }

    /// The key that seals.
    pub(crate) fn primary(&self) -> &(KeyId, Cipher) {
        &self.primary
    }

    /// Short keyed hashes, under the primary.
    pub(crate) fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    /// The same keys, for the tokens of forms.
    pub(crate) fn csrf(&self) -> &CsrfRing {
        &self.csrf
    }

    /// Short keyed hashes under each key, the primary first.
    pub(crate) fn hashers(&self) -> impl Iterator<Item = &Hasher> {
        core::iter::once(&self.hasher).chain(&self.other_hashers)
    }

    /// The one key of this id. The id is public, so the search need not be constant-time.
    pub(crate) fn find(&self, id: KeyId) -> Option<&Cipher> {
        if self.primary.0 == id {
            return Some(&self.primary.1);
        }
        self.others.iter().find(|(other, _)| *other == id).map(|(_, cipher)| cipher)
    }
}

impl fmt::Debug for CipherRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CipherRing").field("primary", &self.primary.0).finish_non_exhaustive()
    }
}
