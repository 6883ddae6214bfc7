//! The two engines, byte for byte: a million cases in a release build, as `scripts/test` runs them, half of them for each suite.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use super::{CipherError, aws_lc, rust_crypto};
use crate::draw_tests::Draw;

const CASES: usize = if cfg!(debug_assertions) { 20_000 } else { 500_000 };
const TAG: usize = 16;

/// Mostly short texts, now and then as long as a cookie takes.
fn text(draw: &mut Draw, longest: u16) -> Vec<u8> {
    let [rare, rest @ ..] = draw.bytes::<3>();
    let longest = if rare == 0 { longest } else { longest.min(96) };
    draw.vec(usize::from(u16::from_le_bytes(rest) % (longest + 1)))
}

type Seal<const NONCE: usize> = fn(&[u8; 32], &[u8; NONCE], &[u8], &mut [u8]) -> Result<[u8; TAG], CipherError>;
type Open<const NONCE: usize> = fn(&[u8; 32], &[u8; NONCE], &[u8], &mut [u8]) -> Result<(), CipherError>;

/// An engine's cipher of a suite, as functions of key, nonce, AAD and buffer.
struct Suite<const NONCE: usize> {
    seal: [Seal<NONCE>; 2],
    open: [Open<NONCE>; 2],
}

impl<const NONCE: usize> Suite<NONCE> {
    /// Both make the same of every case, and open what they make, and nothing else.
    fn compare(&self, seed: &[u8]) {
        let mut draw = Draw::of(seed);
        for case in 0..CASES {
            let (key, nonce) = (draw.bytes(), draw.bytes());
            let (plaintext, aad) = (text(&mut draw, 3000), text(&mut draw, 1100));
            let [ours, theirs] = self.seal.map(|seal| {
                let mut buffer = plaintext.clone();
                let tag = seal(&key, &nonce, &aad, &mut buffer).unwrap();
                [&buffer[..], &tag].concat()
            });
            assert_eq!(ours, theirs, "case {case}");
            let [flip, bit] = draw.bytes();
            for open in self.open {
                let mut buffer = ours.clone();
                assert_eq!(open(&key, &nonce, &aad, &mut buffer), Ok(()), "case {case}");
                assert_eq!(buffer[..plaintext.len()], plaintext, "case {case}");
                let mut altered = ours.clone();
                altered[usize::from(flip) % ours.len()] ^= 1 << (bit % 8);
                assert_eq!(open(&key, &nonce, &aad, &mut altered), Err(CipherError), "case {case}");
                if plaintext.len() > 8 {
                    assert_ne!(altered[..plaintext.len()], plaintext, "case {case}: plaintext is left");
                }
            }
        }
    }
}

#[test]
fn aes_256_gcm_is_the_same_in_both() {
    Suite {
        seal: [rust_crypto::Aes256Gcm::seal, aws_lc::Aes256Gcm::seal],
        open: [rust_crypto::Aes256Gcm::open, aws_lc::Aes256Gcm::open],
    }
    .compare(b"suite 1");
}

#[test]
fn xchacha20_poly1305_is_the_same_in_both() {
    Suite {
        seal: [
            |key, nonce, aad, buffer| rust_crypto::XChaCha20Poly1305::new(key).seal(nonce, aad, buffer),
            |key, nonce, aad, buffer| aws_lc::XChaCha20Poly1305::new(key).seal(nonce, aad, buffer),
        ],
        open: [
            |key, nonce, aad, sealed| rust_crypto::XChaCha20Poly1305::new(key).open(nonce, aad, sealed),
            |key, nonce, aad, sealed| aws_lc::XChaCha20Poly1305::new(key).open(nonce, aad, sealed),
        ],
    }
    .compare(b"suite 2");
}
