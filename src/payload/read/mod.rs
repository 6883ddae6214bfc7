//! Reads what the strict serialiser wrote, and folds the layout that the type asks for along the way.
//!
//! The bytes are postcard's; `payload/tests.rs` holds every kind of value to what postcard reads.

mod bytes;
mod kinds;
mod parts;

use core::fmt;

use serde::{Deserialize, de::Error};

use self::bytes::Bytes;
use super::{
    DEPTH,
    fold::{Fold, Kind},
};
use crate::error::{LayoutDigest, Refusal};

/// A value that was read.
pub(super) struct Read<T> {
    pub(super) value: T,
    /// All of its layout.
    pub(super) state: u64,
    /// The last fields of the outermost struct were not written.
    pub(super) shorter: bool,
}

/// The value of a typed payload, which may borrow from it.
pub(super) fn read<'de, T: Deserialize<'de>>(payload: &'de [u8]) -> Result<Read<T>, Refusal> {
    let (written, bytes) = payload.split_first_chunk().ok_or_else(|| cut_off(payload))?;
    let written = LayoutDigest(*written);
    let mut reader =
        Reader { bytes: Bytes(bytes), fold: Fold::new(), written, outermost: true, shorter: None, depth: DEPTH };
    let value = T::deserialize(&mut reader);
    let Reader { bytes, fold, shorter, .. } = reader;
    match (value, shorter) {
        (Ok(value), _) if fold.digest() == written && bytes.0.is_empty() => {
            Ok(Read { value, state: fold.state(), shorter: shorter.is_some() })
        }
        // A field that was not written has no default: the type changed, though all that was written agrees.
        (Err(Unreadable), Some(field)) => Err(Refusal::Layout { written, read: fold.beyond(field) }),
        _ if fold.digest() == written => Err(Refusal::Payload),
        _ => Err(Refusal::Layout { written, read: fold.digest() }),
    }
}

/// Fewer bytes than every typed payload has.
fn cut_off(payload: &[u8]) -> Refusal {
    let mut written = [0; 3];
    written.iter_mut().zip(payload).for_each(|(to, from)| *to = *from);
    Refusal::Layout { written: LayoutDigest(written), read: Fold::new().digest() }
}

/// The bytes are not a value of the type. What is wrong with them is not told: it might show some of them.
#[derive(Debug)]
pub(super) struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes are not a value of this type")
    }
}

impl core::error::Error for Unreadable {}

impl Error for Unreadable {
    #[cold]
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Reader<'de> {
    bytes: Bytes<'de>,
    fold: Fold,
    written: LayoutDigest,
    /// Nothing comes after what is read now, but for the parts of one struct.
    outermost: bool,
    /// The first field that was not written, if the outermost struct ended before it.
    shorter: Option<&'static str>,
    /// How many more levels there may be.
    depth: u32,
}

impl Reader<'_> {
    /// Whether all that was written has been read, and the outermost struct ended before this field then.
    #[inline]
    fn was_written_until(&mut self, field: &'static str) -> bool {
        if self.shorter.is_none() && self.bytes.0.is_empty() && self.fold.ended() == self.written {
            self.shorter = Some(field);
        }
        self.shorter.is_some()
    }

    /// One level deeper, where a type may contain itself. After an error nothing more is read.
    #[inline]
    fn deeper(&mut self) -> Result<(), Unreadable> {
        self.depth = self.depth.checked_sub(1).ok_or(Unreadable)?;
        Ok(())
    }

    #[inline]
    fn shallower(&mut self) {
        self.depth = self.depth.saturating_add(1);
    }

    /// A number of at most so many bits, as the type that has them.
    #[inline]
    fn unsigned<T: TryFrom<u64>>(&mut self, bits: u32) -> Result<T, Unreadable> {
        self.fold.leaf(Kind::Unsigned);
        self.bytes.varint(bits)?.try_into().map_err(|_| Unreadable)
    }

    #[inline]
    fn signed<T: TryFrom<i64>>(&mut self, bits: u32) -> Result<T, Unreadable> {
        self.fold.leaf(Kind::Signed);
        self.bytes.signed(bits)?.try_into().map_err(|_| Unreadable)
    }
}
