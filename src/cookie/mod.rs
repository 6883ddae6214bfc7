//! L3: the text of the `Cookie` and `Set-Cookie` headers (RFC 6265bis); no sessions, no keys, no tokens.
//!
//! Inward it works on bytes and copies nothing but our own cookie. Outward everything but the value and `Max-Age` is
//! checked and written once, at start-up.

pub(crate) mod attributes;
pub(crate) mod identity;
pub(crate) mod known;
pub(crate) mod request;
pub(crate) mod set_cookie;

#[cfg(test)]
mod tests;
