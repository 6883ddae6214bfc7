//! Room that is filled from the front.

use super::varint;

/// What is left of the room.
pub(super) struct Cursor<'a>(&'a mut [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn new(room: &'a mut [u8]) -> Self {
        Self(room)
    }

    /// Writes `bytes`; `None` if there is too little room.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Option<()> {
        let (front, rest) = core::mem::take(&mut self.0).split_at_mut_checked(bytes.len())?;
        front.copy_from_slice(bytes);
        self.0 = rest;
        Some(())
    }

    /// Writes `value` as a varint; `None` if there is too little room.
    pub(super) fn put_varint(&mut self, mut value: u64) -> Option<()> {
        loop {
            let low = (value & 0x7f) as u8;
            value >>= varint::GROUP;
            self.put(&[if value == 0 { low } else { low | varint::MORE }])?;
            if value == 0 {
                return Some(());
            }
        }
    }

    /// Fills what is left with zeros.
    pub(super) fn fill_with_zeros(self) {
        self.0.fill(0);
    }

    /// How much room is left.
    pub(super) fn left(&self) -> usize {
        self.0.len()
    }
}
