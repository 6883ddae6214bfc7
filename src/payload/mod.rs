//! L1: the application's data as bytes: three of the layout, and postcard's, with nothing left out when encoding, and nothing left over
//! after decoding.

mod fold;
mod outputs;
mod proven;
mod read;
mod strict;
#[cfg(test)]
mod tests;
#[cfg(feature = "testing")]
mod words;

use postcard::ser_flavors::{Size, Slice};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub(crate) use self::fold::DIGEST_LEN;
use self::outputs::{Against, AnyOrder, Folding, Layout};
#[cfg(feature = "testing")]
pub(crate) use self::words::words;
pub(crate) use self::{proven::Proven, strict::Names};
use crate::{
    buffer::Buffer,
    error::{Refusal, SessionError},
};

/// The payload of `value`, in a buffer that is wiped on drop; `NotReadable` if a field is left out.
///
/// `expected` is about how many bytes it may take: if that is not enough, or 0, it is sized first, since a buffer that grew would leave
/// unwiped copies behind.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T, expected: usize) -> Result<Buffer, SessionError> {
    encode_without(value, &[], expected).map(|(bytes, _)| bytes)
}

fn encode_without<T: Serialize + ?Sized>(
    value: &T,
    without: Names,
    expected: usize,
) -> Result<(Buffer, Layout), SessionError> {
    match encode_in(value, without, expected) {
        Err(NotWritten::NoRoom(size)) => encode_in(value, without, size),
        encoded => encoded,
    }
    .map_err(|error| match error {
        // It takes more now than it took a moment ago.
        NotWritten::NoRoom(_) => SessionError::Encode,
        NotWritten::Refused(error) => error,
    })
}

fn encode_in<T: Serialize + ?Sized>(value: &T, without: Names, room: usize) -> Result<(Buffer, Layout), NotWritten> {
    let mut bytes = Buffer::zeroed(room);
    let (written, layout) = write(value, without, &mut bytes)?;
    bytes.truncate(written);
    Ok((bytes, layout))
}

/// How many values may lie inside one another. Types that contain themselves would take a thread's stack otherwise.
const DEPTH: u32 = 128;

/// Why a value was not written.
pub(crate) enum NotWritten {
    /// It takes this many bytes, and there are fewer.
    NoRoom(usize),
    /// It cannot be encoded.
    Refused(SessionError),
}

/// Writes the payload of `value` to the front of `room`, in one pass, and returns how many bytes it has. What an error leaves there is
/// the caller's to wipe.
pub(crate) fn encode_to<T: Serialize + ?Sized>(value: &T, room: &mut [u8]) -> Result<usize, NotWritten> {
    write(value, &[], room).map(|(written, _)| written)
}

/// As [`encode_to`], with the whole layout.
fn write<T: Serialize + ?Sized>(value: &T, without: Names, room: &mut [u8]) -> Result<(usize, Layout), NotWritten> {
    let refused = |error: &postcard::Error| NotWritten::Refused(not_encoded(error));
    let (front, bytes) = room.split_at_mut_checked(DIGEST_LEN).unwrap_or_default();
    let size = bytes.len();
    let output = Folding::new(Slice::new(bytes));
    let full = match strict::through(value, without, output) {
        Ok((written, layout)) if front.len() == DIGEST_LEN => {
            front.copy_from_slice(&layout.fold.digest().0);
            return Ok((written.len().saturating_add(DIGEST_LEN), layout));
        }
        Ok(_) => strict::FULL,
        // What postcard says where a `Display` was writing, whatever stopped it.
        Err(error @ postcard::Error::CollectStrError) => error,
        Err(strict::FULL) => strict::FULL,
        Err(error) => return Err(refused(&error)),
    };
    match strict::through(value, without, Size::default()) {
        Ok(needed) if full == strict::FULL || needed > size => {
            Err(NotWritten::NoRoom(needed.saturating_add(DIGEST_LEN)))
        }
        Ok(_) => Err(refused(&full)),
        Err(error) => Err(refused(&error)),
    }
}

