//! Random types, values of them, and changes of a type: from a fixed seed or from given bytes, so the same ones each time.

use super::driven::Type;
use crate::common::layout::Value;

const NAMES: [&str; 12] = [
    "id",
    "user",
    "name",
    "admin",
    "gift",
    "items",
    "a_rather_long_name",
    "eight_by",
    "seven_b",
    "x",
    "expires_at",
    "note",
];

/// A generator of numbers: bytes that were given, then splitmix64.
pub(crate) struct Random<'a> {
    given: &'a [u8],
    state: u64,
}

impl<'a> Random<'a> {
    pub(crate) fn seeded(state: u64) -> Self {
        Self { given: &[], state }
    }

    #[allow(dead_code, reason = "for the fuzz target `layouts`")]
    pub(crate) fn from_bytes(given: &'a [u8]) -> Self {
        Self { given, state: 0 }
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        if let Some((first, rest)) = self.given.split_first() {
            self.given = rest;
            return usize::from(*first) % limit;
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.below(NAMES.len())]
    }

    /// A type, with structs and enums down to this depth.
    pub(crate) fn type_of(&mut self, depth: usize) -> Type {
        match self.below(if depth == 0 { 10 } else { 18 }) {
            0 => Type::Unit,
            1 => Type::Bool,
            2 => Type::U8,
            3 => Type::I8,
            4 => Type::Unsigned,
            5 => Type::Signed,
            6 => Type::F32,
            7 => Type::F64,
            8 => Type::Char,
            9 => Type::Str,
            10 => Type::Option(self.type_of(depth - 1).into()),
            11 => Type::Seq(self.item(depth - 1).into()),
            12 => Type::Map(self.item(depth - 1).into(), self.item(depth - 1).into()),
            13 | 14 => Type::Tuple((0..1 + self.below(3)).map(|_| self.type_of(depth - 1)).collect()),
            15 => {
                let variant =
                    |random: &mut Self| (random.name(), (random.below(2) == 0).then(|| random.type_of(depth - 1)));
                Type::Enum((0..1 + self.below(4)).map(|_| variant(self)).collect())
            }
            _ => self.fields(depth - 1),
        }
    }

    /// A type that takes a byte at least, which items of lists have to.
    fn item(&mut self, depth: usize) -> Type {
        let mut of = self.type_of(depth);
        while self.value_of(&of).bytes().is_empty() {
            of = self.type_of(depth);
        }
        of
    }

    pub(crate) fn fields(&mut self, depth: usize) -> Type {
        let fields = (0..1 + self.below(4)).map(|_| (self.name(), self.type_of(depth), false));
        Type::Struct(fields.collect())
    }

    pub(crate) fn value_of(&mut self, of: &Type) -> Value {
        match of {
            Type::Unit => Value::Unit,
            Type::Bool => Value::Bool(self.below(2) == 1),
            Type::U8 => Value::U8(self.below(4) as u8),
            Type::I8 => Value::I8(self.below(4) as i8),
            Type::Unsigned => Value::Unsigned(self.below(300) as u64),
            Type::Signed => Value::Signed(self.below(300) as i64 - 150),
            Type::F32 => Value::F32(self.below(3) as f32),
            Type::F64 => Value::F64(self.below(3) as f64),
            Type::Char => Value::Char(['a', '0', 'é'][self.below(3)]),
            Type::Str => Value::text(["", "a", "\u{1}\u{1}"][self.below(3)]),
            Type::Option(inner) if self.below(3) > 0 => Value::Some(self.value_of(inner).into()),
            Type::Option(_) => Value::None,
            Type::Seq(item) => Value::Seq((0..self.below(4)).map(|_| self.value_of(item)).collect()),
            Type::Map(key, value) => {
                Value::Map((0..self.below(3)).map(|_| (self.value_of(key), self.value_of(value))).collect())
            }
            Type::Struct(fields) => {
                Value::Struct(fields.iter().map(|(name, of, _)| (*name, self.value_of(of))).collect())
            }
            Type::Tuple(items) => Value::Tuple(items.iter().map(|item| self.value_of(item)).collect()),
            Type::Enum(variants) => {
                let index = self.below(variants.len());
                let (name, of) = &variants[index];
                Value::Variant(index as u32, name, of.as_ref().map(|of| self.value_of(of).into()))
            }
        }
    }

    /// A change somewhere in the type, such as people make.
    pub(crate) fn change(&mut self, of: &mut Type) {
        let inside = self.below(3) > 0;
        match of {
            Type::Struct(fields) => {
                let at = self.below(fields.len().max(1));
                if inside && !fields.is_empty() {
                    return self.change(&mut fields[at].1);
                }
                match self.below(5) {
                    0 if fields.len() > 1 => drop(fields.remove(at)),
                    1 => fields.insert(at, (self.name(), self.type_of(1), false)),
                    2 => fields[at].0 = self.name(),
                    3 => fields.rotate_left(1),
                    _ => fields.push((self.name(), self.type_of(1), self.below(2) == 0)),
                }
            }
            Type::Tuple(items) => {
                let at = self.below(items.len());
                match self.below(3) {
                    0 if items.len() > 1 => drop(items.remove(at)),
                    1 => items.insert(at, self.type_of(1)),
                    _ => self.change(&mut items[at]),
                }
            }
            Type::Enum(variants) => {
                let at = self.below(variants.len());
                match (self.below(4), &mut variants[at].1) {
                    (0, _) => variants.insert(at, (self.name(), None)),
                    (1, _) => variants.rotate_left(1),
                    (2, Some(of)) => self.change(of),
                    (2 | 3, _) => variants[at].0 = self.name(),
                    _ => variants.push((self.name(), None)),
                }
            }
            Type::Option(inner) | Type::Seq(inner) | Type::Map(_, inner) if inside => self.change(inner),
            Type::Option(inner) => *of = (**inner).clone(),
            _ if self.below(4) == 0 => *of = Type::Option(of.clone().into()),
            _ => *of = self.item(1),
        }
    }
}
