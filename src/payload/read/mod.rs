//! Reads what the strict serialiser wrote, and folds the layout that the type asks for along the way.
//!
//! The bytes are postcard's; `payload/tests.rs` holds every kind of value to what postcard reads.

mod bytes;
mod parts;

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

use self::{
    bytes::Bytes,
    parts::{Chosen, Fields},
};
use super::fold::{Fold, Kind};
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
    let mut reader = Reader { bytes: Bytes(bytes), fold: Fold::new(), written, outermost: true, shorter: false };
    let value = T::deserialize(&mut reader);
    let Reader { bytes, fold, shorter, .. } = reader;
    match value {
        Ok(value) if fold.digest() == written && bytes.0.is_empty() => Ok(Read { value, state: fold.state(), shorter }),
        // Where a field that was not written has no default, the type changed, though all that was written agrees.
        Err(Unreadable) if shorter => Err(Refusal::Layout { written, read: fold.digest() }),
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
    shorter: bool,
}

impl Reader<'_> {
    /// Whether all that was written has been read, and this is where the outermost struct ended then.
    #[inline]
    fn was_written_until_here(&mut self) -> bool {
        if self.bytes.0.is_empty() && self.fold.ended() == self.written {
            self.shorter = true;
        }
        self.shorter
    }

    /// A number of at most so many bits, as the type that has them.
    #[inline]
    fn unsigned<T: TryFrom<u64>>(&mut self, bits: u32) -> Result<T, Unreadable> {
        self.fold.head(Kind::Unsigned);
        self.bytes.varint(bits)?.try_into().map_err(|_| Unreadable)
    }

    #[inline]
    fn signed<T: TryFrom<i64>>(&mut self, bits: u32) -> Result<T, Unreadable> {
        self.fold.head(Kind::Signed);
        self.bytes.signed(bits)?.try_into().map_err(|_| Unreadable)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unreadable;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Bool);
        visitor.visit_bool(self.bytes.flag()?)
    }

    #[inline]
    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::I8);
        visitor.visit_i8(self.bytes.byte()?.cast_signed())
    }

    #[inline]
    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i16(self.signed(16)?)
    }

    #[inline]
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i32(self.signed(32)?)
    }

    #[inline]
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i64(self.signed(64)?)
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Signed);
        visitor.visit_i128(self.bytes.signed_128()?)
    }

    #[inline]
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::U8);
        visitor.visit_u8(self.bytes.byte()?)
    }

    #[inline]
    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_u16(self.unsigned(16)?)
    }

    #[inline]
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_u32(self.unsigned(32)?)
    }

    #[inline]
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_u64(self.unsigned(64)?)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Unsigned);
        visitor.visit_u128(self.bytes.varint_128()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::F32);
        visitor.visit_f32(f32::from_le_bytes(self.bytes.array()?))
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::F64);
        visitor.visit_f64(f64::from_le_bytes(self.bytes.array()?))
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Char);
        visitor.visit_char(self.bytes.character()?)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Str);
        visitor.visit_borrowed_str(self.bytes.text()?)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let bytes = self.bytes.counted().inspect_err(|_| self.fold.head(Kind::Seq))?;
        self.fold.bytes(bytes.len() as u64);
        visitor.visit_borrowed_bytes(bytes)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_bytes(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        // Where it says neither, it counts as something, so that a layout that goes on here never looks complete.
        if !self.bytes.flag().inspect_err(|_| self.fold.head(Kind::Some))? {
            self.fold.head(Kind::None);
            return visitor.visit_none();
        }
        self.fold.head(Kind::Some);
        self.fold.inside();
        let value = visitor.visit_some(&mut *self)?;
        self.fold.done(Kind::Some);
        Ok(value)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Unit);
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Seq);
        let count = self.bytes.count()?;
        self.items(Kind::Seq, count, |items| visitor.visit_seq(items))
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Tuple);
        self.items(Kind::Tuple, len, |items| visitor.visit_seq(items))
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_tuple(len, visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Map);
        let count = self.bytes.count()?.saturating_mul(2);
        self.items(Kind::Map, count, |items| visitor.visit_map(items))
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Struct);
        let outermost = core::mem::take(&mut self.outermost);
        let mut fields = Fields { reader: self, names: fields, outermost };
        let value = visitor.visit_seq(&mut fields);
        let all = fields.names.is_empty();
        // Also where something in it is not readable, so that a layout that agrees all the same is complete.
        self.fold.end();
        self.fold.done(Kind::Struct);
        if all { value } else { Err(Unreadable) }
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Variant);
        let index = u32::try_from(self.bytes.varint(32)?).map_err(|_| Unreadable)?;
        let name = usize::try_from(index).ok().and_then(|index| variants.get(index)).copied().unwrap_or_default();
        self.fold.variant(index, name);
        let value = visitor.visit_enum(Chosen { reader: &mut *self, index })?;
        self.fold.done(Kind::Variant);
        Ok(value)
    }
}
