//! What encrypts, and where its nonces come from.

mod aws_lc;
#[cfg(feature = "more-engines")]
mod others;
mod own;

pub use aws_lc::{Absolute, OverAwsLc};
#[cfg(feature = "more-engines")]
pub use others::{OverGraviola, OverRing};
pub use own::{Derivation, Own};

/// Bytes of a nonce.
pub(crate) const NONCE: usize = 24;
/// Bytes of a tag.
pub(crate) const TAG: usize = 16;

/// An AEAD with a ready key, in place, with a detached tag.
pub trait Engine {
    /// Makes a key ready.
    fn new(key: &[u8; 32]) -> Self;

    /// Writes a nonce for a message to be sealed.
    fn fill_nonce(nonce: &mut [u8]);

    /// Encrypts in place and returns the tag.
    fn seal(&self, nonce: &[u8; 24], aad: &[u8], body: &mut [u8]) -> [u8; 16];

    /// Decrypts in place. False if the tag does not fit.
    fn open(&self, nonce: &[u8; 24], aad: &[u8], body: &mut [u8], tag: &[u8; 16]) -> bool;
}

/// The two halves of a nonce: the first derives the key of XAES, the second is the inner nonce.
fn halves(nonce: &[u8; NONCE]) -> (&[u8; 12], &[u8; 12]) {
    (nonce.first_chunk().unwrap(), nonce.last_chunk().unwrap())
}
