use core::fmt;

/// Why an address is none to lead somebody to after a login. The text of the address is in no error: its query may hold secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReturnError {
    /// It is longer than 1024 bytes.
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// It does not begin with `/`: it is empty, or leads to another site.
    NotAPath,
    /// It has a character that no path and query have, such as a backslash, a control character or a `#`; or its path has, once it is
    /// decoded.
    Character,
    /// Its path has two slashes in a row, once it is decoded.
    DoubleSlash,
    /// Its path has a segment `.` or `..`, once it is decoded.
    DotSegment,
    /// People sign in there.
    SignIn,
}

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for ReturnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ReturnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length } => write!(f, "the return address has {length} bytes, 1024 are allowed"),
            Self::NotAPath => f.write_str("the return address does not begin with /: lead to a page of your own"),
            Self::Character => f.write_str("the return address has a character that no path and query of ours have"),
            Self::DoubleSlash => f.write_str("the path of the return address has two slashes in a row"),
            Self::DotSegment => f.write_str("the path of the return address has a segment . or .."),
            Self::SignIn => f.write_str("the return address is where people sign in"),
        }
    }
}

impl core::error::Error for ReturnError {}
