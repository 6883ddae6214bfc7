//! L0: bytes that must not leak.

use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// 32 secret bytes: boxed so that a move leaves no copy, wiped on drop, not `Clone`, silent in `Debug`.
pub(crate) struct Secret(Box<[u8; 32]>);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Secret {}

impl Secret {
    /// A secret written in place by `fill`.
    pub(crate) fn filled<E>(fill: impl FnOnce(&mut [u8; 32]) -> Result<(), E>) -> Result<Self, E> {
        let mut secret = Self(Box::new([0; 32]));
        fill(&mut secret.0)?;
        Ok(secret)
    }

    /// The bytes. The one door to them.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
