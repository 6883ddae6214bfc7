//! Cookies besides the present one, as the application names them.

use super::{
    attributes::{Attributes, SameSite},
    identity::Identity,
};

/// A cookie that a service knows besides the one it writes: the one it wrote before, or the one it will write next.
///
/// A browser keeps cookies apart by name, `Domain`, `Path` and partition. hardtack has to know all four to remove one.
/// State what the cookie had; these are the defaults:
///
/// | left out | means |
/// | --- | --- |
/// | [`domain`](Self::domain) | no `Domain`: the cookie of one host |
/// | [`path`](Self::path) | `Path=/` |
/// | [`partitioned`](Self::partitioned) | no partition |
/// | [`insecure_without_secure`](Self::insecure_without_secure) | `Secure` |
///
/// ```
/// use hardtack::{Keyring, KnownCookie, SessionData, SessionManager};
/// use time::macros::datetime;
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Login { user: u64 }
/// impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // The cookie was `login; Domain=shop.example; Path=/app` until today.
/// let before = KnownCookie::named("login").domain("shop.example").path("/app");
/// let sessions = SessionManager::<Login>::builder(Keyring::generate()?)
///     .former_cookie(before, datetime!(2027-03-01 0:00 UTC))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct KnownCookie {
    pub(crate) identity: Identity,
    pub(crate) secure: bool,
    pub(crate) shared: bool,
}

impl KnownCookie {
    /// A cookie of this name: for one host, `Path=/`, `Secure`, in no partition.
    pub fn named(name: &str) -> Self {
        Self { identity: Identity::named(name), secure: true, shared: false }
    }

    /// The `Domain` that the cookie has.
    pub fn domain(mut self, domain: &str) -> Self {
        self.identity.domain = Some(domain.to_owned());
        self
    }

    /// The `Path` that the cookie has.
    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.identity.path);
        self
    }

    /// The cookie is `Partitioned`.
    pub fn partitioned(mut self) -> Self {
        self.identity.partitioned = true;
        self
    }

    /// Another service still writes the cookie: a sibling host that moves later, say. Its sessions open here. `begin`, `end`
    /// and every new session id remove it; a renewal or a change of data leaves it, and it is not renewed here.
    ///
    /// A logout at the other service ends the session of this host only with a common deny-list or check of users.
    pub fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    /// The cookie has no `Secure`: it was written over plain http.
    pub fn insecure_without_secure(mut self) -> Self {
        self.secure = false;
        self
    }

    /// The attributes of the header that removes it.
    pub(crate) fn attributes(&self, same_site: SameSite) -> Attributes {
        // Browsers drop SameSite=None without Secure.
        let same_site = if self.secure { same_site } else { SameSite::Lax };
        Attributes { identity: self.identity.clone(), secure: self.secure, http_only: true, same_site }
    }
}
