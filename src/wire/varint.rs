//! Unsigned LEB128 in its shortest form, for values below 2^42.

/// Bytes of the longest varint of the format: 40 bits in groups of seven.
pub(super) const MAX_LEN: usize = 6;
/// Bits of a value in each byte.
pub(super) const GROUP: u32 = 7;
/// The bit that says that more bytes follow.
pub(super) const MORE: u8 = 0x80;

/// Takes a varint of at most `max` off the front of `input`; `None` for another form or a larger value.
#[inline]
pub(crate) fn take(input: &mut &[u8], max: u64) -> Option<u64> {
    let mut value = 0_u64;
    for (index, shift) in (0..MAX_LEN).zip((0_u32..).step_by(GROUP as usize)) {
        let (&byte, rest) = input.split_first()?;
        *input = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & MORE == 0 {
            let shortest = byte != 0 || index == 0;
            return (shortest && value <= max).then_some(value);
        }
    }
    None
}

/// Bytes that `value` takes.
#[inline]
pub(crate) fn len(value: u64) -> usize {
    let bits = u64::BITS.saturating_sub(value.leading_zeros()).max(1);
    bits.div_ceil(GROUP) as usize
}
