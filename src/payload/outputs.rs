//! What a value is written to: bytes with their layout, a comparison with bytes, or a sum without regard to order.

use postcard::{
    Result,
    ser_flavors::{Flavor, Size, Slice},
};

use super::{
    fold::{Fold, Kind},
    strict::{DIFFERENT, Note},
};

/// Bytes, and the layout beside them.
pub(super) struct Folding<F> {
    output: F,
    layout: Layout,
}

/// What a value's layout is, and whether parts of it have no names.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) fold: Fold,
    /// There is a tuple, an array or a tuple struct in it.
    pub(super) has_tuples: bool,
}

impl<F> Folding<F> {
    pub(super) const fn new(output: F) -> Self {
        Self { output, layout: Layout { fold: Fold::new(), has_tuples: false } }
    }
}

impl<F: Flavor> Flavor for Folding<F> {
    type Output = (F::Output, Layout);

    #[inline]
    fn try_push(&mut self, byte: u8) -> Result<()> {
        self.output.try_push(byte)
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> Result<()> {
        self.output.try_extend(bytes)
    }

    fn finalize(self) -> Result<Self::Output> {
        Ok((self.output.finalize()?, self.layout))
    }
}

impl<F> Note for Folding<F> {
    #[inline]
    fn leaf(&mut self, kind: Kind) {
        self.layout.fold.leaf(kind);
    }

    #[inline]
    fn head(&mut self, kind: Kind) {
        self.layout.fold.head(kind);
    }

    #[inline]
    fn tuple(&mut self, len: u64) {
        self.layout.has_tuples = true;
        self.layout.fold.tuple(len);
    }

    #[inline]
    fn done(&mut self, _kind: Kind) {
        self.layout.fold.done();
    }

    #[inline]
    fn turn(&mut self, other: &mut u64) {
        self.layout.fold.turn(other);
    }

    #[inline]
    fn field(&mut self, name: &'static str) {
        self.layout.fold.field(name);
    }

    #[inline]
    fn inside(&mut self) {
        self.layout.fold.inside();
    }

    #[inline]
    fn first(&mut self) {
        self.layout.fold.first();
    }

    #[inline]
    fn item(&mut self, left: u64) {
        self.layout.fold.item(left);
    }

    #[inline]
    fn variant(&mut self, index: u32, name: &'static str) {
        self.layout.fold.variant(index, name);
    }

    #[inline]
    fn end(&mut self) {
        self.layout.fold.end();
    }

    #[inline]
    fn bytes(&mut self, count: usize) {
        self.layout.fold.bytes(count as u64);
    }
}

impl Note for Size {}
impl Note for Slice<'_> {}

/// Compares with bytes that were written before.
pub(super) struct Against<'a>(pub(super) &'a [u8]);

impl Note for Against<'_> {}

impl Flavor for Against<'_> {
    type Output = bool;

    #[inline]
    fn try_push(&mut self, byte: u8) -> Result<()> {
        self.try_extend(&[byte])
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> Result<()> {
        self.0 = self.0.strip_prefix(bytes).ok_or(DIFFERENT)?;
        Ok(())
    }

    fn finalize(self) -> Result<bool> {
        Ok(self.0.is_empty())
    }
}

/// A sum that follows the order of everything but the entries of maps and lists: serde writes sets as lists.
#[derive(Default)]
pub(super) struct AnyOrder {
    state: u64,
    /// The states around the entries that are being written.
    around: Vec<u64>,
}

/// The multiplier of a 64-bit linear congruence of full period.
const STEP: u64 = 6_364_136_223_846_793_005;

impl AnyOrder {
    const fn mix(state: u64) -> u64 {
        let state = (state ^ (state >> 32)).wrapping_mul(STEP);
        state ^ (state >> 29)
    }
}

impl Note for AnyOrder {
    fn entry_begins(&mut self) {
        self.around.push(self.state);
        self.state = 1;
    }

    fn entry_ends(&mut self) {
        let entry = Self::mix(self.state);
        self.state = self.around.pop().unwrap_or_default().wrapping_add(entry);
    }
}

impl Flavor for AnyOrder {
    type Output = u64;

    fn try_push(&mut self, byte: u8) -> Result<()> {
        self.state = Self::mix(self.state.wrapping_mul(STEP).wrapping_add(u64::from(byte)).wrapping_add(1));
        Ok(())
    }

    fn finalize(self) -> Result<u64> {
        Ok(self.state)
    }
}
