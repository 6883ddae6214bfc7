//! A random type, a value of it, and the type after random changes: what is read, and what is refused.

use std::env;

use hardtack::Refusal;

use crate::{
    common::layout::Value,
    driven::{Driven, Type},
    random::Random,
    read, written,
};

/// How many pairs there are unless `HARDTACK_PAIRS` says so.
const PAIRS: u64 = 100_000;

fn within(value: &Value, of: &Type) -> Option<Value> {
    as_read(value, of, false)
}

/// The value as the type reads it, if it is one of the type: names and kinds agree, and what is missing at the end of the outermost
/// struct has a default.
fn as_read(value: &Value, of: &Type, outermost: bool) -> Option<Value> {
    Some(match (value, of) {
        (Value::Unit, Type::Unit)
        | (Value::Bool(_), Type::Bool)
        | (Value::U8(_), Type::U8)
        | (Value::I8(_), Type::I8)
        | (Value::Unsigned(_), Type::Unsigned)
        | (Value::Signed(_), Type::Signed)
        | (Value::F32(_), Type::F32)
        | (Value::F64(_), Type::F64)
        | (Value::Char(_), Type::Char)
        | (Value::Str(_), Type::Str)
        | (Value::None, Type::Option(_)) => value.clone(),
        (Value::Some(inner), Type::Option(of)) => Value::Some(as_read(inner, of, outermost)?.into()),
        (Value::Seq(items), Type::Seq(of)) => Value::Seq(items.iter().map(|v| within(v, of)).collect::<Option<_>>()?),
        (Value::Map(entries), Type::Map(key, of)) => {
            let entry = |(k, v): &(Value, Value)| Some((within(k, key)?, within(v, of)?));
            Value::Map(entries.iter().map(entry).collect::<Option<_>>()?)
        }
        (Value::Tuple(items), Type::Tuple(types)) if items.len() == types.len() => {
            Value::Tuple(items.iter().zip(types).map(|(v, of)| within(v, of)).collect::<Option<_>>()?)
        }
        (Value::Struct(fields), Type::Struct(types)) if fields.len() == types.len() || outermost => {
            let (present, appended) = types.split_at_checked(fields.len())?;
            let zip = fields.iter().zip(present);
            let present = zip.map(|((name, v), (same, of, _))| Some((*name, within(v, of).filter(|_| name == same)?)));
            let appended = appended.iter().map(|(name, of, default)| default.then(|| (*name, of.zero())));
            Value::Struct(present.chain(appended).collect::<Option<_>>()?)
        }
        (Value::Variant(index, name, inner), Type::Enum(variants)) => {
            let (_, of) = variants.get(*index as usize).filter(|(same, _)| name == same)?;
            let inner = match (inner, of) {
                (None, None) => None,
                (Some(inner), Some(of)) => Some(as_read(inner, of, outermost)?.into()),
                _ => return None,
            };
            Value::Variant(*index, name, inner)
        }
        _ => return None,
    })
}

#[test]
fn no_value_is_read_as_another_and_every_allowed_change_opens() {
    let pairs = env::var("HARDTACK_PAIRS").map_or(PAIRS, |pairs| pairs.parse().unwrap());
    let mut random = Random(13);
    let (mut opened, mut appended, mut refused) = (0_u64, 0_u64, 0_u64);
    for _ in 0..pairs {
        let before = if random.below(4) > 0 { random.fields(3) } else { random.type_of(3) };
        let mut after = before.clone();
        for _ in 0..random.below(3) {
            random.change(&mut after);
        }
        let value = random.value_of(&before);
        let payload = value.payload();
        Driven::ask_for(&after);
        match (read::<Driven>(&payload).map(|read| read.0), as_read(&value, &after, true)) {
            (Ok(read), Some(right)) => {
                assert_eq!(read, right, "{before:?} as {after:?}");
                opened += 1;
                appended += u64::from(right != value);
            }
            (Err(Refusal::Layout { .. }), None) => refused += 1,
            (read, right) => panic!("{value:?} as {after:?}: {read:?} and not {right:?}"),
        }
    }
    eprintln!("{pairs} pairs: {opened} opened, {appended} of them with fields that were appended, {refused} refused");
    assert!(opened > pairs / 4 && refused > pairs / 4 && appended > pairs / 100);
}

#[test]
fn the_bytes_are_those_of_the_second_implementation() {
    let mut random = Random(7);
    for _ in 0..20_000 {
        let of = random.type_of(3);
        let value = random.value_of(&of);
        assert_eq!(written(&value).unwrap(), value.payload(), "{value:?}");
    }
}
