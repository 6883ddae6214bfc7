//! The map: each value as the bytes of its own encoding.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::{error::SessionError, payload, session::SessionData};

/// A session of keys and values, in the cookie `__Host-session`: for data whose keys are known only at run time, or a move
/// from sessions that are maps.
///
/// Handlers use `Session<SessionMap>`, whose [`insert`](crate::Session::insert) and [`value`](crate::Session::value) work on
/// it; this is the map itself, for `begin` and `update`.
///
/// # A key has one type
/// A value is kept with three bytes of its layout (docs/SCHEMA.md). If you read it with a type of another layout, you get
/// [`Refusal::Layout`](crate::Refusal::Layout), and the value stays. Names of types are not part of a layout, and numbers of one kind
/// are alike: a `u32` reads as a `u64`, and a struct as another with the same fields. So keep to one type for each key, and take a new
/// key where the type changes. A session type of your own has neither trouble: the compiler holds its fields, and
/// [`SessionData::migrate`] its versions.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SessionMap(BTreeMap<String, Vec<u8>>);

impl SessionMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a key, or `None` if there is none.
    ///
    /// # Errors
    /// [`SessionError::Refused`] if the value is of another layout than `V`, or does not decode as one.
    pub fn get<V: DeserializeOwned>(&self, key: &str) -> Result<Option<V>, SessionError> {
        self.0.get(key).map(|bytes| payload::decode(bytes).map_err(SessionError::Refused)).transpose()
    }

    /// Sets the value of a key.
    ///
    /// # Errors
    /// [`SessionError::Encode`]; [`SessionError::NotReadable`] if the value leaves fields out. The map is then as it was.
    pub fn insert<V: Serialize + ?Sized>(&mut self, key: impl Into<String>, value: &V) -> Result<(), SessionError> {
        self.put(key.into(), encode(value)?);
        Ok(())
    }

    /// Removes a key, and says whether it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        self.0.remove(key).is_some()
    }

    /// Takes the value of a key out.
    ///
    /// # Errors
    /// As [`SessionMap::get`]; the value then stays.
    pub fn pop<V: DeserializeOwned>(&mut self, key: &str) -> Result<Option<V>, SessionError> {
        let value = self.get(key)?;
        self.0.remove(key);
        Ok(value)
    }

    /// Removes all keys.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is a value for the key.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn put(&mut self, key: String, bytes: Vec<u8>) {
        self.0.insert(key, bytes);
    }
}

/// The bytes of a value. Its copy in the session is the application's data, and not wiped.
pub(super) fn encode<V: Serialize + ?Sized>(value: &V) -> Result<Vec<u8>, SessionError> {
    payload::encode(value, 0).map(|bytes| bytes.to_vec())
}

impl SessionData for SessionMap {
    const COOKIE: &'static str = "__Host-session";
}

impl core::fmt::Debug for SessionMap {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SessionMap").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl Serialize for SessionMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SessionMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self)
    }
}
