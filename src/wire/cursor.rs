//! Room that is filled from the front.

use super::varint;

/// The room, and how much of it is filled.
pub(super) struct Cursor<'a> {
    room: &'a mut [u8],
    filled: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(room: &'a mut [u8]) -> Self {
        Self { room, filled: 0 }
    }

    /// Writes `bytes`; `None` if there is too little room.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Option<()> {
        let end = self.filled.checked_add(bytes.len())?;
        self.room.get_mut(self.filled..end)?.copy_from_slice(bytes);
        self.filled = end;
        Some(())
    }

    /// Writes `value` as a varint; `None` if there is too little room.
    pub(super) fn put_varint(&mut self, mut value: u64) -> Option<()> {
        while value >= u64::from(varint::MORE) {
            self.put_byte((value & 0x7f) as u8 | varint::MORE)?;
            value >>= varint::GROUP;
        }
        self.put_byte((value & 0x7f) as u8)
    }

    /// Fills what is left with zeros.
    pub(super) fn fill_with_zeros(self) {
        self.room.get_mut(self.filled..).unwrap_or_default().fill(0);
    }

    /// How much room is left.
    pub(super) fn left(&self) -> usize {
        self.room.len().saturating_sub(self.filled)
    }

    /// As [`Cursor::put`]: most varints are of one byte or two.
    fn put_byte(&mut self, byte: u8) -> Option<()> {
        *self.room.get_mut(self.filled)? = byte;
        self.filled = self.filled.checked_add(1)?;
        Some(())
    }
}
