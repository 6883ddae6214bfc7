//! The application's type, and how it evolves.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    buffer::Buffer,
    error::{Refusal, SessionError},
    payload,
};

/// The data of a session: the type names its cookie.
///
/// ```
/// use hardtack::SessionData;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Login { user: u64, name: String }
///
/// impl SessionData for Login {
///     const COOKIE: &'static str = "__Host-login";
/// }
/// ```
///
/// The data is encoded with postcard, behind three bytes of its layout. A field appended at the end, with `#[serde(default)]`, opens old
/// cookies. Any other change to the type's fields is a new schema (`docs/SCHEMA.md`). Without one, old cookies are refused as
/// [`Refusal::Layout`].
///
/// Two things do not belong into a session: data that does not fit 4096 bytes, and data that its user gains by undoing, because an older
/// cookie can be sent again.
pub trait SessionData: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The cookie's name: 1 to 64 characters of an HTTP token, its own for each type of a service. `__Host-` in front
    /// makes browsers protect it from sibling hosts.
    const COOKIE: &'static str;

    /// The number of the present layout. Raise it with every change of the type but appended fields, and teach
    /// [`SessionData::migrate`] the layout before.
    const SCHEMA: u16 = 1;

    /// Reads a payload of an older schema. By default none can be read.
    ///
    /// # Errors
    /// What [`Older::decode`] and [`Older::unreadable`] return. The session then reads as none.
    fn migrate(old: Older<'_>) -> Result<Self, SessionError> {
        old.unreadable()
    }

    /// Writes this value under an older schema, while a deployment is under way (`write_schema` of the builder). By
    /// default none can be written.
    ///
    /// # Errors
    /// What [`OlderWriter::encode`] and [`OlderWriter::unwritable`] return.
    fn write_older(&self, to: OlderWriter) -> Result<OlderPayload, SessionError> {
        to.unwritable()
    }
}

/// A payload written under an older schema than the type's own.
#[derive(Clone, Copy)]
pub struct Older<'a> {
    pub(super) schema: u16,
    pub(super) payload: &'a [u8],
}

impl<'a> Older<'a> {
    /// The schema it was written under.
    #[must_use]
    pub fn schema(&self) -> u16 {
        self.schema
    }

    /// The payload's bytes. For those that no type describes, such as a raw payload that [`Sealer::seal`](crate::Sealer::seal) took:
    /// [`Older::decode`] reads all others.
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The payload as a value of the type it was written as.
    ///
    /// # Errors
    /// [`SessionError::Refused`] with [`Refusal::Layout`] if it was written in another layout, with [`Refusal::Payload`] if the layout
    /// is right and the bytes are not.
    pub fn decode<V: serde::Deserialize<'a>>(&self) -> Result<V, SessionError> {
        payload::decode(self.payload).map_err(SessionError::Refused)
    }

    /// The answer for a schema that is not known (any more).
    ///
    /// # Errors
    /// Always [`SessionError::Refused`] with [`Refusal::Schema`].
    pub fn unreadable<V>(self) -> Result<V, SessionError> {
        Err(SessionError::Refused(Refusal::Schema))
    }
}

impl core::fmt::Debug for Older<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Older").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// The request for a payload under an older schema.
#[derive(Clone, Copy, Debug)]
pub struct OlderWriter {
    pub(super) schema: u16,
}

impl OlderWriter {
    /// The schema to write under.
    #[must_use]
    pub fn schema(&self) -> u16 {
        self.schema
    }

    /// The value as the type of that schema.
    ///
    /// # Errors
    /// [`SessionError::Encode`] or [`SessionError::NotReadable`] if the encoding cannot express it.
    pub fn encode<V: Serialize + DeserializeOwned>(self, value: &V) -> Result<OlderPayload, SessionError> {
        payload::encode_readable(value, &[], 0).map(|(payload, _)| OlderPayload(payload))
    }

    /// The answer for a schema that cannot be written.
    ///
    /// # Errors
    /// Always [`SessionError::SchemaNotWritable`].
    pub fn unwritable(self) -> Result<OlderPayload, SessionError> {
        Err(SessionError::SchemaNotWritable { schema: self.schema })
    }
}

/// A payload under an older schema, made by [`OlderWriter::encode`].
pub struct OlderPayload(pub(super) Buffer);

impl core::fmt::Debug for OlderPayload {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("OlderPayload(..)")
    }
}
