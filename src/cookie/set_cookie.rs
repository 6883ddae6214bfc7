//! Writing the `Set-Cookie` header.

use core::fmt::Write as _;

use super::attributes::Attributes;
use crate::error::ConfigError;

/// Browsers keep no cookie for longer: 400 days, in seconds.
const MAX_MAX_AGE: u64 = 34_560_000;
/// The longest `Max-Age` that is written.
const MAX_AGE_ROOM: usize = "; Max-Age=34560000".len();

/// The `Set-Cookie` header of one configuration, written in parts at start-up. The order is fixed, the attributes in
/// brackets stand only where they apply:
///
/// `name=value; Path=/[; Domain=example.com][; Max-Age=60][; Secure][; HttpOnly]; SameSite=Lax[; Partitioned]`
#[derive(Clone, Debug)]
pub(crate) struct SetCookie {
    /// `name=`.
    name: String,
    /// Path and domain: where the cookie is sent.
    scope: String,
    /// Everything after `Max-Age`.
    rest: String,
    secure: bool,
}

impl SetCookie {
    /// The parts, from attributes that go together.
    ///
    /// # Errors
    /// As [`Attributes::check`].
    pub(crate) fn new(attributes: &Attributes) -> Result<Self, ConfigError> {
        attributes.check()?;
        Ok(Self {
            name: format!("{}=", attributes.identity.name),
            scope: scope(attributes),
            rest: rest(attributes),
            secure: attributes.secure,
        })
    }

    /// The header that sets this value: for so many seconds, 400 days at most, or until the browser closes. The value
    /// is base64url, so nothing of a user's reaches the header.
    pub(crate) fn write(&self, value: &str, max_age_seconds: Option<u64>) -> String {
        debug_assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "not base64url");
        let max_age_room = max_age_seconds.map_or(0, |_| MAX_AGE_ROOM);
        let size = [self.name.len(), value.len(), self.scope.len(), max_age_room, self.rest.len()].iter().sum();
        let mut header = String::with_capacity(size);
        header.push_str(&self.name);
        header.push_str(value);
        header.push_str(&self.scope);
        if let Some(seconds) = max_age_seconds {
            // Writing into a string does not fail.
            let _ = write!(header, "; Max-Age={}", seconds.min(MAX_MAX_AGE));
        }
        header.push_str(&self.rest);
        header
    }

    /// Whether the cookie has `Secure`.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// The attributes but `Max-Age`, as they are written after the value.
    pub(crate) fn attributes(&self) -> String {
        [&self.scope, self.rest.as_str()].concat().trim_start_matches("; ").to_owned()
    }

    /// The header that removes the cookie. The attributes are the same, for a browser removes only a cookie of the same
    /// path, domain and partition, and takes a name's prefix as seriously as ever.
    pub(crate) fn removal(&self) -> String {
        self.write("", Some(0))
    }
}

fn scope(attributes: &Attributes) -> String {
    let path = format!("; Path={}", attributes.identity.path);
    match &attributes.identity.domain {
        Some(domain) => format!("{path}; Domain={domain}"),
        None => path,
    }
}

fn rest(attributes: &Attributes) -> String {
    let flag = |on: bool, text: &'static str| if on { text } else { "" };
    [
        flag(attributes.secure, "; Secure"),
        flag(attributes.http_only, "; HttpOnly"),
        "; ",
        attributes.same_site.attribute(),
        flag(attributes.identity.partitioned, "; Partitioned"),
    ]
    .concat()
}
