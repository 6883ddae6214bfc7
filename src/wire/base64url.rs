//! base64url without padding, canonical only (RFC 4648, section 5).
//!
//! Tokens are public, so the tables need not be constant-time. What is written for a key's text or for a form is secret:
//! [`encode_secret_into`] looks nothing up. Keys are decoded by tables too, but only at start-up.

#[cfg(test)]
mod differential_tests;
// Where the `base64` crate has no vector instructions, it does not have this type at all.
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
mod simd;
// The tests compare both.
#[cfg(any(test, not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))))]
mod scalar;

use std::hint::black_box;

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

/// As [`encode_into`], in a time that depends on the length only. Slower, and `out` must have room if nothing is to be left behind.
pub(crate) fn encode_secret_into(bytes: &[u8], out: &mut Vec<u8>) {
    for group in bytes.chunks(3) {
        let byte = |place: usize| group.get(place).copied().unwrap_or(0);
        let sixes = [byte(0) >> 2, byte(0) << 4 | byte(1) >> 4, byte(1) << 2 | byte(2) >> 6, byte(2)];
        out.extend(sixes.iter().take(encoded_len(group.len())).map(|six| character(six & 63)));
    }
}

/// The character of a value below 64, without a table and without a branch.
fn character(value: u8) -> u8 {
    // Behind each of these values the alphabet goes on somewhere else: how far from where it was.
    const BREAKS: [(i16, i16); 4] = [(25, 6), (51, -75), (61, -13), (62, 49)];
    let value = i16::from(value);
    let start = value.wrapping_add(i16::from(b'A'));
    let shifted = BREAKS.iter().fold(start, |sum, (last, step)| {
        // All ones behind the break, zeros before. The compiler must not know that, or it makes a branch of it.
        let mask = black_box(last.wrapping_sub(value) >> 15);
        sum.wrapping_add(mask & step)
    });
    let [_, character] = shifted.to_be_bytes();
    character
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

#[cfg(test)]
mod tests {
    use super::{encode_into, encode_secret_into};

    #[test]
    fn what_is_secret_is_written_as_everything_else() {
        for length in 0..=48 {
            // Every value of six bits stands at every place.
            for start in 0..=u8::MAX {
                let bytes: Vec<u8> = (0..length).map(|index: u8| index.wrapping_mul(83).wrapping_add(start)).collect();
                let (mut secret, mut public) = (b"ahead".to_vec(), b"ahead".to_vec());
                encode_secret_into(&bytes, &mut secret);
                encode_into(&bytes, &mut public);
                assert_eq!(secret, public, "{bytes:?}");
            }
        }
    }
}