/// The payload of `value`, the last fields of its outermost struct left out where `without` names them, and what is read from it;
/// `NotReadable` if that is not what was written.
///
/// Bytes may decode as another value: `skip_serializing` and `skip_deserializing` on a field move the fields after it, `skip` on a
/// variant renumbers the variants after it when reading only. Most of this shows in the layout. What does not (fields without names,
/// a `Deserialize` that alters what it reads) shows when what was read is written once more and compared.
///
/// `expected` as in [`encode`].
pub(crate) fn encode_readable<T: Serialize + DeserializeOwned>(
    value: &T,
    without: Names,
    expected: usize,
) -> Result<(Buffer, T), SessionError> {
    let (payload, layout) = encode_without(value, without, expected)?;
    let read = read_back(value, without, &payload, layout)?;
    Ok((payload, read))
}

/// As [`encode_readable`], but a value is read back only until its layout is proven. Values with tuples always are: no names tell which
/// of their items was written, and which is read.
pub(crate) fn encode_proven<T: Serialize + DeserializeOwned>(
    value: &T,
    without: Names,
    expected: usize,
    proven: &Proven,
) -> Result<(Buffer, Option<T>), SessionError> {
    let (payload, layout) = encode_without(value, without, expected)?;
    let state = layout.fold.state();
    if !layout.has_tuples && proven.has(state) {
        return Ok((payload, None));
    }
    let read = read_back(value, without, &payload, layout)?;
    proven.add(state);
    Ok((payload, Some(read)))
}

/// What is read from a value's payload; `NotReadable` if it is not that value.
fn read_back<T: Serialize + DeserializeOwned>(
    value: &T,
    without: Names,
    payload: &[u8],
    layout: Layout,
) -> Result<T, SessionError> {
    let read = read::read::<T>(payload).map_err(|_| SessionError::NotReadable)?;
    let bytes = payload.get(DIGEST_LEN..).unwrap_or_default();
    if read.state == layout.fold.state() && is_written_as(&read.value, without, bytes, value) {
        Ok(read.value)
    } else {
        Err(SessionError::NotReadable)
    }
}

/// Whether what was read is written as it was before, but for the order of entries: two copies of a hash map differ in that.
fn is_written_as<T: Serialize>(read: &T, without: Names, bytes: &[u8], value: &T) -> bool {
    let any_order = |value| strict::through(value, without, AnyOrder::default());
    let writes = |value: &T| matches!(strict::through(value, without, Against(bytes)), Ok(true));
    writes(read)
        || writes(value) && matches!((any_order(read), any_order(value)), (Ok(read), Ok(written)) if read == written)
}

/// The value of this payload, which may borrow from it: `Layout` if it was written in another layout, `Payload` if the layout is right
/// and the bytes are not.
pub(crate) fn decode<'de, T: Deserialize<'de>>(payload: &'de [u8]) -> Result<T, Refusal> {
    read::read(payload).map(|read| read.value)
}

/// Whether a payload that arrived says the same as one that was just written, though one of them ends before the last fields of the
/// outermost struct.
pub(crate) fn says_the_same<T: Serialize + DeserializeOwned>(arrived: &[u8], written: &[u8], without: Names) -> bool {
    let bodies = (arrived.get(DIGEST_LEN..), written.get(DIGEST_LEN..));
    let (Some(before), Some(after)) = bodies else { return false };
    // So nothing is decoded where data changed.
    if arrived == written || !(before.starts_with(after) || after.starts_with(before)) {
        return false;
    }
    let again = read::read::<T>(arrived).ok().and_then(|read| encode_without(&read.value, without, written.len()).ok());
    again.is_some_and(|(again, _)| *again == *written)
}

/// Whether a payload has all fields that the type writes today.
pub(crate) fn is_complete<T: DeserializeOwned>(payload: &[u8]) -> bool {
    read::read::<T>(payload).is_ok_and(|read| !read.shorter)
}

fn not_encoded(error: &postcard::Error) -> SessionError {
    match error {
        &strict::UNREADABLE => SessionError::NotReadable,
        _ => SessionError::Encode,
    }
}
