//! A device's private key, for the test kit: real devices never give theirs away.

use p256::ecdsa::{Signature, SigningKey, signature::Signer};

use super::SIGNATURE_LEN;
use crate::{
    crypto::random::{self, SysRng},
    error::RandomError,
};

/// A private key. Wiped on drop.
pub(crate) struct DeviceSecret(SigningKey);

impl DeviceSecret {
    /// A random one.
    pub(crate) fn generate() -> Result<Self, RandomError> {
        loop {
            // All but one in 2^32 are keys.
            if let Ok(key) = SigningKey::from_slice(&random::bytes::<32>(&mut SysRng)?) {
                return Ok(Self(key));
            }
        }
    }

    /// The coordinates of its public key.
    pub(crate) fn coordinates(&self) -> ([u8; 32], [u8; 32]) {
        let point = self.0.verifying_key().to_sec1_point(false);
        let coordinate = |part: Option<_>| part.map_or([0; 32], |bytes: &p256::FieldBytes| (*bytes).into());
        (coordinate(point.x()), coordinate(point.y()))
    }

    /// The signature of a message.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LEN] {
        let signature: Signature = self.0.sign(message);
        signature.to_bytes().into()
    }
}
