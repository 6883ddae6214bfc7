use core::fmt;

use super::{KeyError, RotationError};

/// Why a configuration was refused when it was built. Each text names the setting and says what to change.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// The keys.
    Key(KeyError),
    /// The times of the keys: sessions would be lost.
    Rotation(RotationError),
    /// Another session type has this cookie with the same live keyring: each could read what the other wrote.
    CookieTaken {
        /// The cookie's name.
        name: String,
        /// The other type.
        by: &'static str,
    },
    /// This platform has no clock that could be read.
    NoClock,
    /// The cookie name is not 1 to 64 characters of an HTTP token.
    CookieName {
        /// The name given.
        name: String,
    },
    /// The cookie name spells a prefix such as `__Host-` in other letter case, which browsers honour and servers do not.
    PrefixCase {
        /// The name given.
        name: String,
        /// The prefix as it must be spelt.
        prefix: &'static str,
    },
    /// The cookie name's prefix does not allow an attribute that was configured.
    Prefix {
        /// The prefix.
        prefix: &'static str,
        /// What the prefix requires.
        requires: &'static str,
    },
    /// An attribute that browsers honour only on a cookie with `Secure`.
    NeedsSecure {
        /// The attribute.
        attribute: &'static str,
    },
    /// The path does not begin with `/`, has characters no attribute may have, or is longer than 1024 bytes.
    Path {
        /// The path given.
        path: String,
    },
    /// The domain is not a host name of letters, digits, hyphens and dots, or it has one label only.
    Domain {
        /// The domain given.
        domain: String,
    },
    /// The purpose is longer than 255 bytes.
    Purpose {
        /// Its length in bytes.
        length: usize,
    },
    /// The binding is longer than 1024 bytes.
    Binding {
        /// Its length in bytes.
        length: usize,
    },
    /// A timeout is not positive, or is above its limit.
    Timeout {
        /// The setting.
        setting: &'static str,
        /// What it must be.
        requires: &'static str,
    },
    /// The padding block is not 1 to 1024 bytes.
    PaddingBlock {
        /// The block given, in bytes.
        block: usize,
    },
    /// A mode for development was asked for in a release build.
    DevelopmentOnly {
        /// The setting.
        setting: &'static str,
    },
    /// A known cookie contradicts another, or the present one.
    KnownCookie {
        /// The name given.
        name: String,
        /// What is wrong, and what to change.
        problem: &'static str,
    },
    /// A former or also known purpose is the present one, or is given twice.
    KnownPurpose {
        /// The purpose given.
        purpose: String,
    },
    /// `device_bound` does not fit its own limits, the cookie, or the keyring.
    DeviceBound {
        /// What is wrong, and what to change.
        problem: &'static str,
    },
    /// `write_schema` names a schema newer than the type's own.
    WriteSchema {
        /// The schema asked for.
        schema: u16,
        /// The type's own schema.
        own: u16,
    },
    /// The sign-in address is not a path or URL that can stand in a header.
    SignIn {
        /// The address given.
        address: String,
    },
    /// The name of the parameter with the address to return to is not 1 to 64 letters, digits or `-._~`.
    ReturnParameter {
        /// The name given.
        name: String,
    },
    /// A trusted origin that no browser would write so.
    Origin {
        /// The origin given.
        origin: String,
    },
}

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(error) => error.fmt(f),
            Self::Rotation(error) => error.fmt(f),
            Self::CookieTaken { name, by } => write!(
                f,
                "cookie {name:?} is that of {by} already: give one of the types another name or purpose, or call \
                 share_cookie_between_types if that is meant"
            ),
            Self::NoClock => f.write_str(
                "this platform has no clock: build hardtack with the feature js, or give a clock (Clock::from_fn)",
            ),
            Self::CookieName { name } => write!(
                f,
                "cookie name {name:?}: use 1 to 64 letters, digits or any of !#$%&'*+-.^_`|~, such as \"__Host-session\""
            ),
            Self::PrefixCase { name, prefix } => write!(f, "cookie name {name:?}: spell its prefix {prefix}"),
            Self::Prefix { prefix, requires } => {
                write!(f, "a cookie name with {prefix} requires {requires}: change the attribute or the name")
            }
            Self::NeedsSecure { attribute } => {
                write!(f, "{attribute} needs Secure: keep Secure on, or drop {attribute}")
            }
            Self::Path { path } => {
                write!(f, "path {path:?}: begin with /, use printable ASCII without ';', at most 1024 bytes")
            }
            Self::Domain { domain } if !domain.is_ascii() => write!(
                f,
                "domain {domain:?}: write it in ASCII, as punycode, such as xn--bcher-kva.example for b\u{fc}cher.example"
            ),
            Self::Domain { domain } if !domain.is_empty() && !domain.contains('.') => write!(
                f,
                "domain {domain:?} has one label, and browsers drop such a cookie: give a name with a dot in it, or no domain for this \
                 host only"
            ),
            Self::Domain { domain } => {
                write!(f, "domain {domain:?}: give a host name without a leading dot, or none for this host only")
            }
            Self::Purpose { length } => write!(f, "purpose of {length} bytes: at most 255"),
            Self::Binding { length } => write!(f, "binding of {length} bytes: at most 1024, so hash longer facts"),
            Self::Timeout { setting, requires } => write!(f, "{setting} {requires}"),
            Self::PaddingBlock { block } => write!(f, "padding block of {block} bytes: 1 (none) to 1024"),
            Self::DevelopmentOnly { setting } => {
                write!(f, "{setting} is for development, and this is a release build: serve https, and remove it")
            }
            Self::KnownCookie { name, problem } => write!(f, "known cookie {name:?}: {problem}"),
            Self::KnownPurpose { purpose } => {
                write!(f, "purpose {purpose:?} is the present one, or is given twice: remove it from the list")
            }
            Self::DeviceBound { problem } => write!(f, "device_bound: {problem}"),
            Self::WriteSchema { schema, own } => {
                write!(f, "write_schema {schema} is newer than the type's own schema {own}: raise SessionData::SCHEMA")
            }
            Self::SignIn { address } => write!(f, "sign-in address {address:?}: give a path such as /login, in ASCII"),
            Self::ReturnParameter { name } => {
                write!(f, "return parameter {name:?}: use 1 to 64 letters, digits or any of -._~, such as next")
            }
            Self::Origin { origin } => write!(
                f,
                "trusted origin {origin:?}: write it as browsers do, such as https://login.example.com, in lower case, \
                 without a default port or a path"
            ),
        }
    }
}

impl core::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            Self::Rotation(error) => Some(error),
            _ => None,
        }
    }
}

impl From<KeyError> for ConfigError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<RotationError> for ConfigError {
    fn from(error: RotationError) -> Self {
        Self::Rotation(error)
    }
}
