//! What an output may hear of a value beside its bytes.

use crate::payload::fold::Kind;

/// Hears of a value's structure while it is written. By default it takes no notice.
pub(in crate::payload) trait Note {
    /// A value of this kind, which has no parts.
    #[inline]
    fn leaf(&mut self, _kind: Kind) {}

    /// A value of this kind begins, and its parts follow.
    #[inline]
    fn head(&mut self, _kind: Kind) {}

    /// A tuple of so many items begins.
    #[inline]
    fn tuple(&mut self, _len: u64) {}

    /// A key of a map comes after a value, or the other way round; `other` is where the other ones got to.
    #[inline]
    fn turn(&mut self, _other: &mut u64) {}

    /// A value of this kind, which has parts, is complete.
    #[inline]
    fn done(&mut self, _kind: Kind) {}

    /// The value of this field comes next.
    #[inline]
    fn field(&mut self, _name: &'static str) {}

    /// What is inside an option or a variant comes next.
    #[inline]
    fn inside(&mut self) {}

    /// The first item of a list, a tuple or a map comes next.
    #[inline]
    fn first(&mut self) {}

    /// The next item of so many, itself included. The keys and values of a map are items.
    #[inline]
    fn item(&mut self, _left: u64) {}

    /// Which variant it is.
    #[inline]
    fn variant(&mut self, _index: u32, _name: &'static str) {}

    /// A struct has no more fields.
    #[inline]
    fn end(&mut self) {}

    /// So many bytes, as the items of a list.
    #[inline]
    fn bytes(&mut self, _count: usize) {}

    /// An entry of a list or a map begins.
    #[inline]
    fn entry_begins(&mut self) {}

    /// An entry of a list or a map is complete.
    #[inline]
    fn entry_ends(&mut self) {}
}
