//! The plaintext: flags, claims, payload, extensions, padding (FORMAT.md, section 2).

use core::ops::Range;

use super::{TIME_END, claims::Claims, cursor::Cursor, extensions, varint};
use crate::{error::Refusal, id::SessionId};

const REMEMBERED: u8 = 1;
const EXTENDED: u8 = 1 << 1;
const SESSION_ID_LEN: usize = 16;

/// Where the parts of a plaintext lie.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) claims: Claims,
    pub(crate) payload: Range<usize>,
    /// A checked extension block; empty if there is none.
    pub(crate) extensions: Range<usize>,
}

impl Layout {
    /// Step 6 of opening: `Flags` before all else, then `Format`, then `Extension`.
    /// `reads_device_keys` says whether extension 0x01 is understood.
    pub(crate) fn parse(plaintext: &[u8], reads_device_keys: bool) -> Result<Self, Refusal> {
        let (&flags, rest) = plaintext.split_first().ok_or(Refusal::Format)?;
        if flags & !(REMEMBERED | EXTENDED) != 0 {
            return Err(Refusal::Flags);
        }
        let layout = Self::parse_fields(flags, rest, plaintext.len()).ok_or(Refusal::Format)?;
        let block = plaintext.get(layout.extensions.clone()).unwrap_or_default();
        extensions::check(block, reads_device_keys)?;
        Ok(layout)
    }

    fn parse_fields(flags: u8, mut rest: &[u8], total: usize) -> Option<Self> {
        let schema = u16::try_from(varint::take(&mut rest, u64::from(u16::MAX))?).ok()?;
        let created_at = take_time(&mut rest, 0)?;
        let ends_at = take_time(&mut rest, created_at)?;
        let issued_at = take_time(&mut rest, created_at)?;
        let expires_at = take_time(&mut rest, issued_at)?;
        let (session_id, mut rest) = rest.split_first_chunk::<SESSION_ID_LEN>()?;
        let payload = take_counted(&mut rest, total)?;
        let extensions = if flags & EXTENDED == 0 { 0..0 } else { take_counted(&mut rest, total)? };
        let in_order = issued_at < expires_at && expires_at <= ends_at;
        let extensions_fit = flags & EXTENDED == 0 || !extensions.is_empty();
        let padded_with_zeros = rest.iter().all(|&byte| byte == 0);
        (in_order && extensions_fit && padded_with_zeros).then_some(Self {
            claims: Claims {
                remembered: flags & REMEMBERED != 0,
                schema,
                created_at,
                ends_at,
                issued_at,
                expires_at,
                session_id: SessionId(*session_id),
            },
            payload,
            extensions,
        })
    }
}

/// A plaintext to be written.
#[derive(Clone, Copy)]
pub(crate) struct Plaintext<'a> {
    pub(crate) claims: &'a Claims,
    pub(crate) payload: &'a [u8],
    /// A checked extension block, or nothing.
    pub(crate) extensions: &'a [u8],
}

impl<'a> Plaintext<'a> {
    /// The same without the payload's bytes.
    pub(crate) fn frame(&self) -> Frame<'a> {
        Frame::new(self.claims, self.payload.len(), self.extensions)
    }
}

/// All of a plaintext but the bytes of its payload, which are written into their place before it.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    claims: &'a Claims,
    payload_len: usize,
    /// A checked extension block, or nothing.
    extensions: &'a [u8],
    /// Bytes in front of the payload's length: counted once, asked for often.
    head_len: usize,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(claims: &'a Claims, payload_len: usize, extensions: &'a [u8]) -> Self {
        Self { claims, payload_len, extensions, head_len: head_len(claims) }
    }

    /// The same for a payload of another length.
    pub(crate) fn with_payload(self, payload_len: usize) -> Self {
        Self { payload_len, ..self }
    }

    /// Where the payload lies.
    pub(crate) fn payload_start(&self) -> usize {
        self.head_len.saturating_add(varint::len(self.payload_len as u64))
    }

    /// Writes everything around the payload, padded to `padded_len` bytes; `None` if that or `out` is too short.
    pub(crate) fn write_around(&self, padded_len: usize, out: &mut [u8]) -> Option<()> {
        let (head, rest) = out.get_mut(..padded_len)?.split_at_mut_checked(self.payload_start())?;
        let extended = if self.extensions.is_empty() { 0 } else { EXTENDED };
        let mut head = Cursor::new(head);
        head.put(&[u8::from(self.claims.remembered) | extended])?;
        head.put_varint(u64::from(self.claims.schema))?;
        for time in time_fields(self.claims) {
            head.put_varint(time)?;
        }
        head.put(&self.claims.session_id.0)?;
        head.put_varint(self.payload_len as u64)?;
        let mut tail = Cursor::new(rest.get_mut(self.payload_len..)?);
        if extended != 0 {
            tail.put_varint(self.extensions.len() as u64)?;
            tail.put(self.extensions)?;
        }
        tail.fill_with_zeros();
        Some(())
    }

    /// How many bytes the payload may grow by in a plaintext of at most `most` bytes.
    pub(crate) fn payload_room(&self, most: usize) -> usize {
        let others = self.len().saturating_sub(counted_len(self.payload_len));
        let counted = most.saturating_sub(others);
        // Its length takes one to three bytes, more for a longer payload.
        let fits = |payload: &usize| counted_len(*payload) <= counted;
        let longest = (1..=3).map(|length| counted.saturating_sub(length)).find(fits);
        longest.unwrap_or(0).saturating_sub(self.payload_len)
    }

    /// Bytes of the whole plaintext, padded to a multiple of `block` bytes.
    pub(crate) fn padded_len(&self, block: usize) -> usize {
        self.len().checked_next_multiple_of(block.max(1)).unwrap_or(usize::MAX)
    }

    /// Bytes of the whole plaintext without padding.
    fn len(&self) -> usize {
        let extensions = if self.extensions.is_empty() { 0 } else { counted_len(self.extensions.len()) };
        self.head_len.saturating_add(counted_len(self.payload_len)).saturating_add(extensions)
    }
}

/// Flags, schema, times and session id.
fn head_len(claims: &Claims) -> usize {
    let times: usize = time_fields(claims).into_iter().map(varint::len).sum();
    1_usize.saturating_add(varint::len(u64::from(claims.schema))).saturating_add(times).saturating_add(SESSION_ID_LEN)
}

/// The four times as the format counts them: each from an earlier one.
fn time_fields(claims: &Claims) -> [u64; 4] {
    [
        claims.created_at,
        claims.ends_at.saturating_sub(claims.created_at),
        claims.issued_at.saturating_sub(claims.created_at),
        claims.expires_at.saturating_sub(claims.issued_at),
    ]
}

fn take_time(input: &mut &[u8], base: u64) -> Option<u64> {
    let sum = base.checked_add(varint::take(input, TIME_END)?)?;
    (sum < TIME_END).then_some(sum)
}

fn counted_len(bytes: usize) -> usize {
    varint::len(bytes as u64).saturating_add(bytes)
}

/// Takes a length and that many bytes; returns where they lie in a plaintext of `total` bytes.
fn take_counted(input: &mut &[u8], total: usize) -> Option<Range<usize>> {
    let length = usize::try_from(varint::take(input, u64::from(u16::MAX))?).ok()?;
    let start = total.checked_sub(input.len())?;
    let (_, rest) = input.split_at_checked(length)?;
    *input = rest;
    Some(start..start.checked_add(length)?)
}
