//! The layout of a value (FORMAT.md, section 11) once more, slowly and plainly. It shares no code with the crate.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple},
};

/// A value, with all that serde announces of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Unit,
    Bool(bool),
    U8(u8),
    I8(i8),
    Unsigned(u64),
    Signed(i64),
    F32(f32),
    F64(f64),
    Char(char),
    Str(String),
    None,
    Some(Box<Value>),
    Seq(Vec<Value>),
    Map(Vec<(Value, Value)>),
    Struct(Vec<(&'static str, Value)>),
    Tuple(Vec<Value>),
    Variant(u32, &'static str, Option<Box<Value>>),
}

impl Value {
    /// A struct of these fields.
    pub(crate) fn fields<const N: usize>(fields: [(&'static str, Value); N]) -> Self {
        Self::Struct(fields.into())
    }

    /// A text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Str(text.to_owned())
    }

    /// The payload: three bytes of the layout, and postcard's.
    pub(crate) fn payload(&self) -> Vec<u8> {
        [self.digest().as_slice(), &self.bytes()].concat()
    }

    /// The three bytes that a payload begins with.
    pub(crate) fn digest(&self) -> [u8; 3] {
        let [a, b, c, ..] = self.state().to_be_bytes();
        [a, b, c]
    }

    /// The 64 bits that the three are taken from.
    pub(crate) fn state(&self) -> u64 {
        let mut words = Vec::new();
        self.words_into(0, None, &mut words);
        words.into_iter().fold(u64::from_le_bytes(*b"hardtack"), step)
    }

    /// Postcard's bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Unit => vec![],
            Self::Bool(v) => vec![u8::from(*v)],
            Self::U8(v) => vec![*v],
            Self::I8(v) => vec![v.cast_unsigned()],
            Self::Unsigned(v) => varint(*v),
            Self::Signed(v) if *v < 0 => varint((-(v + 1)).cast_unsigned() * 2 + 1),
            Self::Signed(v) => varint(v.cast_unsigned() * 2),
            Self::F32(v) => v.to_le_bytes().to_vec(),
            Self::F64(v) => v.to_le_bytes().to_vec(),
            Self::Char(v) => Self::Str(v.to_string()).bytes(),
            Self::Str(v) => [varint(v.len() as u64), v.as_bytes().to_vec()].concat(),
            Self::None => vec![0],
            Self::Some(inner) => [vec![1], inner.bytes()].concat(),
            Self::Seq(items) => [varint(items.len() as u64), all(items)].concat(),
            Self::Map(entries) => {
                let entry = |(key, value): &(Self, Self)| [key.bytes(), value.bytes()].concat();
                [varint(entries.len() as u64), entries.iter().flat_map(entry).collect()].concat()
            }
            Self::Struct(fields) => fields.iter().flat_map(|(_, value)| value.bytes()).collect(),
            Self::Tuple(items) => all(items),
            Self::Variant(index, _, inner) => {
                [varint(u64::from(*index)), inner.as_ref().map(|inner| inner.bytes()).unwrap_or_default()].concat()
            }
        }
    }

    fn kind(&self) -> u64 {
        match self {
            Self::Unit => 1,
            Self::Bool(_) => 2,
            Self::U8(_) => 3,
            Self::I8(_) => 4,
            Self::Unsigned(_) => 5,
            Self::Signed(_) => 6,
            Self::F32(_) => 7,
            Self::F64(_) => 8,
            Self::Char(_) => 9,
            Self::Str(_) => 10,
            Self::None => 11,
            Self::Some(_) => 12,
            Self::Seq(_) => 13,
            Self::Map(_) => 14,
            Self::Struct(_) => 15,
            Self::Tuple(_) => 16,
            Self::Variant(..) => 17,
        }
    }

    /// The words of this value: its kind, joined with what stands before it, unless it has no parts and the item before was of that
    /// kind; then its parts.
    fn words_into(&self, before: u64, neighbour: Option<u64>, words: &mut Vec<u64>) {
        let length = if let Self::Tuple(items) = self { items.len() as u64 } else { 0 };
        if self.kind() > 11 || neighbour != Some(self.kind()) {
            words.push(before.wrapping_add(self.kind()).wrapping_add(length * 0x1_0000_0000));
        }
        match self {
            Self::Some(inner) => inner.words_into(0, None, words),
            Self::Seq(items) | Self::Tuple(items) => {
                for (at, item) in items.iter().enumerate() {
                    let neighbour = at.checked_sub(1).map(|before| items[before].kind());
                    item.words_into((items.len() - at) as u64 * 256, neighbour, words);
                }
            }
            Self::Map(entries) => {
                for (at, (key, value)) in entries.iter().enumerate() {
                    let before = at.checked_sub(1).map(|before| &entries[before]);
                    let left = (entries.len() - at) as u64 * 2;
                    key.words_into(left * 256, before.map(|(key, _)| key.kind()), words);
                    value.words_into((left - 1) * 256, before.map(|(_, value)| value.kind()), words);
                }
            }
            Self::Struct(fields) => {
                for (name, value) in fields {
                    value.words_into(name_word(name), None, words);
                }
                words.push(18);
            }
            Self::Variant(index, name, inner) => {
                words.push(name_word(name).wrapping_add(u64::from(*index)));
                if let Some(inner) = inner {
                    inner.words_into(0, None, words);
                }
            }
            _ => {}
        }
    }
}

fn step(state: u64, word: u64) -> u64 {
    let turned = (state << 26) | (state >> 38);
    (turned ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn name_word(name: &str) -> u64 {
    let mut state = name.len() as u64;
    for part in name.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..part.len()].copy_from_slice(part);
        state = step(state, u64::from_le_bytes(word));
    }
    state
}

fn all(items: &[Value]) -> Vec<u8> {
    items.iter().flat_map(Value::bytes).collect()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value % 128) as u8;
        value /= 128;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low + 128);
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unit => serializer.serialize_unit(),
            Self::Bool(v) => serializer.serialize_bool(*v),
            Self::U8(v) => serializer.serialize_u8(*v),
            Self::I8(v) => serializer.serialize_i8(*v),
            Self::Unsigned(v) => serializer.serialize_u64(*v),
            Self::Signed(v) => serializer.serialize_i64(*v),
            Self::F32(v) => serializer.serialize_f32(*v),
            Self::F64(v) => serializer.serialize_f64(*v),
            Self::Char(v) => serializer.serialize_char(*v),
            Self::Str(v) => serializer.serialize_str(v),
            Self::None => serializer.serialize_none(),
            Self::Some(inner) => serializer.serialize_some(inner),
            Self::Seq(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| seq.serialize_element(item))?;
                seq.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
            Self::Struct(fields) => {
                let mut map = serializer.serialize_struct("Driven", fields.len())?;
                fields.iter().try_for_each(|(name, value)| map.serialize_field(name, value))?;
                map.end()
            }
            Self::Tuple(items) => {
                let mut tuple = serializer.serialize_tuple(items.len())?;
                items.iter().try_for_each(|item| tuple.serialize_element(item))?;
                tuple.end()
            }
            Self::Variant(index, name, None) => serializer.serialize_unit_variant("Driven", *index, name),
            Self::Variant(index, name, Some(inner)) => {
                serializer.serialize_newtype_variant("Driven", *index, name, inner)
            }
        }
    }
}

