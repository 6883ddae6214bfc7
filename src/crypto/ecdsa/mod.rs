//! ES256 signatures of devices: by `p256`; with the feature `aws-lc-rs` by AWS-LC. Everything here is public data.

#[cfg(all(feature = "device-bound", feature = "aws-lc-rs"))]
mod aws_lc;
#[cfg(not(feature = "device-bound"))]
mod none;
#[cfg(all(feature = "device-bound", any(not(feature = "aws-lc-rs"), test)))]
mod rust_crypto;
#[cfg(all(feature = "device-bound", feature = "testing"))]
pub(crate) mod signing;

#[cfg(all(feature = "device-bound", feature = "aws-lc-rs"))]
use aws_lc as engine;
#[cfg(not(feature = "device-bound"))]
use none as engine;
#[cfg(all(feature = "device-bound", not(feature = "aws-lc-rs")))]
use rust_crypto as engine;

use crate::wire::device::DeviceKey;

/// Bytes of a signature: r, then s.
pub(crate) const SIGNATURE_LEN: usize = 64;

/// Whether the key signed this message. A signature with a high s is as good as one with a low s: nothing depends on there being one only.
pub(crate) fn verifies(key: &DeviceKey, message: &[u8], signature: &[u8; SIGNATURE_LEN]) -> bool {
    engine::verifies(key.as_bytes(), message, signature)
}

/// The key of a point's coordinates, unless that is not on the curve.
pub(crate) fn key_of(x: &[u8; 32], y: &[u8; 32]) -> Option<DeviceKey> {
    let mut uncompressed = [4; 65];
    uncompressed.iter_mut().skip(1).zip(x.iter().chain(y)).for_each(|(place, byte)| *place = *byte);
    if !engine::is_on_curve(&uncompressed) {
        return None;
    }
    let mut point = [2 | y.last().copied().unwrap_or(0) & 1; 33];
    point.iter_mut().skip(1).zip(x).for_each(|(place, byte)| *place = *byte);
    DeviceKey::from_point(point)
}

/// Whether the key's point is on the curve: a square root, some times what opening a token takes.
pub(crate) fn is_on_curve(key: &DeviceKey) -> bool {
    engine::is_on_curve(key.as_bytes())
}

#[cfg(all(test, feature = "device-bound"))]
mod tests;
#[cfg(all(test, feature = "device-bound"))]
mod wycheproof_tests;
