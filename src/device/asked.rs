//! What an endpoint is asked: the headers that matter, as they came.

use crate::{error::DeviceReason, wire::device::DeviceKey};

/// The most characters of a signed challenge.
const MAX_LEN: usize = 4096;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Register,
    Refresh,
}

/// A request to an endpoint.
#[derive(Default)]
pub(crate) struct Asked {
    pub(crate) is_post: bool,
    /// `Cookie`.
    pub(crate) cookies: Vec<Vec<u8>>,
    /// `Secure-Session-Response`.
    pub(crate) responses: Vec<Vec<u8>>,
    /// `Sec-Secure-Session-Id`.
    pub(crate) ids: Vec<Vec<u8>>,
    /// `Sec-Fetch-Mode`.
    pub(crate) fetch_mode: Option<Vec<u8>>,
}

/// A header that may be there once.
pub(super) enum Once<'a> {
    Absent,
    Value(&'a str),
    Wrong,
}

impl Asked {
    /// The one signed challenge.
    pub(super) fn response(&self) -> Once<'_> {
        once(&self.responses)
    }

    /// The device that the browser names.
    pub(super) fn device(&self) -> Result<DeviceKey, DeviceReason> {
        match once(&self.ids) {
            Once::Value(text) => DeviceKey::from_identifier(text.as_bytes()).ok_or(DeviceReason::Identifier),
            Once::Absent | Once::Wrong => Err(DeviceReason::Identifier),
        }
    }

    /// Whether a script may have made it: in the mode that browsers use, scripts cannot send the headers.
    pub(super) fn may_be_scripted(&self) -> bool {
        self.fetch_mode.as_ref().is_some_and(|mode| mode != b"no-cors")
    }
}

/// Browsers send the value bare, the specification says a quoted string.
fn once(values: &[Vec<u8>]) -> Once<'_> {
    match values {
        [] => Once::Absent,
        [value] => text(value).map_or(Once::Wrong, Once::Value),
        _ => Once::Wrong,
    }
}

fn text(value: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(value).ok()?;
    let text = match text.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"')?,
        None => text,
    };
    (text.len() <= MAX_LEN && !text.contains('"')).then_some(text)
}
