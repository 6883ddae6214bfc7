//! Short keyed hashes: of session ids for logs, of client facts for anomaly signals.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    id::{SessionId, SessionTag},
    secret::Secret,
};

/// HMAC-SHA256 under a key of its own, set up once; its output is cut short. Boxed, so that moving it leaves no copy.
pub(crate) struct Hasher(Box<Hmac<Sha256>>);

impl Hasher {
    pub(super) fn new(key: &Secret) -> Self {
        Self(Box::new(keyed(key.expose())))
    }

    /// What events call a session.
    pub(crate) fn tag(&self, session: SessionId) -> SessionTag {
        SessionTag(self.hash(b"session", session.as_bytes()))
    }

    /// A client fact of this kind.
    pub(crate) fn fact(&self, kind: &str, value: &[u8]) -> [u8; 4] {
        let length = (kind.len() as u64).to_be_bytes();
        self.hash(b"fact", &[&length, kind.as_bytes(), value].concat())
    }

    fn hash<const N: usize>(&self, label: &[u8], message: &[u8]) -> [u8; N] {
        let mut mac = (*self.0).clone();
        mac.update(label);
        mac.update(message);
        let mut output = mac.finalize().into_bytes();
        let cut = output.first_chunk().copied().unwrap_or([0; N]);
        output.as_mut_slice().zeroize();
        cut
    }
}

/// HMAC-SHA256 under this key.
pub(super) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC pads a short key with zeros to the hash's block.
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key).for_each(|(byte, key)| *byte = *key);
    Hmac::new((&*block).into())
}
