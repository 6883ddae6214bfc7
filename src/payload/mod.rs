//! L1: the application's data as bytes: postcard, with nothing left over after decoding.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::{Refusal, SessionError};

/// The postcard bytes of `value`, in a buffer that is wiped on drop.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Zeroizing<Vec<u8>>, SessionError> {
    // Sized first: a buffer that grew would leave unwiped copies behind.
    let size = postcard::experimental::serialized_size(value).map_err(|_| SessionError::Encode)?;
    let mut bytes = Zeroizing::new(vec![0; size]);
    let written = postcard::to_slice(value, &mut bytes).map_err(|_| SessionError::Encode)?.len();
    bytes.truncate(written);
    Ok(bytes)
}

/// The value of these postcard bytes, which may borrow from them; `Payload` if bytes are left over.
pub(crate) fn decode<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Refusal> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        _ => Err(Refusal::Payload),
    }
}
