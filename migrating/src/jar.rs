//! Cookies of the `cookie` crate, alone or inside of axum-extra, actix-session and tower-sessions.

use cookie::{Cookie, CookieJar, Key};
use time::OffsetDateTime;

use crate::moving::{OldCookie, Opened};

/// Encrypted cookies: `PrivateJar` of the `cookie` crate, `PrivateCookieJar` of axum-extra, actix-session by default, and `with_private` of
/// tower-sessions.
pub struct PrivateJar {
    name: String,
    key: Key,
}

/// Signed cookies: `SignedJar` of the `cookie` crate, `SignedCookieJar` of axum-extra, `CookieContentSecurity::Signed` of actix-session, and
/// `with_signed` of tower-sessions.
pub struct SignedJar {
    name: String,
    key: Key,
}

/// Cookies that are neither encrypted nor signed, and hold the id of a session in a store: tower-sessions by default.
///
/// The value is whatever the client sent. It is worth what a look-up in the store makes of it, and nothing else.
pub struct Plain {
    name: String,
}

impl PrivateJar {
    /// A reader of the cookie with this name, as that key encrypted it.
    #[must_use]
    pub fn new(name: &str, key: Key) -> Self {
        Self { name: name.to_owned(), key }
    }
}

impl SignedJar {
    /// A reader of the cookie with this name, as that key signed it.
    #[must_use]
    pub fn new(name: &str, key: Key) -> Self {
        Self { name: name.to_owned(), key }
    }
}

impl Plain {
    /// A reader of the cookie with this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned() }
    }
}

impl OldCookie for PrivateJar {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(&self, value: &str, _: OffsetDateTime) -> Option<Opened> {
        either(&self.name, value, |jar| jar.private(&self.key).get(&self.name))
    }
}

impl OldCookie for SignedJar {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(&self, value: &str, _: OffsetDateTime) -> Option<Opened> {
        either(&self.name, value, |jar| jar.signed(&self.key).get(&self.name))
    }
}

impl OldCookie for Plain {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(&self, value: &str, _: OffsetDateTime) -> Option<Opened> {
        decoded(&self.name, value).map(|cookie| Opened::endless(cookie.value()))
    }
}

/// What the jar opens: frameworks encode the value with percent signs, and the crate alone does not.
fn either(name: &str, value: &str, open: impl Fn(&CookieJar) -> Option<Cookie<'static>>) -> Option<Opened> {
    let raw = Cookie::new(name.to_owned(), value.to_owned());
    decoded(name, value).into_iter().chain([raw]).find_map(|cookie| {
        let mut jar = CookieJar::new();
        jar.add_original(cookie);
        open(&jar).map(|cookie| Opened::endless(cookie.value()))
    })
}

fn decoded(name: &str, value: &str) -> Option<Cookie<'static>> {
    Cookie::parse_encoded(format!("{name}={value}")).ok()
}

impl core::fmt::Debug for PrivateJar {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PrivateJar").field("name", &self.name).finish_non_exhaustive()
    }
}

impl core::fmt::Debug for SignedJar {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SignedJar").field("name", &self.name).finish_non_exhaustive()
    }
}

impl core::fmt::Debug for Plain {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Plain").field("name", &self.name).finish()
    }
}
