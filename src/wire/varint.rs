//! Unsigned LEB128 in its shortest form, for values below 2^42.

/// Bytes of the longest varint of the format: 40 bits in groups of seven.
const MAX_LEN: usize = 6;

/// Takes a varint of at most `max` off the front of `input`; `None` for another form or a larger value.
pub(crate) fn take(input: &mut &[u8], max: u64) -> Option<u64> {
    let mut value = 0_u64;
    for (index, shift) in (0..MAX_LEN).zip((0_u32..).step_by(7)) {
        let (&byte, rest) = input.split_first()?;
        *input = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            let shortest = byte != 0 || index == 0;
            return (shortest && value <= max).then_some(value);
        }
    }
    None
}

/// Appends `value`.
pub(crate) fn put(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

/// Bytes that `value` takes.
pub(crate) fn len(value: u64) -> usize {
    let bits = u64::BITS.saturating_sub(value.leading_zeros()).max(1);
    bits.div_ceil(7) as usize
}
