//! Sealed values with a live keyring.

use serde::{Serialize, de::DeserializeOwned};
use time::Duration;

use super::LiveKeyring;
use crate::{error::ConfigError, token::SealedValues};

impl<T: Serialize + DeserializeOwned> SealedValues<T> {
    /// As [`SealedValues::new`], with a keyring that others have too, and that is replaced for all of them at once.
    ///
    /// # Errors
    /// As it.
    pub fn with_live_keyring(keyring: &LiveKeyring, kind: &str, lifetime: Duration) -> Result<Self, ConfigError> {
        Self::among(&keyring.0.shared, kind, lifetime)
    }
}
