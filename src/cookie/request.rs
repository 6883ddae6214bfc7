//! Finding our cookie in the `Cookie` headers of a request.

use memchr::memchr;

use crate::{buffer::Buffer, error::Refusal, wire::MAX_COOKIE_LEN};

/// The most bytes of `Cookie` headers that are looked at.
const MAX_HEADER_BYTES: usize = 65_536;
/// The most cookies of our name that are given on (FORMAT.md, section 5, several cookies).
const MAX_CANDIDATES: usize = 4;

/// The value of one cookie of our name as it came, perhaps empty; or [`Refusal::TooLong`], of which nothing was copied.
pub(crate) type Candidate = Result<Buffer, Refusal>;

/// What a request carried under our name.
///
/// Printable in tests only: a value is a bearer token and has no place in a log.
#[cfg_attr(test, derive(Debug))]
#[derive(PartialEq)]
pub(crate) enum Found {
    /// No cookie of our name.
    Nothing,
    /// One cookie.
    One(Candidate),
    /// Two to four cookies, in the order of the header, which says nothing about which of them to believe.
    Several(Vec<Candidate>),
    /// Too much to look at: [`Refusal::HeaderTooLong`] or [`Refusal::TooManyCookies`].
    Refused {
        reason: Refusal,
        /// One of them has a value, or may have.
        has_value: bool,
    },
}

impl Found {
    /// Whether there is a cookie with a value: an empty one is what some clients keep of a removal.
    pub(crate) fn has_value(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::One(candidate) => has_value(candidate),
            Self::Several(candidates) => candidates.iter().any(has_value),
            Self::Refused { has_value, .. } => *has_value,
        }
    }

    /// These candidates and one more.
    fn with(self, candidate: Candidate) -> Self {
        match self {
            Self::Nothing => Self::One(candidate),
            Self::One(first) => Self::Several(vec![first, candidate]),
            Self::Several(all) if all.len() >= MAX_CANDIDATES => Self::Refused {
                reason: Refusal::TooManyCookies,
                has_value: all.iter().any(has_value) || has_value(&candidate),
            },
            Self::Several(mut all) => {
                all.push(candidate);
                Self::Several(all)
            }
            Self::Refused { reason, has_value: had } => {
                Self::Refused { reason, has_value: had || has_value(&candidate) }
            }
        }
    }
}

fn has_value(candidate: &Candidate) -> bool {
    candidate.as_ref().map_or(true, |value| !value.is_empty())
}

/// The cookies of this name, in any number of `Cookie` headers (HTTP/2 and HTTP/3 split them). The name is a token that
/// was checked with the configuration. Nothing is allocated unless there is one.
pub(crate) fn find<'a>(headers: impl IntoIterator<Item = &'a [u8]>, name: &str) -> Found {
    let mut found = Found::Nothing;
    let mut budget = MAX_HEADER_BYTES;
    for header in headers {
        let Some(left) = budget.checked_sub(header.len()) else {
            return Found::Refused { reason: Refusal::HeaderTooLong, has_value: true };
        };
        budget = left;
        for value in pairs(header).filter_map(|pair| value_of(pair, name.as_bytes())) {
            found = found.with(candidate(value, name));
            // Behind empty ones there may be one that decides.
            if matches!(found, Found::Refused { has_value: true, .. }) {
                return found;
            }
        }
    }
    found
}

/// The parts of a header between its semicolons.
fn pairs(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(header);
    core::iter::from_fn(move || {
        let header = rest?;
        let (pair, after) = match memchr(b';', header) {
            Some(at) => (header.get(..at)?, header.get(at.saturating_add(1)..)),
            None => (header, None),
        };
        rest = after;
        Some(pair)
    })
}

/// The value, if this `name=value` is ours. As a token has neither `=` nor white space, the first `=` separates.
fn value_of<'a>(pair: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let after_name = trim_start(pair).strip_prefix(name)?;
    let value = trim_start(after_name).strip_prefix(b"=")?;
    Some(unquoted(trim_end(trim_start(value))))
}

/// The value without the one pair of double quotes that `cookie-value` allows (RFC 6265, section 4.1.1), and that Java's
/// `CookieManager` adds. Nothing inside is unescaped: a token has no quote and no backslash.
fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(value)
}

/// A copy of the value, since the session outlives the header; the length is checked before (FORMAT.md, section 5,
/// step 1).
fn candidate(value: &[u8], name: &str) -> Candidate {
    if name.len().saturating_add(value.len()) > MAX_COOKIE_LEN {
        return Err(Refusal::TooLong);
    }
    Ok(value.into())
}

// Space and tab only. To trim Unicode white space, as `str::trim` does, would let a sibling domain plant
// "\u{2000}__Host-session": browsers see no prefix in that name, and a server would.

fn trim_start(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

fn trim_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
