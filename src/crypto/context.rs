//! What a key is derived for (FORMAT.md, section 3).

use crate::{
    error::ConfigError,
    wire::{MAX_BINDING_LEN, is_cookie_name},
};

const MAX_PURPOSE_LEN: usize = 255;

/// The cookie name and purpose a token is sealed for. What is sealed for one opens under no other, even with the same
/// keys: both are in the derivation of the key (FORMAT.md, section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    cookie_name: String,
    purpose: String,
}

impl Context {
    /// A context for cookies of this name, with a purpose such as `"shop/production"` (service, environment, audience).
    ///
    /// # Errors
    /// [`ConfigError::CookieName`] unless the name is 1 to 64 characters of an HTTP token (RFC 9110, section 5.6.2);
    /// [`ConfigError::Purpose`] if the purpose is longer than 255 bytes of UTF-8. It may be empty.
    pub fn cookie(name: &str, purpose: &str) -> Result<Self, ConfigError> {
        if is_cookie_name(name) {
            Self::new(name, purpose)
        } else {
            Err(ConfigError::CookieName { name: name.to_owned() })
        }
    }

    /// A context for sealed values that are not cookies: a link in a mail, a form field. The purpose says of what kind.
    ///
    /// # Errors
    /// [`ConfigError::Purpose`] if the purpose is longer than 255 bytes of UTF-8.
    pub fn value(purpose: &str) -> Result<Self, ConfigError> {
        Self::new("", purpose)
    }

    /// The context of nothing.
    pub(crate) const fn of_nothing() -> Self {
        Self { cookie_name: String::new(), purpose: String::new() }
    }

    /// The cookie name; empty for values that are not cookies.
    #[must_use]
    pub fn cookie_name(&self) -> &str {
        &self.cookie_name
    }

    /// The purpose.
    #[must_use]
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    fn new(name: &str, purpose: &str) -> Result<Self, ConfigError> {
        if purpose.len() > MAX_PURPOSE_LEN {
            return Err(ConfigError::Purpose { length: purpose.len() });
        }
        Ok(Self { cookie_name: name.to_owned(), purpose: purpose.to_owned() })
    }
}

/// Facts about a request that a token is bound to, such as a tenant or the hash of a client certificate: a token sealed
/// with one binding opens with no other (FORMAT.md, section 4). Empty by default.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Binding<'a>(&'a [u8]);

impl<'a> Binding<'a> {
    /// A binding of 0 to 1024 bytes.
    ///
    /// # Errors
    /// [`ConfigError::Binding`] if there are more.
    pub fn new(bytes: &'a [u8]) -> Result<Self, ConfigError> {
        if bytes.len() > MAX_BINDING_LEN {
            return Err(ConfigError::Binding { length: bytes.len() });
        }
        Ok(Self(bytes))
    }

    pub(crate) fn bytes(self) -> &'a [u8] {
        self.0
    }
}

/// Its length only.
impl core::fmt::Debug for Binding<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Binding({} bytes)", self.0.len())
    }
}
