//! Whether a session is bound to the device of its browser.

use super::Session;
use crate::{
    clock::instant,
    error::SessionError,
    session::{data::SessionData, device::DeviceBinding},
};

#[cfg(feature = "device-bound")]
#[cfg_attr(docsrs, doc(cfg(feature = "device-bound")))]
impl<T: SessionData> Session<T> {
    /// Whether the session is bound to the device of its browser. `Unbound` where there is no session, and for one that began in
    /// this request.
    #[must_use]
    pub fn binding(&self) -> DeviceBinding {
        let proven_until = || self.backing().proven_until().map(instant);
        self.device_key()
            .map_or(DeviceBinding::Unbound, |key| DeviceBinding::Bound { key, proven_until: proven_until() })
    }

    /// Refuses an act unless the session is bound to its device and that has proved itself. Ask for the password again, or refuse:
    /// most browsers cannot bind sessions yet.
    ///
    /// # Errors
    /// [`SessionError::NotBound`], which is a 403; [`SessionError::NoSession`].
    pub fn require_bound(&self) -> Result<(), SessionError> {
        self.claims().ok_or(SessionError::NoSession)?;
        match self.binding() {
            DeviceBinding::Bound { proven_until: Some(_), .. } => Ok(()),
            _ => Err(SessionError::NotBound),
        }
    }
}
