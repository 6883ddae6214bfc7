//! Whether a session is bound to the device of its browser.

use time::OffsetDateTime;

use crate::wire::device::DeviceKey;

/// Whether a session is bound to the device of its browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceBinding {
    /// It is not: the browser cannot do it, or has not registered yet.
    Unbound,
    /// It is, and the browser of this request has proved that it holds the key.
    Bound {
        /// The device's public key.
        key: DeviceKey,
        /// When that proof ends. The browser brings another before. `None` where the configuration accepts sessions without proof.
        proven_until: Option<OffsetDateTime>,
    },
}
