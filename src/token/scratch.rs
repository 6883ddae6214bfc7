//! The buffers that tokens are sealed and opened in.

use zeroize::Zeroizing;

use crate::wire::{MAX_COOKIE_LEN, MAX_TOKEN_LEN, base64url};

/// The decoder writes in groups of three and may need one more.
const ROOM: usize = MAX_TOKEN_LEN + 3;

/// Buffers to seal and open tokens in, kept between operations so that these allocate nothing. No plaintext is left in them.
pub struct Scratch {
    /// Never grows, so plaintext never moves.
    token: Zeroizing<Vec<u8>>,
    /// Empty until a token is sealed whose text is to lie here.
    text: Vec<u8>,
}

impl Scratch {
    /// Room for the longest token, 3072 bytes; and for its text, 4096 characters, once that is asked for.
    #[must_use]
    pub fn new() -> Self {
        Self { token: Zeroizing::new(vec![0; ROOM]), text: Vec::new() }
    }

    /// Room for the longest token. It holds whatever was there before, never plaintext: what was opened in it was wiped when its
    /// reader let go, what was sealed in it is encrypted.
    pub(super) fn token(&mut self) -> &mut [u8] {
        &mut self.token
    }

    /// The text of the token whose bytes are the first so many.
    pub(super) fn text(&mut self, length: usize) -> &str {
        self.text.clear();
        self.text.reserve_exact(MAX_COOKIE_LEN);
        base64url::encode_into(self.token.get(..length).unwrap_or_default(), &mut self.text);
        // base64url is ASCII.
        core::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The same, as a string of its own.
    pub(super) fn new_text(&self, length: usize) -> String {
        let mut text = Vec::with_capacity(base64url::encoded_len(length));
        base64url::encode_into(self.token.get(..length).unwrap_or_default(), &mut text);
        // base64url is ASCII.
        String::from_utf8(text).unwrap_or_default()
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
