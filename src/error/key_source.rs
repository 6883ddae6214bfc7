use core::fmt;

use super::{KeyError, RotationError};

/// Why a look at the source of a keyring brought no ring. The running ring stays.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeySourceError {
    /// What the source holds is no keyring.
    Key(KeyError),
    /// Sessions would be lost by taking the ring.
    Refused(RotationError),
    /// The source failed, in its own words.
    Failed(Box<dyn core::error::Error + Send + Sync>),
    /// The source panicked.
    Panicked,
    /// The source took longer than 30 seconds.
    TimedOut,
    /// Nobody watches: the keyring was given by hand.
    NoSource,
}

impl fmt::Display for KeySourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(error) => error.fmt(f),
            Self::Refused(error) => error.fmt(f),
            Self::Failed(error) => write!(f, "the key source failed: {error}"),
            Self::Panicked => f.write_str("the key source panicked: see the panic's own message"),
            Self::TimedOut => f.write_str("the key source took longer than 30 seconds: check that it can be reached"),
            Self::NoSource => {
                f.write_str("this keyring has no source: make it with LiveKeyring::watch_file or watcher")
            }
        }
    }
}

impl core::error::Error for KeySourceError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            Self::Refused(error) => Some(error),
            Self::Failed(error) => Some(&**error),
            _ => None,
        }
    }
}

impl From<KeyError> for KeySourceError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<RotationError> for KeySourceError {
    fn from(error: RotationError) -> Self {
        Self::Refused(error)
    }
}
