//! Each kind of value, as it is written: its kind is noted, then postcard writes it.

use postcard::{Error, Result, ser_flavors::Flavor};
use serde::{Serialize, Serializer};

use super::{
    Kind, Note, Strict, UNREADABLE,
    parts::{Entries, Fields, Items},
};

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
