//! The layout of a value as a number (FORMAT.md, section 11): what serde announces, folded in the order in which it comes.

use crate::error::LayoutDigest;

/// Bytes in front of a typed payload.
pub(crate) const DIGEST_LEN: usize = 3;

/// "hardtack", the first letter lowest.
const SEED: u64 = 0x6b63_6174_6472_6168;
/// The golden ratio's first 64 bits.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// What a value is, as far as a layout goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Unit = 1,
    Bool,
    U8,
    I8,
    Unsigned,
    Signed,
    F32,
    F64,
    Char,
    Str,
    None,
    Some,
    Seq,
    Map,
    Struct,
    Tuple,
    Variant,
    End,
}

impl Kind {
    const fn word(self) -> u64 {
        self as u64
    }
}

const fn fold(state: u64, word: u64) -> u64 {
    (state.rotate_left(26) ^ word).wrapping_mul(FACTOR)
}

/// The layout so far, and what the next value's kind is joined with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fold {
    state: u64,
    /// The name of the field that comes, or how many items are left.
    context: u64,
    /// The kind of leaf that does not count if it comes next; 0 for none.
    run: u64,
}

impl Fold {
    pub(super) const fn new() -> Self {
        Self { state: SEED, context: 0, run: 0 }
    }

    /// A value of this kind, which has no parts.
    #[inline]
    pub(super) const fn leaf(&mut self, kind: Kind) {
        if self.run != kind.word() {
            self.begin(kind.word());
            self.run = kind.word();
        }
    }

    /// A value of this kind begins, and its parts follow.
    #[inline]
    pub(super) const fn head(&mut self, kind: Kind) {
        self.begin(kind.word());
    }

    /// A tuple of so many items begins.
    #[inline]
    pub(super) const fn tuple(&mut self, len: u64) {
        self.begin(Kind::Tuple.word().wrapping_add(len.wrapping_shl(32)));
    }

    #[inline]
    const fn begin(&mut self, word: u64) {
        self.state = fold(self.state, self.context.wrapping_add(word));
    }

    /// A value with parts is complete: what comes after it counts, whatever kind it is.
    #[inline]
    pub(super) const fn done(&mut self) {
        self.run = 0;
    }

    /// The keys of a map have a run of their own, and so have its values: takes the other one up.
    #[inline]
    pub(super) const fn turn(&mut self, other: &mut u64) {
        core::mem::swap(&mut self.run, other);
    }

    /// The value of this field comes next.
    #[inline]
    pub(super) fn field(&mut self, name: &str) {
        self.context = name_word(name);
        self.run = 0;
    }

    /// What is inside an option or a variant comes next.
    #[inline]
    pub(super) const fn inside(&mut self) {
        self.context = 0;
        self.run = 0;
    }

    /// The first item comes next.
    #[inline]
    pub(super) const fn first(&mut self) {
        self.run = 0;
    }

    /// The next item of so many, itself included.
    #[inline]
    pub(super) const fn item(&mut self, left: u64) {
        self.context = left.wrapping_shl(8);
    }

    /// Which variant it is.
    #[inline]
    pub(super) fn variant(&mut self, index: u32, name: &str) {
        self.state = fold(self.state, name_word(name).wrapping_add(u64::from(index)));
    }

    /// A struct has no more fields.
    #[inline]
    pub(super) const fn end(&mut self) {
        self.state = fold(self.state, Kind::End.word());
    }

    /// So many bytes, as the items of a list.
    #[inline]
    pub(super) const fn bytes(&mut self, count: u64) {
        self.head(Kind::Seq);
        if count > 0 {
            self.first();
            self.item(count);
            self.leaf(Kind::U8);
        }
        self.done();
    }

    pub(super) const fn state(&self) -> u64 {
        self.state
    }

    /// The top 24 bits, the highest byte first.
    pub(super) const fn digest(&self) -> LayoutDigest {
        let [first, second, third, ..] = self.state.to_be_bytes();
        LayoutDigest([first, second, third])
    }

    /// As if a field of this name came next, whatever it holds.
    pub(super) fn beyond(mut self, field: &str) -> LayoutDigest {
        self.field(field);
        self.begin(0);
        self.digest()
    }

    /// As if the struct had no more fields.
    pub(super) const fn ended(mut self) -> LayoutDigest {
        self.end();
        self.digest()
    }
}

/// A name's length and its bytes, in words of eight; the last is filled up with zeros.
#[inline]
fn name_word(name: &str) -> u64 {
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    let whole = words.iter().fold(name.len() as u64, |state, word| fold(state, u64::from_le_bytes(*word)));
    if rest.is_empty() { whole } else { fold(whole, last_word(rest)) }
}

/// Fewer than eight bytes as a word, without a loop.
#[inline]
fn last_word(bytes: &[u8]) -> u64 {
    let shifted =
        |word: u64, places: usize| word.wrapping_shl(u32::try_from(places.wrapping_mul(8)).unwrap_or_default());
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            let first = u64::from(u32::from_le_bytes(*first));
            // The bytes that both have are the same.
            first | shifted(u64::from(u32::from_le_bytes(*last)), bytes.len().wrapping_sub(4))
        }
        _ => match *bytes {
            [a] => u64::from(a),
            [a, b] => u64::from(u16::from_le_bytes([a, b])),
            [a, b, c] => u64::from(u32::from_le_bytes([a, b, c, 0])),
            _ => 0,
        },
    }
}
