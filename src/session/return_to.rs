//! Where to lead somebody who has logged in: the address that they asked for before.

use core::{fmt, str::FromStr};

use crate::error::ReturnError;

/// The longest address that is taken, in bytes.
const MAX_LEN: usize = 1024;

/// An address of this site, path and query, to redirect to after a login: [`crate::Session::return_to`] makes one of what
/// `Builder::return_parameter` added to the sign-in address.
///
/// Anybody can write a link to the sign-in page, so the text is checked: it leads to no other site, in no browser.
///
/// ```
/// use hardtack::ReturnTo;
///
/// assert_eq!("/orders?page=2".parse::<ReturnTo>()?.as_str(), "/orders?page=2");
/// for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "/%2fevil.example", "/a/../b"] {
///     assert!(elsewhere.parse::<ReturnTo>().is_err());
/// }
/// # Ok::<(), hardtack::ReturnError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// This address, if it is none where people sign in.
    pub(crate) fn checked(address: &str, sign_in: Option<&str>) -> Result<Self, ReturnError> {
        check(address)?;
        let path = |address| fully_decoded(path_of(address).trim_end_matches('/').as_bytes());
        if sign_in.is_some_and(|sign_in| path(sign_in) == path(address)) {
            return Err(ReturnError::SignIn);
        }
        Ok(Self(address.to_owned()))
    }

    /// Path and query, ready for a `Location` header. In HTML, escape it as any other text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks all but whether people sign in there, which only a session's layer knows.
impl FromStr for ReturnTo {
    type Err = ReturnError;

    fn from_str(address: &str) -> Result<Self, ReturnError> {
        Self::checked(address, None)
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check(address: &str) -> Result<(), ReturnError> {
    if address.len() > MAX_LEN {
        return Err(ReturnError::TooLong { length: address.len() });
    }
    if !address.starts_with('/') {
        return Err(ReturnError::NotAPath);
    }
    if !address.bytes().all(is_allowed) {
        return Err(ReturnError::Character);
    }
    // Also as a server or a proxy may decode it, once or more often.
    let mut path = path_of(address).as_bytes().to_vec();
    loop {
        check_path(&path)?;
        let decoded = decoded(&path);
        if decoded.len() == path.len() {
            return Ok(());
        }
        path = decoded;
    }
}

/// Printable ASCII, but for what browsers take for a slash, cut off, or escape.
fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#' | b'"' | b'<' | b'>')
}

fn check_path(path: &[u8]) -> Result<(), ReturnError> {
    if path.iter().any(|byte| byte.is_ascii_control() || *byte == b'\\') {
        return Err(ReturnError::Character);
    }
    if path.windows(2).any(|pair| pair == b"//") {
        return Err(ReturnError::DoubleSlash);
    }
    if path.split(|byte| *byte == b'/').any(is_dot_segment) {
        return Err(ReturnError::DotSegment);
    }
    Ok(())
}

/// Whether a segment leads up, or nowhere. Some servers cut parameters off it first: `..;x`.
fn is_dot_segment(segment: &[u8]) -> bool {
    let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
    name == b"." || name == b".."
}

/// The path of an address, or of a URL.
fn path_of(address: &str) -> &str {
    let local = match address.split_once("://") {
        Some((_, rest)) if !address.starts_with('/') => {
            rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()
        }
        _ => address,
    };
    local.split(['?', '#']).next().unwrap_or_default()
}

fn fully_decoded(path: &[u8]) -> Vec<u8> {
    let mut path = path.to_vec();
    loop {
        let decoded = decoded(&path);
        if decoded.len() == path.len() {
            return path;
        }
        path = decoded;
    }
}

/// Without percent-encoding. A `%` that begins none stays.
fn decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let escape = match after {
            [high, low, after @ ..] if *first == b'%' => {
                hex(*high).zip(hex(*low)).map(|(high, low)| (high << 4 | low, after))
            }
            _ => None,
        };
        let (byte, after) = escape.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    bytes
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
