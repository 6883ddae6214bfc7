//! What a cookie travels over, and what that does to its name and attributes.

use crate::{
    cookie::attributes::{Attributes, without_prefix},
    error::ConfigError,
};

/// Ends the name of a cookie that travels over plain http. Plain http cannot replace or remove a cookie with `Secure`, so the name
/// must not be one that https uses on this host.
const PLAIN_HTTP: &str = "-http";

/// What a cookie travels over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Transport {
    Https,
    /// Plain http in a debug build.
    Development,
    /// Plain http in any build.
    PlainHttp,
}

impl Transport {
    /// The attributes as they are sent.
    pub(super) fn apply(self, configured: &Attributes) -> Result<Attributes, ConfigError> {
        let mut attributes = configured.clone();
        let name = &configured.identity.name;
        // Before anything is put at its end.
        if without_prefix(name).is_empty() {
            return Err(ConfigError::CookieName { name: name.clone() });
        }
        let identity = &mut attributes.identity;
        match self {
            Self::Https => {}
            Self::Development if !cfg!(debug_assertions) => {
                return Err(ConfigError::DevelopmentOnly { setting: "insecure_development_over_http" });
            }
            Self::Development => {
                attributes.secure = false;
                identity.partitioned = false;
                identity.name = without_prefix(&identity.name).to_owned();
            }
            Self::PlainHttp => {
                attributes.secure = false;
                identity.name = [without_prefix(&identity.name), PLAIN_HTTP].concat();
            }
        }
        Ok(attributes)
    }
}
