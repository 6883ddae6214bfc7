//! base64url without padding, canonical only (RFC 4648, section 5).
//!
//! Tokens are public, so the tables need not be constant-time. Keys are decoded too, but only at start-up.

#[cfg(test)]
mod differential_tests;
// Where the `base64` crate has no vector instructions, it does not have this type at all.
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
mod simd;
// The tests compare both.
#[cfg(any(test, not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))))]
mod scalar;

use base64::engine::Engine;

#[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
use scalar::ENGINE;
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
use simd::ENGINE;

/// Characters that `bytes` bytes take.
pub(crate) const fn encoded_len(bytes: usize) -> usize {
    bytes.saturating_mul(4).div_ceil(3)
}

/// Appends the text of `bytes` to `out`, which grows at most once.
pub(crate) fn encode_into(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start.saturating_add(encoded_len(bytes.len())), 0);
    let room = out.get_mut(start..).unwrap_or_default();
    // The room is exact, so this cannot fail.
    let written = ENGINE.encode_slice(bytes, room).unwrap_or(0);
    out.truncate(start.saturating_add(written));
}

/// Decodes `text` into `out`, whose length becomes that of the bytes. `None` if the text is not canonical.
pub(crate) fn decode_into(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    out.clear();
    out.resize(text.len().div_ceil(4).saturating_mul(3), 0);
    let written = decode_to(text, out)?.len();
    out.truncate(written);
    Some(())
}

/// Decodes `text` to the front of `room`, which must have three bytes for each four characters begun; returns the bytes. `None`
/// if the text is not canonical.
pub(crate) fn decode_to<'r>(text: &[u8], room: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let written = ENGINE.decode_slice(text, room).ok()?;
    room.get_mut(..written)
}
