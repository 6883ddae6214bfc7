//! The ring: one primary key that seals, others that open only.

use core::fmt;

use super::key::Key;
use crate::{error::KeyError, id::KeyId};

const MAX_KEYS: usize = 32;

/// The keys of a deployment. The first is the primary, which seals; all of them open.
///
/// To rotate: put the new key behind the primary everywhere, then in front everywhere, then drop the old one once every
/// cookie sealed under it has expired. Nobody is logged out (FORMAT.md, section 6, says how long that is).
pub struct Keyring {
    primary: Key,
    others: Vec<Key>,
}

impl Keyring {
    /// A ring of these keys, the primary first.
    ///
    /// # Errors
    /// [`KeyError::Empty`], [`KeyError::TooMany`] above 32, [`KeyError::Duplicate`], [`KeyError::SameId`].
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Result<Self, KeyError> {
        let keys: Vec<Key> = keys.into_iter().collect();
        if keys.len() > MAX_KEYS {
            return Err(KeyError::TooMany { count: keys.len() });
        }
        let mut keys = keys.into_iter();
        let mut ring = Self { primary: keys.next().ok_or(KeyError::Empty)?, others: Vec::new() };
        for (key, position) in keys.zip(2..) {
            ring.check(&key, position)?;
            ring.others.push(key);
        }
        Ok(ring)
    }

    /// A ring of one new key, for a try-out: what it seals is lost when the process ends.
    ///
    /// # Errors
    /// [`KeyError::Random`] if the operating system gives no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        Self::new([Key::generate()?])
    }

    /// The ring written as text: keys separated by commas or white space, the primary first; `#` begins a comment that
    /// runs to the end of the line.
    ///
    /// # Errors
    /// [`KeyError`], which counts the keys from 1.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let words = text
            .lines()
            .flat_map(|line| {
                line.split('#')
                    .next()
                    .unwrap_or_default()
                    .split(|character: char| character == ',' || character.is_ascii_whitespace())
            })
            .filter(|word| !word.is_empty());
        // Counted before anything is derived: an enormous list costs nothing.
        let count = words.clone().count();
        if count > MAX_KEYS {
            return Err(KeyError::TooMany { count });
        }
        Self::new(words.zip(1..).map(|(word, position)| Key::parse_at(word, position)).collect::<Result<Vec<_>, _>>()?)
    }

    /// The id of the key that seals.
    #[must_use]
    pub fn primary(&self) -> KeyId {
        self.primary.id()
    }

    /// The ids of all keys, the primary's first.
    pub fn key_ids(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.keys().map(Key::id)
    }

    pub(super) fn primary_key(&self) -> &Key {
        &self.primary
    }

    pub(super) fn other_keys(&self) -> &[Key] {
        &self.others
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        core::iter::once(&self.primary).chain(&self.others)
    }

    fn check(&self, key: &Key, position: usize) -> Result<(), KeyError> {
        if self.keys().any(|other| other.has_secret_of(key)) {
            return Err(KeyError::Duplicate { position });
        }
        if self.keys().any(|other| other.id() == key.id()) {
            return Err(KeyError::SameId { position });
        }
        Ok(())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys()).finish()
    }
}
