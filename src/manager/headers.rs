//! The headers of a response, whichever version of `http` they are of.

use crate::error::SessionError;

/// The headers that a session writes. Adapters have them ready, in their version of `http`.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Name {
    CacheControl,
    ClearSiteData,
    SetCookie,
    Vary,
}

/// The headers of a framework's response.
pub(crate) trait Headers {
    /// The values of this name.
    fn values(&self, name: Name) -> impl Iterator<Item = &[u8]>;

    /// Replaces the values of this name.
    fn replace(&mut self, name: Name, value: &'static str);

    /// Adds a value beside those of this name.
    fn append(&mut self, name: Name, value: &'static str);

    /// The same with a value made for this response; one of `Set-Cookie` is sensitive. The configuration was checked when it was
    /// built, so this does not fail.
    fn append_made(&mut self, name: Name, value: String) -> Result<(), SessionError>;
}
