//! A device's public key, as extension 0x01 holds it (FORMAT.md, section 2).

use core::fmt;

use super::{base64url, extensions};

/// The number for ES256: ECDSA over P-256 with SHA-256.
const ES256: u8 = 1;
/// Bytes of a compressed point.
const POINT_LEN: usize = 33;
/// Bytes of the extension's value: the algorithm, then the point.
pub(crate) const DEVICE_KEY_LEN: usize = 34;

/// The public key of the device that a session is bound to: a point of P-256, for ES256.
///
/// It is no secret. Each registration of a browser makes a new one, so it names that registration and nothing else. It is
/// displayed as browsers name the session: base64url, 44 characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceKey([u8; POINT_LEN]);

impl DeviceKey {
    /// The key of an extension's value. Whether the point is on the curve is not looked at.
    pub(crate) fn from_value(value: &[u8]) -> Option<Self> {
        let (&algorithm, point) = value.split_first()?;
        Self::from_point(point.try_into().ok()?).filter(|_| algorithm == ES256)
    }

    /// The key of a compressed point. Whether that is on the curve is not looked at.
    pub(crate) fn from_point(point: [u8; POINT_LEN]) -> Option<Self> {
        matches!(point, [2 | 3, ..]).then_some(Self(point))
    }

    /// The key of a browser's identifier for its session.
    pub(crate) fn from_identifier(text: &[u8]) -> Option<Self> {
        let mut point = [0; POINT_LEN];
        let written = base64url::decode_to(text, &mut point)?.len();
        Self::from_point(point).filter(|_| written == POINT_LEN)
    }

    /// The key in an extension block, if it has one: no type stands before it that would be accepted.
    pub(crate) fn in_block(block: &[u8]) -> Option<Self> {
        let (kind, value) = extensions::Entries(block).next()?;
        Self::from_value(value).filter(|_| kind == extensions::DEVICE_KEY)
    }

    /// The extension's value.
    pub(crate) fn value(&self) -> [u8; DEVICE_KEY_LEN] {
        let mut value = [ES256; DEVICE_KEY_LEN];
        if let Some((_, point)) = value.split_first_mut() {
            point.copy_from_slice(&self.0);
        }
        value
    }

    /// The compressed point: 33 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 33] {
        &self.0
    }
}

impl fmt::Display for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        base64url::encode_into(&self.0, &mut text);
        // base64url is ASCII.
        f.write_str(core::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey({self})")
    }
}
