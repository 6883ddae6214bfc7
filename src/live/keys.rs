//! What a builder takes as keys.

use std::sync::Arc;

use super::LiveKeyring;
use crate::crypto::keyring::Keyring;

/// The keys of a layer or manager: a [`Keyring`], an `Arc` of one, or a [`LiveKeyring`].
#[derive(Clone, Debug)]
pub struct Keys(pub(crate) KeysInner);

#[derive(Clone, Debug)]
pub(crate) enum KeysInner {
    Own(Arc<Keyring>),
    Live(LiveKeyring),
}

impl From<Keyring> for Keys {
    fn from(keyring: Keyring) -> Self {
        Self(KeysInner::Own(Arc::new(keyring)))
    }
}

impl From<Arc<Keyring>> for Keys {
    fn from(keyring: Arc<Keyring>) -> Self {
        Self(KeysInner::Own(keyring))
    }
}

impl From<LiveKeyring> for Keys {
    fn from(keyring: LiveKeyring) -> Self {
        Self(KeysInner::Live(keyring))
    }
}

impl From<&LiveKeyring> for Keys {
    fn from(keyring: &LiveKeyring) -> Self {
        Self(KeysInner::Live(keyring.clone()))
    }
}
