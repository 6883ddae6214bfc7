//! Postcard's serialiser, strict about what it could write but not read back.
//!
//! Postcard writes no field names, so a field left out by `skip_serializing_if` moves all that follow it into its place:
//! at best the bytes do not decode, at worst they decode as another value. serde announces such a field with
//! `skip_field`, which postcard ignores; here it is an error, and so is the map of unknown length behind `flatten`.
//!
//! Everything is passed on to postcard, except that the values inside a value come back through here. Before such a value
//! postcard writes the head alone: that of `Some` around `()`, which has no bytes, and of a newtype variant as a unit
//! variant. `payload/tests.rs` holds sizes and bytes to those that postcard writes by itself.

mod compound;

use postcard::{
    Error, Result,
    ser_flavors::{Flavor, Size, Slice},
};
use serde::{Serialize, Serializer};

/// The error for what cannot be read back; when writing, postcard itself never returns it.
pub(super) const UNREADABLE: Error = Error::WontImplement;
/// The error for too little room.
pub(super) const FULL: Error = Error::SerializeBufferFull;

/// The number of bytes postcard writes for `value`; [`UNREADABLE`] if a part is left out.
pub(super) fn size<T: Serialize + ?Sized>(value: &T) -> Result<usize> {
    through(value, Size::default())
}

/// Writes `value` to the front of `room`, and returns how many bytes that took; [`UNREADABLE`] if a part is left out, [`FULL`] if
/// there is too little room.
pub(super) fn write<T: Serialize + ?Sized>(value: &T, room: &mut [u8]) -> Result<usize> {
    through(value, Slice::new(room)).map(|written| written.len())
}

/// The number and the sum of the bytes postcard writes for `value`; [`UNREADABLE`] if a part is left out.
pub(super) fn size_and_sum<T: Serialize + ?Sized>(value: &T) -> Result<(usize, u64)> {
    through(value, Sum { size: 0, sum: 0 })
}

/// Keeps no bytes.
struct Sum {
    size: usize,
    sum: u64,
}

impl Flavor for Sum {
    type Output = (usize, u64);

    fn try_push(&mut self, byte: u8) -> Result<()> {
        self.try_extend(&[byte])
    }

    fn try_extend(&mut self, bytes: &[u8]) -> Result<()> {
        self.size = self.size.saturating_add(bytes.len());
        self.sum = self.sum.wrapping_add(super::sum(bytes));
        Ok(())
    }

    fn finalize(self) -> Result<Self::Output> {
        Ok((self.size, self.sum))
    }
}

fn through<T: Serialize + ?Sized, F: Flavor>(value: &T, output: F) -> Result<F::Output> {
    let mut strict = Strict(postcard::Serializer { output });
    value.serialize(&mut strict)?;
    strict.0.output.finalize()
}

struct Strict<F: Flavor>(postcard::Serializer<F>);

impl<F: Flavor> Serializer for &mut Strict<F> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, v: bool) -> Result<()> {
        self.0.serialize_bool(v)
    }

    fn serialize_i8(self, v: i8) -> Result<()> {
        self.0.serialize_i8(v)
    }

    fn serialize_i16(self, v: i16) -> Result<()> {
        self.0.serialize_i16(v)
    }

    fn serialize_i32(self, v: i32) -> Result<()> {
        self.0.serialize_i32(v)
    }

    fn serialize_i64(self, v: i64) -> Result<()> {
        self.0.serialize_i64(v)
    }

    fn serialize_i128(self, v: i128) -> Result<()> {
        self.0.serialize_i128(v)
    }

    fn serialize_u8(self, v: u8) -> Result<()> {
        self.0.serialize_u8(v)
    }

    fn serialize_u16(self, v: u16) -> Result<()> {
        self.0.serialize_u16(v)
    }

    fn serialize_u32(self, v: u32) -> Result<()> {
        self.0.serialize_u32(v)
    }

    fn serialize_u64(self, v: u64) -> Result<()> {
        self.0.serialize_u64(v)
    }

    fn serialize_u128(self, v: u128) -> Result<()> {
        self.0.serialize_u128(v)
    }

    fn serialize_f32(self, v: f32) -> Result<()> {
        self.0.serialize_f32(v)
    }

    fn serialize_f64(self, v: f64) -> Result<()> {
        self.0.serialize_f64(v)
    }

    fn serialize_char(self, v: char) -> Result<()> {
        self.0.serialize_char(v)
    }

    fn serialize_str(self, v: &str) -> Result<()> {
        self.0.serialize_str(v)
    }

    fn collect_str<T: core::fmt::Display + ?Sized>(self, value: &T) -> Result<()> {
        self.0.collect_str(value)
    }

    fn serialize_bytes(self, v: &[u8]) -> Result<()> {
        self.0.serialize_bytes(v)
    }

    fn serialize_none(self) -> Result<()> {
        self.0.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        self.0.serialize_some(&())?;
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.0.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<()> {
        self.0.serialize_unit_struct(name)
    }

    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Result<()> {
        self.0.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        self.0.serialize_unit_variant(name, index, variant)?;
        value.serialize(self)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self> {
        self.0.serialize_seq(len)?;
        Ok(self)
    }

    fn serialize_tuple(self, len: usize) -> Result<Self> {
        self.0.serialize_tuple(len)?;
        Ok(self)
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Self> {
        self.0.serialize_tuple_struct(name, len)?;
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self> {
        self.0.serialize_tuple_variant(name, index, variant, len)?;
        Ok(self)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self> {
        self.0.serialize_map(Some(len.ok_or(UNREADABLE)?))?;
        Ok(self)
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self> {
        self.0.serialize_struct(name, len)?;
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self> {
        self.0.serialize_struct_variant(name, index, variant, len)?;
        Ok(self)
    }
}
