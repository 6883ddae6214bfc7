//! Postcard's serialiser, strict about what it could write but not read back.
//!
//! Postcard writes no field names, so a field left out by `skip_serializing_if` moves all that follow it into its place:
//! at best the bytes do not decode, at worst they decode as another value. serde announces such a field with
//! `skip_field`, which postcard ignores; here it is an error, and so is the map of unknown length behind `flatten`.
//!
//! It tells the output of the value's structure as it goes ([`Note`]), which is how the layout is folded.
//!
//! Everything is passed on to postcard, except that the values inside a value come back through here. Before such a value
//! postcard writes the head alone: that of `Some` around `()`, which has no bytes, and of a newtype variant as a unit
//! variant. `payload/tests.rs` holds sizes and bytes to those that postcard writes by itself.

mod note;
mod parts;

use postcard::{Error, Result, ser_flavors::Flavor};
use serde::{Serialize, Serializer};

pub(super) use self::note::Note;
use self::parts::{Entries, Fields, Items};
use super::{DEPTH, fold::Kind};

/// The error for what cannot be read back; when writing, postcard itself never returns it.
pub(super) const UNREADABLE: Error = Error::WontImplement;
/// The error for too little room.
pub(super) const FULL: Error = Error::SerializeBufferFull;
/// The error for bytes that are not those of before.
pub(super) const DIFFERENT: Error = Error::SerializeSeqLengthUnknown;

/// Names of fields.
pub(crate) type Names = &'static [&'static str];

/// Writes `value` to `output`, the last fields of the outermost struct left out where `without` names them; [`UNREADABLE`] if any
/// other part is left out.
pub(super) fn through<T: Serialize + ?Sized, F: Flavor + Note>(
    value: &T,
    without: Names,
    output: F,
) -> Result<F::Output> {
    let mut strict = Strict { postcard: postcard::Serializer { output }, outermost: true, without, depth: DEPTH };
    value.serialize(&mut strict)?;
    strict.postcard.output.finalize()
}

struct Strict<F: Flavor> {
    postcard: postcard::Serializer<F>,
    /// Nothing comes after what is written now, but for the parts of one struct.
    outermost: bool,
    without: Names,
    /// How many more levels there may be.
    depth: u32,
}

impl<F: Flavor + Note> Strict<F> {
    #[inline]
    fn head(&mut self, kind: Kind) {
        self.postcard.output.head(kind);
    }

    #[inline]
    fn done(&mut self, kind: Kind) {
        self.postcard.output.done(kind);
    }

    /// One level deeper, where a type may contain itself. [`UNREADABLE`] beyond the limit; then nothing of this is used any more.
    #[inline]
    fn deeper(&mut self) -> Result<()> {
        self.depth = self.depth.checked_sub(1).ok_or(UNREADABLE)?;
        Ok(())
    }

    #[inline]
    fn shallower(&mut self) {
        self.depth = self.depth.saturating_add(1);
    }

    /// The parts that follow a head.
    fn items(&mut self, kind: Kind, count: usize) -> Items<'_, F> {
        self.postcard.output.first();
        self.outermost = false;
        Items { strict: self, kind, left: count as u64, other_run: 0 }
    }

    fn fields(&mut self) -> Result<Fields<'_, F>> {
        self.head(Kind::Struct);
        self.deeper()?;
        let outermost = core::mem::take(&mut self.outermost);
        let without = if outermost { self.without } else { &[] };
        Ok(Fields { without, left_out: false, strict: self, variant: false })
    }

    /// The number that stands for a variant.
    fn variant(&mut self, name: &'static str, index: u32, variant: &'static str) -> Result<()> {
        self.head(Kind::Variant);
        self.postcard.output.variant(index, variant);
        self.postcard.serialize_unit_variant(name, index, variant)?;
        self.postcard.output.inside();
        Ok(())
    }
}

