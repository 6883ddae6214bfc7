//! Each kind of value, as a type asks for it.

use serde::{Deserializer, de::Visitor};

use super::{
    Kind, Reader, Unreadable,
    parts::{Chosen, Fields},
};

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
        self.fold.leaf(Kind::Bool);
        visitor.visit_bool(self.bytes.flag()?)
    }

    #[inline]
    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.leaf(Kind::I8);
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
        self.fold.leaf(Kind::Signed);
        visitor.visit_i128(self.bytes.signed_128()?)
    }

    #[inline]
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.leaf(Kind::U8);
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
        self.fold.leaf(Kind::Unsigned);
        visitor.visit_u128(self.bytes.varint_128()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.leaf(Kind::F32);
        visitor.visit_f32(f32::from_le_bytes(self.bytes.array()?))
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.leaf(Kind::F64);
        visitor.visit_f64(f64::from_le_bytes(self.bytes.array()?))
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.leaf(Kind::Char);
        visitor.visit_char(self.bytes.character()?)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.leaf(Kind::Str);
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
            self.fold.leaf(Kind::None);
            return visitor.visit_none();
        }
        self.fold.head(Kind::Some);
        self.fold.inside();
        self.deeper()?;
        let value = visitor.visit_some(&mut *self)?;
        self.shallower();
        self.fold.done();
        Ok(value)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.leaf(Kind::Unit);
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
        self.entries(count, count, |items| visitor.visit_seq(items))
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.fold.tuple(len as u64);
        self.items(len, |items| visitor.visit_seq(items))
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
        let count = self.bytes.count()?;
        self.entries(count, count.saturating_mul(2), |items| visitor.visit_map(items))
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.fold.head(Kind::Struct);
        self.deeper()?;
        let outermost = core::mem::take(&mut self.outermost);
        let mut fields = Fields { reader: self, names: fields, outermost };
        let value = visitor.visit_seq(&mut fields);
        let all = fields.names.is_empty();
        // Also where something in it is not readable, so that a layout that agrees all the same is complete.
        self.fold.end();
        self.fold.done();
        self.shallower();
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
        self.deeper()?;
        let value = visitor.visit_enum(Chosen { reader: &mut *self, index })?;
        self.shallower();
        self.fold.done();
        Ok(value)
    }
}
