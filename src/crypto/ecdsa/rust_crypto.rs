//! By the `p256` crate.

use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};

pub(super) fn verifies(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = VerifyingKey::from_sec1_bytes(point);
    match (key, Signature::from_slice(signature)) {
        (Ok(key), Ok(signature)) => key.verify(message, &signature).is_ok(),
        _ => false,
    }
}

pub(super) fn is_on_curve(point: &[u8]) -> bool {
    VerifyingKey::from_sec1_bytes(point).is_ok()
}
