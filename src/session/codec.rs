//! Session data to payload and back, across schemas (FORMAT.md, section 5, step 10).

use super::data::{Older, OlderWriter, SessionData};
use crate::{
    buffer::Buffer,
    error::{Refusal, SessionError},
    payload::{self, Names, Proven},
};

/// How values are written while a deployment is under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WriteAs {
    pub(crate) schema: u16,
    /// The last fields of the type, where they are not written yet.
    pub(crate) without: Names,
}

impl WriteAs {
    /// As the type has it today.
    pub(crate) const fn today<T: SessionData>() -> Self {
        Self { schema: T::SCHEMA, without: &[] }
    }

    /// The way to write a change to what was written like this. What others already write is what all can read: going back would lose
    /// what is new in it.
    pub(crate) fn changing<T: SessionData>(self, schema: u16, payload: &[u8]) -> Self {
        let to = Self { schema: self.schema.max(schema), ..self };
        let longer = || schema == T::SCHEMA && payload::is_complete::<T>(payload);
        if to.without.is_empty() || !longer() { to } else { Self { without: &[], ..to } }
    }
}

/// A value's payload, and the value read back from it: what the next request will see. Where the value's layout is proven, it is not
/// read back.
///
/// `expected` is about how many bytes it may take.
pub(crate) fn encode<T: SessionData>(
    value: &T,
    to: WriteAs,
    expected: usize,
    proven: Option<&Proven>,
) -> Result<(Buffer, Option<T>), SessionError> {
    let WriteAs { schema, without } = to;
    if schema != T::SCHEMA {
        let payload = value.write_older(OlderWriter { schema })?.0;
        let read_back = decode(schema, &payload).map_err(|_| SessionError::NotReadable)?;
        return Ok((payload, Some(read_back)));
    }
    match proven {
        Some(proven) => payload::encode_proven(value, without, expected, proven),
        None => payload::encode_readable(value, without, expected).map(|(payload, read)| (payload, Some(read))),
    }
}

/// Whether a payload that arrived says the same as what was just written of it, in a layout that is shorter or longer.
pub(crate) fn says_the_same<T: SessionData>(arrived: (u16, &[u8]), written: &[u8], to: WriteAs) -> bool {
    to.schema == T::SCHEMA && arrived.0 == to.schema && payload::says_the_same::<T>(arrived.1, written, to.without)
}

/// The value of a payload written under `schema`.
pub(crate) fn decode<T: SessionData>(schema: u16, payload: &[u8]) -> Result<T, Refusal> {
    if schema == T::SCHEMA {
        return payload::decode(payload);
    }
    if schema > T::SCHEMA {
        return Err(Refusal::Schema);
    }
    T::migrate(Older { schema, payload }).map_err(|error| match error {
        SessionError::Refused(refusal) => refusal,
        _ => Refusal::Payload,
    })
}
