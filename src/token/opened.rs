//! A token that was opened.

use core::{fmt, ops::Range};

use serde::Deserialize;
use zeroize::Zeroize;

use crate::{
    error::Refusal,
    id::KeyId,
    payload,
    wire::{claims::Claims, extensions::Entries, plaintext::Layout},
};

/// A token that was opened: its claims, and its payload where it was decrypted. Wiped on drop.
pub struct Opened<'s> {
    plaintext: &'s mut [u8],
    layout: Layout,
    key_id: KeyId,
    renewal_due: bool,
}

impl<'s> Opened<'s> {
    pub(super) fn new(plaintext: &'s mut [u8], layout: Layout, key_id: KeyId, renewal_due: bool) -> Self {
        Self { plaintext, layout, key_id, renewal_due }
    }

    /// Who the session is, when it began, when it ends.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.layout.claims
    }

    /// The key it was sealed under.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Whether it should be sealed anew: half of its idle window is used, or its key no longer is the primary.
    #[must_use]
    pub fn renewal_due(&self) -> bool {
        self.renewal_due
    }

    /// The payload's bytes.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.part(&self.layout.payload)
    }

    /// The payload as a value, which may borrow from the buffer the token was opened in.
    ///
    /// # Errors
    /// [`Refusal::Layout`] if it was written as a value of another layout, or as raw bytes; [`Refusal::Payload`] if the layout is right
    /// and the bytes are not, or bytes are left over.
    pub fn decode<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Refusal> {
        payload::decode(self.payload())
    }

    /// The flags as they stood in the plaintext: bit 0 remembered, bit 1 an extension block (FORMAT.md, section 2).
    #[must_use]
    pub fn flags(&self) -> u8 {
        u8::from(self.claims().remembered()) | (u8::from(!self.extension_block().is_empty()) << 1)
    }

    /// The extensions: type and value of each, in rising order of type.
    pub fn extensions(&self) -> impl Iterator<Item = (u8, &[u8])> {
        Entries(self.extension_block())
    }

    /// The extension block, checked; carried over on renewal.
    pub(crate) fn extension_block(&self) -> &[u8] {
        self.part(&self.layout.extensions)
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.plaintext.get(range.clone()).unwrap_or_default()
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        self.plaintext.zeroize();
    }
}

impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("claims", self.claims()).field("key_id", &self.key_id).finish_non_exhaustive()
    }
}
