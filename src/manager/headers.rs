//! The headers of a response, whichever version of `http` they are of.

use crate::error::SessionError;

/// The headers that a session writes, with values made for the response. Adapters have the names ready, in their version of `http`.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Name {
    ClearSiteData,
    /// `Secure-Session-Registration`.
    Registration,
    SetCookie,
}

/// What caches are told: headers that adapters have ready, name and value.
#[derive(Clone, Copy)]
pub(crate) enum ForCaches {
    /// `Cache-Control: private, no-store`, in place of what is there. Some caches heed only the one, some only the other.
    PrivateNoStore,
    /// `Vary: Cookie`, beside what is there.
    VaryByCookie,
}

/// The headers of a framework's response.
pub(crate) trait Headers {
    /// Writes this, unless these headers have its name, and the values say enough. Fails where there is no room: `http` 1 has some for
    /// 24,576 names at most.
    fn tell_caches(
        &mut self,
        told: ForCaches,
        enough: impl FnOnce(&mut dyn Iterator<Item = &[u8]>) -> bool,
    ) -> Result<(), SessionError>;

    /// Removes every header with such a name. Names are in lower case.
    fn remove_named(&mut self, is_such: fn(&str) -> bool);

    /// Adds a value beside those of this name; one of `Set-Cookie` is sensitive. The configuration was checked when it was built, so
    /// this fails for the same reason only.
    fn append(&mut self, name: Name, value: String) -> Result<(), SessionError>;
}
