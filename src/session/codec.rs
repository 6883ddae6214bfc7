//! Session data to payload and back, across schemas (FORMAT.md, section 5, step 10).

use super::data::{Older, OlderWriter, SessionData};
use crate::{
    buffer::Buffer,
    error::{Refusal, SessionError},
    payload,
};

/// A value's payload under `schema`, and the value read back from it: what the next request will see.
///
/// `expected` is about how many bytes it may take.
pub(crate) fn encode<T: SessionData>(value: &T, schema: u16, expected: usize) -> Result<(Buffer, T), SessionError> {
    if schema == T::SCHEMA {
        return payload::encode_readable(value, expected);
    }
    let payload = value.write_older(OlderWriter { schema })?.0;
    let read_back = decode(schema, &payload).map_err(|_| SessionError::NotReadable)?;
    Ok((payload, read_back))
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