impl<'s, F: Flavor + Note> Serializer for &'s mut Strict<F> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Items<'s, F>;
    type SerializeTuple = Items<'s, F>;
    type SerializeTupleStruct = Items<'s, F>;
    type SerializeTupleVariant = Items<'s, F>;
    type SerializeMap = Entries<'s, F>;
    type SerializeStruct = Fields<'s, F>;
    type SerializeStructVariant = Fields<'s, F>;

    fn is_human_readable(&self) -> bool {
        false
    }

    #[inline]
    fn serialize_bool(self, v: bool) -> Result<()> {
        self.postcard.output.leaf(Kind::Bool);
        self.postcard.serialize_bool(v)
    }

    #[inline]
    fn serialize_i8(self, v: i8) -> Result<()> {
        self.postcard.output.leaf(Kind::I8);
        self.postcard.serialize_i8(v)
    }

    #[inline]
    fn serialize_i16(self, v: i16) -> Result<()> {
        self.postcard.output.leaf(Kind::Signed);
        self.postcard.serialize_i16(v)
    }

    #[inline]
    fn serialize_i32(self, v: i32) -> Result<()> {
        self.postcard.output.leaf(Kind::Signed);
        self.postcard.serialize_i32(v)
    }

    #[inline]
    fn serialize_i64(self, v: i64) -> Result<()> {
        self.postcard.output.leaf(Kind::Signed);
        self.postcard.serialize_i64(v)
    }

    #[inline]
    fn serialize_i128(self, v: i128) -> Result<()> {
        self.postcard.output.leaf(Kind::Signed);
        self.postcard.serialize_i128(v)
    }

    #[inline]
    fn serialize_u8(self, v: u8) -> Result<()> {
        self.postcard.output.leaf(Kind::U8);
        self.postcard.serialize_u8(v)
    }

    #[inline]
    fn serialize_u16(self, v: u16) -> Result<()> {
        self.postcard.output.leaf(Kind::Unsigned);
        self.postcard.serialize_u16(v)
    }

    #[inline]
    fn serialize_u32(self, v: u32) -> Result<()> {
        self.postcard.output.leaf(Kind::Unsigned);
        self.postcard.serialize_u32(v)
    }

    #[inline]
    fn serialize_u64(self, v: u64) -> Result<()> {
        self.postcard.output.leaf(Kind::Unsigned);
        self.postcard.serialize_u64(v)
    }

    #[inline]
    fn serialize_u128(self, v: u128) -> Result<()> {
        self.postcard.output.leaf(Kind::Unsigned);
        self.postcard.serialize_u128(v)
    }

    #[inline]
    fn serialize_f32(self, v: f32) -> Result<()> {
        self.postcard.output.leaf(Kind::F32);
        self.postcard.serialize_f32(v)
    }

    #[inline]
    fn serialize_f64(self, v: f64) -> Result<()> {
        self.postcard.output.leaf(Kind::F64);
        self.postcard.serialize_f64(v)
    }

    #[inline]
    fn serialize_char(self, v: char) -> Result<()> {
        self.postcard.output.leaf(Kind::Char);
        self.postcard.serialize_char(v)
    }

    #[inline]
    fn serialize_str(self, v: &str) -> Result<()> {
        self.postcard.output.leaf(Kind::Str);
        self.postcard.serialize_str(v)
    }

    fn collect_str<T: core::fmt::Display + ?Sized>(self, value: &T) -> Result<()> {
        self.postcard.output.leaf(Kind::Str);
        self.postcard.collect_str(value)
    }

    fn serialize_bytes(self, v: &[u8]) -> Result<()> {
        self.postcard.output.bytes(v.len());
        self.postcard.serialize_bytes(v)
    }

    fn serialize_none(self) -> Result<()> {
        self.postcard.output.leaf(Kind::None);
        self.postcard.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        self.head(Kind::Some);
        self.postcard.serialize_some(&())?;
        self.postcard.output.inside();
        self.deeper()?;
        value.serialize(&mut *self)?;
        self.shallower();
        self.done(Kind::Some);
        Ok(())
    }

    fn serialize_unit(self) -> Result<()> {
        self.postcard.output.leaf(Kind::Unit);
        self.postcard.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<()> {
        self.postcard.output.leaf(Kind::Unit);
        self.postcard.serialize_unit_struct(name)
    }

    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Result<()> {
        self.variant(name, index, variant)?;
        self.done(Kind::Variant);
        Ok(())
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
        self.variant(name, index, variant)?;
        self.deeper()?;
        value.serialize(&mut *self)?;
        self.shallower();
        self.done(Kind::Variant);
        Ok(())
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Items<'s, F>> {
        self.postcard.serialize_seq(len)?;
        self.head(Kind::Seq);
        self.deeper()?;
        Ok(self.items(Kind::Seq, len.unwrap_or_default()))
    }

    fn serialize_tuple(self, len: usize) -> Result<Items<'s, F>> {
        self.postcard.output.tuple(len as u64);
        self.deeper()?;
        Ok(self.items(Kind::Tuple, len))
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Items<'s, F>> {
        self.postcard.output.tuple(len as u64);
        self.deeper()?;
        Ok(self.items(Kind::Tuple, len))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Items<'s, F>> {
        self.variant(name, index, variant)?;
        self.postcard.output.tuple(len as u64);
        self.deeper()?;
        let items = self.items(Kind::Tuple, len);
        Ok(Items { kind: Kind::Variant, ..items })
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Entries<'s, F>> {
        let len = len.ok_or(UNREADABLE)?;
        self.postcard.serialize_map(Some(len))?;
        self.head(Kind::Map);
        self.deeper()?;
        Ok(Entries(self.items(Kind::Map, len.saturating_mul(2))))
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Fields<'s, F>> {
        self.fields()
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Fields<'s, F>> {
        self.variant(name, index, variant)?;
        Ok(Fields { variant: true, ..self.fields()? })
    }
}
