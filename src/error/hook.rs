use core::fmt;

/// How a hook of the application failed.
#[non_exhaustive]
pub enum HookFailure {
    /// It returned an error.
    Failed(Box<dyn core::error::Error + Send + Sync>),
    /// It panicked.
    Panicked,
    /// It took longer than it may.
    TimedOut,
}

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for HookFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for HookFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => write!(f, "the hook failed: {error}"),
            Self::Panicked => f.write_str("the hook panicked"),
            Self::TimedOut => f.write_str("the hook took longer than it may"),
        }
    }
}

impl core::error::Error for HookFailure {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Failed(error) => Some(&**error),
            _ => None,
        }
    }
}
