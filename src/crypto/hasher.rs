//! Short keyed hashes: of session ids for logs, of client facts for anomaly signals.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    id::{SessionId, SessionTag},
    secret::Secret,
};

/// HMAC-SHA256 under a key of its own, set up once; its output is cut short.
pub(crate) struct Hasher(Hmac<Sha256>);

impl Hasher {
    pub(super) fn new(key: &Secret) -> Self {
        // HMAC pads a short key with zeros to the hash's block.
        let mut block = Zeroizing::new([0; 64]);
        block.iter_mut().zip(key.expose()).for_each(|(byte, key)| *byte = *key);
        Self(Hmac::new((&*block).into()))
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
        let mut mac = self.0.clone();
        mac.update(label);
        mac.update(message);
        let mut output = mac.finalize().into_bytes();
        let cut = output.first_chunk().copied().unwrap_or([0; N]);
        output.as_mut_slice().zeroize();
        cut
    }
}
