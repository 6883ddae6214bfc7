//! What has parts: each is read through the same reader, and none may be left over.

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
        value::U32Deserializer,
    },
};

use super::{Reader, Unreadable};

/// The items of a list, a tuple or a map.
pub(super) struct Items<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
    pub(super) left: usize,
    /// Where the values of a map got to while a key is read, and the other way round.
    other_run: u64,
}

impl<'de> Items<'_, 'de> {
    /// The next item, if there is one.
    #[inline]
    fn next<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.reader.fold.item(self.left as u64);
        self.left = left;
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        self.next(seed)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    #[inline]
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let key = self.next(seed)?;
        self.reader.fold.turn(&mut self.other_run);
        Ok(key)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unreadable> {
        let value = self.next(seed)?.ok_or(Unreadable)?;
        self.reader.fold.turn(&mut self.other_run);
        Ok(value)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.left.div_euclid(2))
    }
}

/// The fields of a struct, or of a variant with named fields.
pub(super) struct Fields<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
    pub(super) names: &'static [&'static str],
    /// It is the outermost struct, whose bytes may end before its fields do.
    pub(super) outermost: bool,
}

impl<'de> SeqAccess<'de> for Fields<'_, 'de> {
    type Error = Unreadable;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let Some((name, names)) = self.names.split_first() else { return Ok(None) };
        if self.outermost && self.reader.was_written_until(name) {
            self.names = &[];
            return Ok(None);
        }
        self.names = names;
        self.reader.fold.field(name);
        seed.deserialize(&mut *self.reader).map(Some)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.names.len())
    }
}

/// A variant, whose number was read.
pub(super) struct Chosen<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
    pub(super) index: u32,
}

impl<'de> EnumAccess<'de> for Chosen<'_, 'de> {
    type Error = Unreadable;
    type Variant = Self;

    #[inline]
    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Unreadable> {
        let index: U32Deserializer<Unreadable> = self.index.into_deserializer();
        Ok((seed.deserialize(index)?, self))
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_, 'de> {
    type Error = Unreadable;

    #[inline]
    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    #[inline]
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Unreadable> {
        self.reader.fold.inside();
        seed.deserialize(self.reader)
    }

    #[inline]
    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.reader.fold.inside();
        self.reader.deserialize_tuple(len, visitor)
    }

    #[inline]
    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.reader.fold.inside();
        self.reader.deserialize_struct("", fields, visitor)
    }
}

impl<'de> Reader<'de> {
    /// So many items; an error if the type does not ask for all.
    #[inline]
    pub(super) fn items<V>(
        &mut self,
        count: usize,
        visit: impl FnOnce(&mut Items<'_, 'de>) -> Result<V, Unreadable>,
    ) -> Result<V, Unreadable> {
        self.deeper()?;
        self.fold.first();
        self.outermost = false;
        let mut items = Items { reader: self, left: count, other_run: 0 };
        let value = visit(&mut items)?;
        if items.left > 0 {
            return Err(Unreadable);
        }
        self.shallower();
        self.fold.done();
        Ok(value)
    }

    /// The items of so many entries of a list or a map, of which each takes a byte on average: a list of values without bytes cannot
    /// claim more of them than there are bytes.
    #[inline]
    pub(super) fn entries<V>(
        &mut self,
        count: usize,
        items: usize,
        visit: impl FnOnce(&mut Items<'_, 'de>) -> Result<V, Unreadable>,
    ) -> Result<V, Unreadable> {
        let before = self.bytes.0.len();
        let value = self.items(items, visit)?;
        if before.saturating_sub(self.bytes.0.len()) < count { Err(Unreadable) } else { Ok(value) }
    }
}
