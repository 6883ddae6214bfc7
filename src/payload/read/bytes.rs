//! Postcard's numbers and texts, taken from the front of bytes (FORMAT.md, section 3).

use super::Unreadable;

/// The bytes that are left.
pub(super) struct Bytes<'de>(pub(super) &'de [u8]);

impl<'de> Bytes<'de> {
    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, Unreadable> {
        let (first, rest) = self.0.split_first().ok_or(Unreadable)?;
        self.0 = rest;
        Ok(*first)
    }

    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let (first, rest) = self.0.split_first_chunk().ok_or(Unreadable)?;
        self.0 = rest;
        Ok(*first)
    }

    /// A byte that is 0 or 1.
    #[inline]
    pub(super) fn flag(&mut self) -> Result<bool, Unreadable> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Unreadable),
        }
    }

    /// A number of at most so many bits.
    #[inline]
    pub(super) fn varint(&mut self, bits: u32) -> Result<u64, Unreadable> {
        match self.0 {
            [byte @ 0..=0x7f, rest @ ..] => {
                self.0 = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(bits),
        }
    }

    fn long_varint(&mut self, bits: u32) -> Result<u64, Unreadable> {
        let mut value = 0;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            let room = bits.checked_sub(shift).filter(|room| *room > 0).ok_or(Unreadable)?;
            if room < 7 && part.wrapping_shr(room) != 0 {
                return Err(Unreadable);
            }
            value |= part.wrapping_shl(shift);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift = shift.saturating_add(7);
        }
    }

    /// A number of at most 128 bits.
    pub(super) fn varint_128(&mut self) -> Result<u128, Unreadable> {
        let mut value = 0;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte()?;
            let part = u128::from(byte & 0x7f);
            let room = 128_u32.checked_sub(shift).filter(|room| *room > 0).ok_or(Unreadable)?;
            if room < 7 && part.wrapping_shr(room) != 0 {
                return Err(Unreadable);
            }
            value |= part.wrapping_shl(shift);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift = shift.saturating_add(7);
        }
    }

    /// A signed number of at most so many bits: zigzag.
    #[inline]
    pub(super) fn signed(&mut self, bits: u32) -> Result<i64, Unreadable> {
        let number = self.varint(bits)?;
        Ok(number.wrapping_shr(1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg())
    }

    pub(super) fn signed_128(&mut self) -> Result<i128, Unreadable> {
        let number = self.varint_128()?;
        Ok(number.wrapping_shr(1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg())
    }

    /// How many bytes or items follow: no more than there are bytes, so that no count claims more than is there.
    #[inline]
    pub(super) fn count(&mut self) -> Result<usize, Unreadable> {
        let count = usize::try_from(self.varint(usize::BITS)?).map_err(|_| Unreadable)?;
        if count > self.0.len() { Err(Unreadable) } else { Ok(count) }
    }

    /// Bytes behind their number.
    #[inline]
    pub(super) fn counted(&mut self) -> Result<&'de [u8], Unreadable> {
        let count = self.count()?;
        let (counted, rest) = self.0.split_at_checked(count).ok_or(Unreadable)?;
        self.0 = rest;
        Ok(counted)
    }

    #[inline]
    pub(super) fn text(&mut self) -> Result<&'de str, Unreadable> {
        core::str::from_utf8(self.counted()?).map_err(|_| Unreadable)
    }

    /// One character, written as a text.
    pub(super) fn character(&mut self) -> Result<char, Unreadable> {
        let mut chars = self.text()?.chars();
        match (chars.next(), chars.next()) {
            (Some(char), None) => Ok(char),
            _ => Err(Unreadable),
        }
    }
}
