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

mod kinds;
mod note;
mod parts;

use postcard::{Error, Result, ser_flavors::Flavor};
use serde::{Serialize, Serializer as _};

pub(super) use self::note::Note;
use self::parts::{Fields, Items};
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
