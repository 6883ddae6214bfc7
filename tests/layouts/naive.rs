//! What a type reads of a value, by names and kinds alone: the rule of docs/SCHEMA.md, without any hash.

use super::driven::Type;
use crate::common::layout::Value;

fn within(value: &Value, of: &Type) -> Option<Value> {
    as_read(value, of, false)
}

/// The value as the type reads it, if it is one of the type: names and kinds agree, and what is missing at the end of the outermost
/// struct has a default.
pub(crate) fn as_read(value: &Value, of: &Type, outermost: bool) -> Option<Value> {
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
