//! Types made at run time: what serde's derive would ask for, and what the same bytes say to a plain reader.

use std::{
    cell::RefCell,
    collections::HashMap,
    fmt,
    sync::{LazyLock, Mutex},
};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor},
};

use crate::common::layout::Value;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Unit,
    Bool,
    U8,
    I8,
    Unsigned,
    Signed,
    F32,
    F64,
    Char,
    Str,
    Option(Box<Type>),
    Seq(Box<Type>),
    Map(Box<Type>, Box<Type>),
    /// Fields; those that are marked have a default, 0 of its kind.
    Struct(Vec<(&'static str, Type, bool)>),
    Tuple(Vec<Type>),
    Enum(Vec<(&'static str, Option<Type>)>),
}

impl Type {
    /// The plainest value.
    pub(crate) fn zero(&self) -> Value {
        match self {
            Self::Unit => Value::Unit,
            Self::Bool => Value::Bool(false),
            Self::U8 => Value::U8(0),
            Self::I8 => Value::I8(0),
            Self::Unsigned => Value::Unsigned(0),
            Self::Signed => Value::Signed(0),
            Self::F32 => Value::F32(0.0),
            Self::F64 => Value::F64(0.0),
            Self::Char => Value::Char('0'),
            Self::Str => Value::text(""),
            Self::Option(_) => Value::None,
            Self::Seq(_) => Value::Seq(vec![]),
            Self::Map(..) => Value::Map(vec![]),
            Self::Struct(fields) => Value::Struct(fields.iter().map(|(name, of, _)| (*name, of.zero())).collect()),
            Self::Tuple(items) => Value::Tuple(items.iter().map(Self::zero).collect()),
            Self::Enum(variants) => Value::Variant(0, variants[0].0, variants[0].1.as_ref().map(|of| of.zero().into())),
        }
    }
}

thread_local! {
    static ASKED: RefCell<Type> = const { RefCell::new(Type::Unit) };
}

/// A value of the type that was asked for last.
pub(crate) struct Driven(pub(crate) Value);

impl Driven {
    pub(crate) fn ask_for(asked: &Type) {
        ASKED.set(asked.clone());
    }
}

impl<'de> Deserialize<'de> for Driven {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let asked = ASKED.with_borrow(Type::clone);
        Seed(&asked).deserialize(deserializer).map(Driven)
    }
}

/// Names that live as long as the program: each list once.
fn names(of: Vec<&'static str>) -> &'static [&'static str] {
    static LISTS: LazyLock<Mutex<HashMap<Vec<&'static str>, &'static [&'static str]>>> = LazyLock::new(Mutex::default);
    LISTS.lock().unwrap().entry(of).or_insert_with_key(|of| of.clone().leak())
}

#[derive(Clone, Copy)]
struct Seed<'t>(&'t Type);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.0 {
            Type::Unit => <()>::deserialize(deserializer).map(|()| Value::Unit),
            Type::Bool => bool::deserialize(deserializer).map(Value::Bool),
            Type::U8 => u8::deserialize(deserializer).map(Value::U8),
            Type::I8 => i8::deserialize(deserializer).map(Value::I8),
            Type::Unsigned => u64::deserialize(deserializer).map(Value::Unsigned),
            Type::Signed => i64::deserialize(deserializer).map(Value::Signed),
            Type::F32 => f32::deserialize(deserializer).map(Value::F32),
            Type::F64 => f64::deserialize(deserializer).map(Value::F64),
            Type::Char => char::deserialize(deserializer).map(Value::Char),
            Type::Str => String::deserialize(deserializer).map(Value::Str),
            Type::Option(_) => deserializer.deserialize_option(self),
            Type::Seq(_) => deserializer.deserialize_seq(self),
            Type::Map(..) => deserializer.deserialize_map(self),
            Type::Tuple(items) => deserializer.deserialize_tuple(items.len(), self),
            Type::Struct(fields) => {
                deserializer.deserialize_struct("Driven", names(fields.iter().map(|field| field.0).collect()), self)
            }
            Type::Enum(variants) => {
                deserializer.deserialize_enum("Driven", names(variants.iter().map(|of| of.0).collect()), self)
            }
        }
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let Type::Option(inner) = self.0 else { return Err(D::Error::custom("no option")) };
        Ok(Value::Some(Seed(inner).deserialize(deserializer)?.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let missing = || A::Error::custom("too few");
        match self.0 {
            Type::Seq(item) => {
                let mut read = Vec::new();
                while let Some(value) = items.next_element_seed(Seed(item))? {
                    read.push(value);
                }
                Ok(Value::Seq(read))
            }
            Type::Tuple(types) => {
                let read = types.iter().map(|item| items.next_element_seed(Seed(item))?.ok_or_else(missing));
                read.collect::<Result<_, _>>().map(Value::Tuple)
            }
            Type::Struct(fields) => {
                let read = fields.iter().map(|(name, of, default)| {
                    let value = items.next_element_seed(Seed(of))?.or_else(|| default.then(|| of.zero()));
                    Ok((*name, value.ok_or_else(missing)?))
                });
                read.collect::<Result<_, _>>().map(Value::Struct)
            }
            _ => Err(A::Error::custom("no list")),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let Type::Map(key, value) = self.0 else { return Err(A::Error::custom("no map")) };
        let mut read = Vec::new();
        while let Some(entry) = entries.next_entry_seed(Seed(key), Seed(value))? {
            read.push(entry);
        }
        Ok(Value::Map(read))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, chosen: A) -> Result<Value, A::Error> {
        let Type::Enum(variants) = self.0 else { return Err(A::Error::custom("no enum")) };
        let (index, inner) = chosen.variant::<Index>()?;
        let (name, of) = variants.get(index.0 as usize).ok_or_else(|| A::Error::custom("no such variant"))?;
        let inner = match of {
            None => inner.unit_variant().map(|()| None),
            Some(of) => inner.newtype_variant_seed(Seed(of)).map(|value| Some(value.into())),
        };
        Ok(Value::Variant(index.0, name, inner?))
    }
}

/// A variant's number, as serde's derive asks for it.
struct Index(u32);

impl<'de> Deserialize<'de> for Index {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Index;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a variant's number")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Index, E> {
                u32::try_from(number).map(Index).map_err(E::custom)
            }
        }
        deserializer.deserialize_identifier(Number)
    }
}
