use core::fmt;

/// The operating system gave no random bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RandomError;

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for RandomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for RandomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operating system gave no random bytes")
    }
}

impl core::error::Error for RandomError {}

/// Why a token was not sealed.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// Cookie name and value would exceed what browsers keep.
    TooLarge {
        /// Bytes of name and value together.
        size: usize,
        /// The most there may be: 4096 bytes.
        limit: usize,
    },
    /// The session has ended: a token sealed now would already be expired.
    Over,
    /// The clock stands so late that the session would end beyond the format's range, 2^40 seconds after 1970.
    TimeOutOfRange,
    /// No random bytes for the nonce or the session id.
    Random(RandomError),
}

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { size, limit } => {
                write!(f, "cookie name and value would be {size} bytes, {limit} are allowed: keep less in the session")
            }
            Self::Over => f.write_str("the session has ended; begin a new one"),
            Self::TimeOutOfRange => f.write_str("the clock stands outside the range of the format"),
            Self::Random(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SealError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Random(error) => Some(error),
            _ => None,
        }
    }
}

impl From<RandomError> for SealError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}
