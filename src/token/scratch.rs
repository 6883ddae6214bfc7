//! The buffer that tokens are opened in.

use zeroize::Zeroizing;

use crate::wire::MAX_TOKEN_LEN;

/// A buffer to open tokens in, kept between openings so that opening allocates nothing. Wiped after each use.
pub struct Scratch(Zeroizing<Vec<u8>>);

impl Scratch {
    /// A buffer with room for the longest token, 3072 bytes: it never grows, so plaintext never moves.
    #[must_use]
    pub fn new() -> Self {
        // The decoder writes in groups of three and may need one more.
        Self(Zeroizing::new(Vec::with_capacity(MAX_TOKEN_LEN.saturating_add(3))))
    }

    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        // What was opened in it was wiped when its reader let go.
        self.0.clear();
        &mut self.0
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Scratch(..)")
    }
}
