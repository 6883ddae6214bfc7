//! Facts about a request: bytes by kind (FORMAT.md, section 4).

use core::fmt;
use std::collections::BTreeMap;

/// Facts about a request, by kind: a tenant, the hash of a client certificate, a network prefix. A kind given twice keeps the
/// later value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Facts(BTreeMap<String, Vec<u8>>);

impl Facts {
    /// No facts yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact.
    pub fn add(&mut self, kind: impl Into<String>, value: impl AsRef<[u8]>) {
        self.0.insert(kind.into(), value.as_ref().to_vec());
    }

    /// The facts as a binding: `LP(kind) || LP(value)` of each, in rising order of kind. `None` if a part is too long for that.
    pub(crate) fn binding(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for part in self.0.iter().flat_map(|(kind, value)| [kind.as_bytes(), value]) {
            bytes.extend_from_slice(&u16::try_from(part.len()).ok()?.to_be_bytes());
            bytes.extend_from_slice(part);
        }
        Some(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each fact, in rising order of kind.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(kind, value)| (kind.as_str(), value.as_slice()))
    }
}

/// The kinds, and nothing of what is said.
impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
