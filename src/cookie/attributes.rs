//! The attributes of our cookie, and the rules they are held to when the configuration is built.

use super::identity::Identity;
use crate::{error::ConfigError, wire::is_cookie_name};

/// Browsers ignore an attribute whose value is longer.
const MAX_PATH_LEN: usize = 1024;
/// The longest host name, and the longest label in one (RFC 1035, section 2.3.4).
const MAX_DOMAIN_LEN: usize = 253;
const MAX_LABEL_LEN: usize = 63;

/// Whether browsers send the cookie along when another site made the request. It is always stated, since a browser that
/// has to assume `Lax` may let cross-site POSTs through for the cookie's first two minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SameSite {
    /// Only when the user follows a link to this site, or another safe top-level navigation. The default.
    #[default]
    Lax,
    /// Never: whoever follows a link to this site arrives without a session.
    Strict,
    /// Always, for sites embedded in others. Needs `Secure`; forged requests are then the application's to refuse.
    None,
}

impl SameSite {
    /// The attribute as the header spells it.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Lax => "SameSite=Lax",
            Self::Strict => "SameSite=Strict",
            Self::None => "SameSite=None",
        }
    }
}

/// Name and attributes as they were configured; [`Attributes::check`] says whether they go together.
#[derive(Clone, Debug)]
pub(crate) struct Attributes {
    /// Name, Path, Domain and partition. A partition (CHIPS) is of use only with [`SameSite::None`], though harmless elsewhere.
    pub(crate) identity: Identity,
    /// Sent over https only.
    pub(crate) secure: bool,
    /// Out of the reach of scripts.
    pub(crate) http_only: bool,
    /// Sent with requests of other sites, or not.
    pub(crate) same_site: SameSite,
}

impl Attributes {
    /// The safe defaults: `Path=/`, no domain, `Secure`, `HttpOnly`, `SameSite=Lax`, not partitioned.
    pub(crate) fn new(name: &str) -> Self {
        Self { identity: Identity::named(name), secure: true, http_only: true, same_site: SameSite::Lax }
    }

    /// Refuses what browsers would drop, cut or take for something else; nothing is mended.
    ///
    /// # Errors
    /// The first rule that is broken, as the [`ConfigError`] that names it: `CookieName`, `Path`, `Domain`,
    /// `PrefixCase`, `Prefix`, `NeedsSecure`.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if !is_cookie_name(&self.identity.name) {
            return Err(ConfigError::CookieName { name: self.identity.name.clone() });
        }
        if !is_path(&self.identity.path) {
            return Err(ConfigError::Path { path: self.identity.path.clone() });
        }
        if let Some(domain) = self.identity.domain.as_ref().filter(|domain| !is_host_name(domain)) {
            return Err(ConfigError::Domain { domain: domain.clone() });
        }
        self.check_prefix()?;
        self.check_needs_secure()
    }

    fn check_prefix(&self) -> Result<(), ConfigError> {
        let Some(prefix) = PREFIXES.iter().find(|prefix| prefix.is_seen_in(&self.identity.name)) else {
            return Ok(());
        };
        if !self.identity.name.starts_with(prefix.text) {
            return Err(ConfigError::PrefixCase { name: self.identity.name.clone(), prefix: prefix.text });
        }
        match prefix.missing_in(self) {
            Some(requires) => Err(ConfigError::Prefix { prefix: prefix.text, requires }),
            None => Ok(()),
        }
    }

    fn check_needs_secure(&self) -> Result<(), ConfigError> {
        if self.secure {
            return Ok(());
        }
        if self.same_site == SameSite::None {
            return Err(ConfigError::NeedsSecure { attribute: SameSite::None.attribute() });
        }
        if self.identity.partitioned {
            return Err(ConfigError::NeedsSecure { attribute: "Partitioned" });
        }
        Ok(())
    }
}

/// A prefix by which a name states its attributes (RFC 6265bis, section 4.1.3; the two with `Http` are from
/// layered-cookies). Each requires `Secure`.
struct Prefix {
    text: &'static str,
    /// Requires `HttpOnly`.
    http_only: bool,
    /// Requires `Path=/` and no `Domain`.
    host_only: bool,
}

/// A prefix that another one begins stands before it, so the first to match is the strictest.
const PREFIXES: [Prefix; 4] = [
    Prefix { text: "__Host-Http-", http_only: true, host_only: true },
    Prefix { text: "__Host-", http_only: false, host_only: true },
    Prefix { text: "__Http-", http_only: true, host_only: false },
    Prefix { text: "__Secure-", http_only: false, host_only: false },
];

impl Prefix {
    /// Whether a browser sees this prefix in the name: in any letter case.
    fn is_seen_in(&self, name: &str) -> bool {
        name.get(..self.text.len()).is_some_and(|head| head.eq_ignore_ascii_case(self.text))
    }

    /// The first requirement that the attributes do not meet.
    fn missing_in(&self, attributes: &Attributes) -> Option<&'static str> {
        if !attributes.secure {
            return Some("Secure");
        }
        if self.http_only && !attributes.http_only {
            return Some("HttpOnly");
        }
        if self.host_only && attributes.identity.path != "/" {
            return Some("Path=/");
        }
        (self.host_only && attributes.identity.domain.is_some()).then_some("no Domain")
    }
}

/// Whether only this very host can set a cookie of this name: no sibling host can plant one.
pub(crate) fn is_host_prefixed(name: &str) -> bool {
    PREFIXES.iter().any(|prefix| prefix.host_only && name.starts_with(prefix.text))
}

/// A name without the prefix it may have.
pub(crate) fn without_prefix(name: &str) -> &str {
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix.text)).unwrap_or(name)
}

/// `av-octet` of RFC 6265bis, section 4.1.1.
fn is_path(path: &str) -> bool {
    let is_av_octet = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b';';
    path.starts_with('/') && path.len() <= MAX_PATH_LEN && path.bytes().all(is_av_octet)
}

fn is_host_name(domain: &str) -> bool {
    // An address is no domain, and browsers drop the cookie: its last label has no letter.
    let named = domain.rsplit('.').next().is_some_and(|label| label.bytes().any(|byte| byte.is_ascii_alphabetic()));
    // A single label is `localhost`, a name of a local network, or a public suffix such as `com`: browsers drop those.
    named && domain.contains('.') && domain.len() <= MAX_DOMAIN_LEN && domain.split('.').all(is_label)
}

/// Letters, digits and hyphens, with no hyphen at either end.
fn is_label(label: &str) -> bool {
    let is_ldh_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=MAX_LABEL_LEN).contains(&label.len())
        && label.bytes().all(is_ldh_byte)
        && !label.starts_with('-')
        && !label.ends_with('-')
}
