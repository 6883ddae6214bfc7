//! What has parts: each comes back through the strict serialiser, and none may be left out.

use postcard::{Error, Result, ser_flavors::Flavor};
use serde::{Serialize, ser};

use super::{Kind, Names, Note, Strict, UNREADABLE};

/// A list, or a tuple.
pub(super) struct Items<'s, F: Flavor> {
    pub(super) strict: &'s mut Strict<F>,
    /// What it is to those around it: a variant, perhaps.
    pub(super) kind: Kind,
    pub(super) left: u64,
    /// Where the values of a map got to while a key is written, and the other way round.
    pub(super) other_run: u64,
}

impl<F: Flavor + Note> Items<'_, F> {
    #[inline]
    fn write<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.strict.postcard.output.item(self.left);
        self.left = self.left.checked_sub(1).ok_or(UNREADABLE)?;
        value.serialize(&mut *self.strict)
    }

    /// Fewer than were announced cannot be read back.
    #[inline]
    fn finish(self) -> Result<()> {
        if self.left > 0 {
            return Err(UNREADABLE);
        }
        self.strict.shallower();
        self.strict.done(self.kind);
        Ok(())
    }
}

impl<F: Flavor + Note> ser::SerializeSeq for Items<'_, F> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.strict.postcard.output.entry_begins();
        self.write(value)?;
        self.strict.postcard.output.entry_ends();
        Ok(())
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl<F: Flavor + Note> ser::SerializeTuple for Items<'_, F> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.write(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl<F: Flavor + Note> ser::SerializeTupleStruct for Items<'_, F> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.write(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl<F: Flavor + Note> ser::SerializeTupleVariant for Items<'_, F> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.write(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

/// A map, whose keys and values are items.
pub(super) struct Entries<'s, F: Flavor>(pub(super) Items<'s, F>);

impl<F: Flavor + Note> ser::SerializeMap for Entries<'_, F> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.0.strict.postcard.output.entry_begins();
        self.0.write(key)?;
        self.0.strict.postcard.output.turn(&mut self.0.other_run);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.0.write(value)?;
        self.0.strict.postcard.output.turn(&mut self.0.other_run);
        self.0.strict.postcard.output.entry_ends();
        Ok(())
    }

    fn end(self) -> Result<()> {
        self.0.finish()
    }
}

/// A struct, or a variant with named fields.
pub(super) struct Fields<'s, F: Flavor> {
    pub(super) strict: &'s mut Strict<F>,
    /// Fields that are not written yet: the last ones.
    pub(super) without: Names,
    /// Some were not written, so none may follow.
    pub(super) left_out: bool,
    pub(super) variant: bool,
}

impl<F: Flavor + Note> Fields<'_, F> {
    #[inline]
    fn write<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        if !self.without.is_empty() {
            if self.without.contains(&name) {
                self.left_out = true;
                return Ok(());
            }
            if self.left_out {
                return Err(UNREADABLE);
            }
        }
        self.strict.postcard.output.field(name);
        value.serialize(&mut *self.strict)
    }

    #[inline]
    fn finish(self) {
        self.strict.postcard.output.end();
        self.strict.shallower();
        self.strict.done(if self.variant { Kind::Variant } else { Kind::Struct });
    }
}

impl<F: Flavor + Note> ser::SerializeStruct for Fields<'_, F> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.write(name, value)
    }

    fn skip_field(&mut self, _name: &'static str) -> Result<()> {
        Err(UNREADABLE)
    }

    #[inline]
    fn end(self) -> Result<()> {
        self.finish();
        Ok(())
    }
}

impl<F: Flavor + Note> ser::SerializeStructVariant for Fields<'_, F> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.write(name, value)
    }

    fn skip_field(&mut self, _name: &'static str) -> Result<()> {
        Err(UNREADABLE)
    }

    #[inline]
    fn end(self) -> Result<()> {
        self.finish();
        Ok(())
    }
}