/// The payload of a session with a field `user` alone.
pub(crate) fn user(user: u64) -> Vec<u8> {
    Value::fields([("user", Value::Unsigned(user))]).payload()
}

/// The payload of a session with a user and a name.
pub(crate) fn named(user: u64, name: &str) -> Vec<u8> {
    Value::fields([("user", Value::Unsigned(user)), ("name", Value::text(name))]).payload()
}

/// The payload of a session that is a byte.
pub(crate) fn byte(byte: u8) -> Vec<u8> {
    Value::U8(byte).payload()
}

/// The payload of a session with a user and a stamp, a byte each.
pub(crate) fn stamped([user, stamp]: [u8; 2]) -> Vec<u8> {
    Value::fields([("user", Value::U8(user)), ("stamp", Value::U8(stamp))]).payload()
}

/// The payload of a visitor's session: a user, and a basket of numbers.
pub(crate) fn visitor(user: u64, basket: &[u64]) -> Vec<u8> {
    Value::fields([("user", Value::Some(Value::Unsigned(user).into())), ("basket", numbers(basket))]).payload()
}

/// The payload of a session with a field `items` alone, a list of numbers.
pub(crate) fn items(items: &[u64]) -> Vec<u8> {
    Value::fields([("items", numbers(items))]).payload()
}

/// A list of numbers.
pub(crate) fn numbers(numbers: &[u64]) -> Value {
    Value::Seq(numbers.iter().map(|number| Value::Unsigned(*number)).collect())
}
