//! What tells one cookie from another in a browser.

/// Name, Path, Domain and partition: a browser replaces or removes a cookie only if all four agree (RFC 6265bis, section 5.7;
/// CHIPS).
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// The cookie's name.
    pub(crate) name: String,
    /// The path below which the cookie is sent.
    pub(crate) path: String,
    /// The domain whose hosts all get the cookie; none for one host only.
    pub(crate) domain: Option<String>,
    /// One cookie for each embedding site.
    pub(crate) partitioned: bool,
}

impl Identity {
    /// A cookie of this name that goes to one host, below every path, in no partition.
    pub(crate) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), path: "/".to_owned(), domain: None, partitioned: false }
    }
}

impl PartialEq for Identity {
    /// Host names have no letter case; names and paths do.
    fn eq(&self, other: &Self) -> bool {
        let same_domain = match (&self.domain, &other.domain) {
            (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        };
        same_domain && self.name == other.name && self.path == other.path && self.partitioned == other.partitioned
    }
}
