//! A keyring made ready for one cookie: every key derived for its name and purpose, every schedule expanded.

use core::fmt;

use super::{
    cipher::Cipher,
    context::Context,
    csrf::{CsrfKey, CsrfToken},
    hasher::Hasher,
    key::Key,
    keyring::Keyring,
    random::SysRng,
    schedule::{KeyState, Timeline},
};
use crate::{
    error::RandomError,
    id::{KeyId, SessionId},
};

/// Ready keys by id. Built at start-up or when a ring is replaced, read-only afterwards.
pub(crate) struct CipherRing {
    /// Each key's place in the timeline by its id as a number, in rising order: apart from the keys, so that a search touches few bytes.
    places: Vec<(u32, usize)>,
    /// The first of the timeline: there always is one.
    first: ReadyKey,
    rest: Vec<ReadyKey>,
    timeline: Timeline,
}

/// What one key does for this cookie.
pub(crate) struct ReadyKey {
    pub(crate) id: KeyId,
    pub(crate) cipher: Cipher,
    /// Its place in the timeline.
    index: usize,
    hasher: Hasher,
    csrf: CsrfKey,
}

impl CipherRing {
    pub(crate) fn new(keyring: &Keyring, context: &Context) -> Self {
        let (first, rest) = keyring.first_and_rest();
        let mut places: Vec<_> = keyring.key_ids().map(number).zip(0..).collect();
        places.sort_unstable();
        Self {
            places,
            first: ReadyKey::new(first, 0, context),
            rest: rest.iter().zip(1..).map(|(key, index)| ReadyKey::new(key, index, context)).collect(),
            timeline: keyring.timeline().clone(),
        }
    }

    /// The key that seals now.
    pub(crate) fn sealing(&self, now: u64) -> &ReadyKey {
        self.at(self.timeline.sealing(now))
    }

    /// The one key of this id. The id is public, so the search need not be constant-time.
    pub(crate) fn find(&self, id: KeyId) -> Option<&ReadyKey> {
        let found = self.places.binary_search_by_key(&number(id), |(number, _)| *number).ok()?;
        self.places.get(found).map(|(_, index)| self.at(*index))
    }

    /// What this key is good for now.
    pub(crate) fn state(&self, key: &ReadyKey, now: u64) -> KeyState {
        self.timeline.state(key.index, now)
    }

    pub(crate) fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Short keyed hashes, under the key that seals now.
    pub(crate) fn hasher(&self, now: u64) -> &Hasher {
        &self.sealing(now).hasher
    }

    /// Short keyed hashes under each key that opens now, the one that seals first.
    pub(crate) fn hashers(&self, now: u64) -> impl Iterator<Item = &Hasher> {
        self.opening(now).map(|key| &key.hasher)
    }

    /// A form token for this session, under the key that seals now and a fresh mask.
    pub(crate) fn csrf_token(&self, session: SessionId, now: u64) -> Result<CsrfToken, RandomError> {
        self.sealing(now).csrf.token(session, &mut SysRng)
    }

    /// Whether the token is this session's, under any key that opens now: all are tried, whichever fits.
    pub(crate) fn verify_csrf(&self, session: SessionId, token: &str, now: u64) -> bool {
        CsrfKey::any_fits(self.opening(now).map(|key| &key.csrf), session, token)
    }

    /// The keys that open now, the one that seals first.
    fn opening(&self, now: u64) -> impl Iterator<Item = &ReadyKey> {
        let sealing = self.timeline.sealing(now);
        let all = core::iter::once(&self.first).chain(&self.rest);
        let others = all.filter(move |key| key.index != sealing && self.state(key, now).opens());
        core::iter::once(self.at(sealing)).chain(others)
    }

    /// The key at this place of the timeline.
    fn at(&self, index: usize) -> &ReadyKey {
        index.checked_sub(1).and_then(|index| self.rest.get(index)).unwrap_or(&self.first)
    }
}

impl ReadyKey {
    fn new(key: &Key, index: usize, context: &Context) -> Self {
        Self {
            id: key.id(),
            cipher: key.cipher(context),
            index,
            hasher: key.hasher(context),
            csrf: key.csrf_key(context),
        }
    }
}

impl fmt::Debug for CipherRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.places.iter().map(|(number, _)| KeyId(number.to_be_bytes()))).finish()
    }
}

fn number(id: KeyId) -> u32 {
    u32::from_be_bytes(id.0)
}
