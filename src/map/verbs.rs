//! The map's verbs on the session itself.

use serde::{Serialize, de::DeserializeOwned};

use super::{SessionMap, data::encode};
use crate::{error::SessionError, session::Session};

/// A session of keys and values ([`SessionMap`]).
///
/// ```
/// use hardtack::{Session, SessionError, SessionMap};
///
/// async fn add(session: Session<SessionMap>) -> Result<String, SessionError> {
///     let mut cart: Vec<u32> = session.value("cart")?.unwrap_or_default();
///     cart.push(5);
///     session.insert("cart", &cart)?;
///     Ok(format!("{} items", cart.len()))
/// }
/// ```
///
/// `get` belongs to every session and returns the whole map. The verb for one key is `value`. The verbs read and write as `get` and `update`
/// do: a changed map is written unless the response is a 5xx, and an unchanged one never is.
///
/// If you keep a login in the map, call [`Self::reauthenticate`] when the user has proved themselves, and [`Self::end`] when they leave.
impl Session<SessionMap> {
    /// Returns the value of a key. `None` if there is no such key, or no session.
    ///
    /// # Errors
    /// [`SessionError::Refused`] if the value does not decode as a `V` (and see [`SessionMap`] for when it does).
    pub fn value<V: DeserializeOwned>(&self, key: &str) -> Result<Option<V>, SessionError> {
        self.get().map_or(Ok(None), |map| map.get(key))
    }

    /// Sets the value of a key. Begins a session if there is none.
    ///
    /// # Errors
    /// [`SessionError::TooLarge`]; [`SessionError::Encode`] and [`SessionError::NotReadable`] for the value; and what
    /// [`Session::update_or_default`] returns. The map is then as it was.
    pub fn insert<V: Serialize + ?Sized>(&self, key: impl Into<String>, value: &V) -> Result<(), SessionError> {
        // Encoded before: a value that cannot be must not begin a session.
        let bytes = encode(value)?;
        self.update_or_default(|map| map.put(key.into(), bytes))
    }

    /// Removes a key, and says whether it was there.
    ///
    /// # Errors
    /// What [`Session::update`] returns; without a session there is nothing to remove.
    pub fn remove(&self, key: &str) -> Result<bool, SessionError> {
        self.change(|map| map.remove(key))
    }

    /// Takes the value of a key out.
    ///
    /// # Errors
    /// As [`Self::value`], and the value then stays; and what [`Session::update`] returns.
    pub fn pop<V: DeserializeOwned>(&self, key: &str) -> Result<Option<V>, SessionError> {
        self.change(|map| map.pop(key).transpose())?.transpose()
    }

    /// Removes all keys. The session goes on. [`Session::end`] removes it.
    ///
    /// # Errors
    /// What [`Session::update`] returns; without a session there is nothing to remove.
    pub fn clear(&self) -> Result<(), SessionError> {
        self.change(SessionMap::clear)
    }

    /// The keys, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.get().map(|map| map.keys().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// Whether there is a value for the key.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.get().is_some_and(|map| map.contains(key))
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.get().map_or(0, |map| map.len())
    }

    /// Whether there are no keys, or no session.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn change<R: Default>(&self, change: impl FnOnce(&mut SessionMap) -> R) -> Result<R, SessionError> {
        match self.update(change) {
            Err(SessionError::NoSession) => Ok(R::default()),
            changed => changed,
        }
    }
}
