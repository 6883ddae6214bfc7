//! L1: the application's data as bytes: postcard, with nothing left out when encoding, and nothing left over after decoding.

mod strict;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    buffer::Buffer,
    error::{Refusal, SessionError},
};

/// The postcard bytes of `value`, in a buffer that is wiped on drop; `NotReadable` if a field is left out.
///
/// `expected` is about how many bytes it may take: if that is not enough, or 0, it is sized first, since a buffer that grew would leave
/// unwiped copies behind.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T, expected: usize) -> Result<Buffer, SessionError> {
    match encode_in(value, expected) {
        Err(NotWritten::NoRoom(size)) => encode_in(value, size),
        encoded => encoded,
    }
    .map_err(|error| match error {
        // It takes more now than it took a moment ago.
        NotWritten::NoRoom(_) => SessionError::Encode,
        NotWritten::Refused(error) => error,
    })
}

fn encode_in<T: Serialize + ?Sized>(value: &T, room: usize) -> Result<Buffer, NotWritten> {
    let mut bytes = Buffer::zeroed(room);
    let written = encode_to(value, &mut bytes)?;
    bytes.truncate(written);
    Ok(bytes)
}

/// Why a value was not written.
pub(crate) enum NotWritten {
    /// It takes this many bytes, and there are fewer.
    NoRoom(usize),
    /// It cannot be encoded.
    Refused(SessionError),
}

/// Writes the postcard bytes of `value` to the front of `room`, in one pass, and returns how many there are. What an error leaves
/// there is the caller's to wipe.
pub(crate) fn encode_to<T: Serialize + ?Sized>(value: &T, room: &mut [u8]) -> Result<usize, NotWritten> {
    let refused = |error: &postcard::Error| NotWritten::Refused(not_encoded(error));
    let full = match strict::write(value, room) {
        Ok(written) => return Ok(written),
        // What postcard says where a `Display` was writing, whatever stopped it.
        Err(error @ postcard::Error::CollectStrError) => error,
        Err(strict::FULL) => strict::FULL,
        Err(error) => return Err(refused(&error)),
    };
    match strict::size(value) {
        Ok(size) if full == strict::FULL || size > room.len() => Err(NotWritten::NoRoom(size)),
        Ok(_) => Err(refused(&full)),
        Err(error) => Err(refused(&error)),
    }
}

/// The postcard bytes of `value`, and what is read from them; `NotReadable` if that is not what was written.
///
/// What was read is encoded once more, since bytes may decode as another value: `skip_serializing` and
/// `skip_deserializing` on a field move the fields after it, `skip` on a variant renumbers the variants after it when
/// reading only. serde announces none of these, but they show in the second encoding. So would a `Deserialize` that
/// alters what it reads, or a `Serialize` that depends on more than the value.
///
/// `expected` as in [`encode`].
///
/// Not found: `skip_serializing_if` in a tuple struct or variant, if the shifted bytes happen to decode in full.
pub(crate) fn encode_readable<T: Serialize + DeserializeOwned>(
    value: &T,
    expected: usize,
) -> Result<(Buffer, T), SessionError> {
    let bytes = encode(value, expected)?;
    let read = decode(&bytes).map_err(|_| SessionError::NotReadable)?;
    // Not byte for byte: two copies of a hash map are written in different orders.
    let again = strict::size_and_sum(&read).map_err(|error| not_encoded(&error))?;
    if again == (bytes.len(), sum(&bytes)) { Ok((bytes, read)) } else { Err(SessionError::NotReadable) }
}

/// The value of these postcard bytes, which may borrow from them; `Payload` if bytes are left over.
pub(crate) fn decode<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Refusal> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        _ => Err(Refusal::Payload),
    }
}

fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().copied().map(u64::from).sum()
}

fn not_encoded(error: &postcard::Error) -> SessionError {
    match error {
        &strict::UNREADABLE => SessionError::NotReadable,
        _ => SessionError::Encode,
    }
}
