//! How much a message matters.

use serde::{Serialize, Serializer};

/// What kind of message it is, in rising order; the name is meant for a CSS class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// For developers.
    Debug,
    /// It is so.
    Info,
    /// It worked.
    Success,
    /// It worked, but.
    Warning,
    /// It did not work.
    Error,
}

/// The place is the number in the cookie: new levels go to the end.
const LEVELS: [Level; 5] = [Level::Debug, Level::Info, Level::Success, Level::Warning, Level::Error];

impl Level {
    /// `debug`, `info`, `success`, `warning` or `error`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    pub(super) fn from_number(number: u8) -> Option<Self> {
        LEVELS.get(usize::from(number)).copied()
    }
}

impl core::fmt::Display for Level {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.as_str())
    }
}

/// The name for templates, the number in cookies.
impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(self.as_str())
        } else {
            serializer.serialize_u8(*self as u8)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LEVELS, Level};

    #[test]
    fn a_level_s_number_is_its_place() {
        for level in LEVELS {
            assert_eq!(Level::from_number(level as u8), Some(level));
        }
        assert_eq!(Level::from_number(5), None);
    }
}
