//! L4: whether the browser returns cookies, found out with one.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    error::{Refusal, SessionError},
    session::{Session, SessionData},
};

/// A cookie whose return shows that the browser returns cookies: the session in `__Host-probe`, without data. Install a layer for this type,
/// and take `Session<Probe>` in handlers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Probe;

/// Tests whether the browser returns cookies. Call `set` on the page with the form, and `worked` where the form arrives.
///
/// ```
/// use hardtack::{Probe, Session, SessionError};
///
/// async fn log_in_page(probe: Session<Probe>) -> Result<&'static str, SessionError> {
///     probe.set()?;
///     Ok("<form ...>")
/// }
/// async fn log_in(probe: Session<Probe>) -> &'static str {
///     if !probe.worked() {
///         return "Please allow cookies for this site.";
///     }
///     probe.clear();
///     "Welcome"
/// }
/// ```
impl Session<Probe> {
    /// Sends a probe with the response, whatever its status.
    ///
    /// # Errors
    /// [`SessionError::Random`]; [`SessionError::HeadersSent`].
    pub fn set(&self) -> Result<(), SessionError> {
        self.begin(Probe)
    }

    /// Says whether this request carried a probe. An expired probe counts, and so does one that does not open: this is about the browser, and
    /// nobody gains by pretending.
    #[must_use]
    pub fn worked(&self) -> bool {
        self.has_arrived() || self.refusal().is_some_and(|refusal| refusal != Refusal::NotSent)
    }

    /// Removes the probe. What [`Self::worked`] says in this request stays.
    pub fn clear(&self) {
        self.end();
    }
}

impl SessionData for Probe {
    const COOKIE: &'static str = "__Host-probe";
}

impl Serialize for Probe {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Probe {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <()>::deserialize(deserializer).map(|()| Self)
    }
}
