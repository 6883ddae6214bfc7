//! The additional authenticated data (FORMAT.md, section 4).

use crate::{crypto::context::Binding, wire::HEADER_LEN};

/// The header, then the binding with its length.
pub(super) enum Aad {
    Unbound([u8; HEADER_LEN + 2]),
    Bound(Vec<u8>),
}

impl Aad {
    pub(super) fn new(header: &[u8; HEADER_LEN], binding: Binding<'_>) -> Self {
        let binding = binding.bytes();
        let length = u16::try_from(binding.len()).unwrap_or(u16::MAX).to_be_bytes();
        if binding.is_empty() {
            let mut aad = [0; HEADER_LEN + 2];
            if let Some((front, _)) = aad.split_first_chunk_mut() {
                *front = *header;
            }
            Self::Unbound(aad)
        } else {
            Self::Bound([header.as_slice(), &length, binding].concat())
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Unbound(bytes) => bytes,
            Self::Bound(bytes) => bytes,
        }
    }
}
