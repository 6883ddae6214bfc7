//! Whether types announce the same layout when they are written and when they are read.
//!
//! hardtack reads every value back that it writes, and refuses a type whose two layouts differ. So a value that seals has the same
//! layout both ways.

use std::fmt::Debug;

use hardtack::{Keyring, SealedValues, SessionError};
use serde::{Serialize, de::DeserializeOwned};
use time::{Duration, OffsetDateTime};

/// What sealing and opening a value gives.
///
/// # Errors
/// Why it cannot be sealed.
///
/// # Panics
/// If there are no keys, or a sealed value does not open.
pub fn sealed_and_opened<T: Serialize + DeserializeOwned>(value: &T) -> Result<T, SessionError> {
    let keys = Keyring::generate().unwrap();
    let values = SealedValues::<T>::new(&keys, "symmetry", Duration::hours(1)).unwrap();
    let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
    values.seal(value, now).map(|token| values.open(&token, now).unwrap())
}

/// Asserts that a value is the same after sealing and opening, alone and in a list.
///
/// # Panics
/// If it is not.
#[track_caller]
pub fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    assert_eq!(sealed_and_opened(&value).as_ref(), Ok(&value), "{}", std::any::type_name::<T>());
    let list = vec![value];
    assert_eq!(sealed_and_opened(&list).as_ref(), Ok(&list), "a list of {}", std::any::type_name::<T>());
}

/// Asserts that a value is refused at the first write.
///
/// # Panics
/// If it is not.
#[track_caller]
pub fn refused<T: Serialize + DeserializeOwned>(value: &T) {
    let error = sealed_and_opened(value).err();
    assert!(matches!(error, Some(SessionError::NotReadable | SessionError::Encode)), "{}", std::any::type_name::<T>());
}
