use core::fmt;

/// Why a cookie or token was not accepted. It is for the operator, and never for the client.
///
/// The client sees one outcome for all of them: no session. The names are those of `docs/FORMAT.md`, section 5. The variants stand in the
/// order of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The request carried no cookie because its `SameSite` kept it away: another site made the request. The browser may well hold
    /// one, so nothing but `begin` and `end` replaces it.
    NotSent,
    /// The `Cookie` headers of the request hold more bytes than are looked at (65,536).
    HeaderTooLong,
    /// More than four cookies of our name arrived.
    TooManyCookies,
    /// Several valid cookies of our name arrived, of different sessions.
    ConflictingCookies,
    /// Cookie name and value together exceed 4096 bytes.
    TooLong,
    /// The value is not canonical base64url without padding.
    Encoding,
    /// Too few bytes for a token.
    TooShort,
    /// A format version other than 1.
    Version,
    /// A suite this build does not know.
    Suite,
    /// No key of the ring has the token's key id.
    UnknownKey,
    /// The key was revoked, or has passed the time until which it opens.
    KeyNotUsable,
    /// The key has gone by the latest time that this process has believed, but not by its clock. One of the two is wrong.
    ClockSetBack,
    /// The token was altered, or sealed for another cookie name, purpose or binding.
    Authentication,
    /// A reserved flag is set.
    Flags,
    /// The plaintext does not follow the format.
    Format,
    /// An extension that must be understood, and is not.
    Extension,
    /// Sealed further in the future than the tolerated skew.
    NotYetValid {
        /// How far ahead of this clock the token was sealed, in seconds.
        seconds_ahead: u64,
    },
    /// The session has reached its absolute end.
    AbsoluteTimeout,
    /// The session was idle for too long.
    IdleTimeout,
    /// The session began before the cut-off, or was denied.
    Revoked,
    /// The session is bound to a device, and the request carries no proof of it that is good now.
    Unproven,
    /// The application's hook for this session failed, so nothing is known of it.
    CheckFailed,
    /// The payload was written under a schema that cannot be read here.
    Schema,
    /// The payload was written in another layout than the application's type has (`docs/SCHEMA.md`): another release wrote it.
    Layout {
        /// The layout that the payload names.
        written: LayoutDigest,
        /// The layout that the type asked for, as far as the payload could be read.
        read: LayoutDigest,
    },
    /// The payload has the layout of the application's type, and does not decode all the same, or not to its end.
    Payload,
}

/// The layout of a value, as three bytes of a hash of names and kinds. It tells layouts apart; it is no secret, and proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LayoutDigest(pub(crate) [u8; 3]);

impl LayoutDigest {
    /// The bytes, as they stand in front of a payload.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 3] {
        self.0
    }
}

impl fmt::Display for LayoutDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for LayoutDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LayoutDigest({self})")
    }
}

/// A token this far ahead may be valid in a minute, or on another node; further ahead it is simply wrong.
const HELD_SECONDS_AHEAD: u64 = 3600;

impl Refusal {
    /// Says whether the cookie is *held*: refused here, but perhaps good on another node or in a minute (`docs/FORMAT.md`, section 5).
    ///
    /// A held cookie reads as no session. Only an explicit `begin` or `end` replaces it.
    #[must_use]
    pub fn is_held(self) -> bool {
        match self {
            Self::Version
            | Self::Suite
            | Self::UnknownKey
            | Self::ClockSetBack
            | Self::Flags
            | Self::Extension
            | Self::Unproven
            | Self::CheckFailed
            | Self::Schema
            | Self::Layout { .. } => true,
            Self::NotYetValid { seconds_ahead } => seconds_ahead <= HELD_SECONDS_AHEAD,
            _ => false,
        }
    }

    /// Whether the browser keeps a cookie that only an explicit begin or end may replace: a held one, or one that was not sent.
    pub(crate) fn keeps_cookie(self) -> bool {
        self == Self::NotSent || self.is_held()
    }

    /// The name as `docs/FORMAT.md` writes it, for logs and counters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotSent => "NotSent",
            Self::HeaderTooLong => "HeaderTooLong",
            Self::TooManyCookies => "TooManyCookies",
            Self::ConflictingCookies => "ConflictingCookies",
            Self::TooLong => "TooLong",
            Self::Encoding => "Encoding",
            Self::TooShort => "TooShort",
            Self::Version => "Version",
            Self::Suite => "Suite",
            Self::UnknownKey => "UnknownKey",
            Self::KeyNotUsable => "KeyNotUsable",
            Self::ClockSetBack => "ClockSetBack",
            Self::Authentication => "Authentication",
            Self::Flags => "Flags",
            Self::Format => "Format",
            Self::Extension => "Extension",
            Self::NotYetValid { .. } => "NotYetValid",
            Self::AbsoluteTimeout => "AbsoluteTimeout",
            Self::IdleTimeout => "IdleTimeout",
            Self::Revoked => "Revoked",
            Self::Unproven => "Unproven",
            Self::CheckFailed => "CheckFailed",
            Self::Schema => "Schema",
            Self::Layout { .. } => "Layout",
            Self::Payload => "Payload",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "the cookie was not sent, because another site made the request",
            Self::HeaderTooLong => "the Cookie headers are longer than 65536 bytes",
            Self::TooManyCookies => "more than four cookies of this name",
            Self::ConflictingCookies => "several valid cookies of this name, of different sessions",
            Self::TooLong => "name and value exceed 4096 bytes",
            Self::Encoding => "not canonical base64url",
            Self::TooShort => "too short for a token",
            Self::Version => "unknown format version",
            Self::Suite => "unknown suite",
            Self::UnknownKey => "sealed under a key that is not in the ring",
            Self::KeyNotUsable => "sealed under a key that was revoked, or has gone",
            Self::ClockSetBack => {
                "sealed under a key that has gone by the latest time seen, but not by the clock: one of them is wrong"
            }
            Self::Authentication => "altered, or sealed for another name, purpose or binding",
            Self::Flags => "a reserved flag is set",
            Self::Format => "the plaintext does not follow the format",
            Self::Extension => "has a critical extension that this node does not know",
            Self::NotYetValid { seconds_ahead } => return write!(f, "sealed {seconds_ahead} s in the future"),
            Self::AbsoluteTimeout => "past the session's absolute end",
            Self::IdleTimeout => "idle for too long",
            Self::Revoked => "begun before the cut-off, or denied",
            Self::Unproven => "bound to a device, and not proven",
            Self::CheckFailed => "a hook of the application failed",
            Self::Schema => "written under a schema that this node cannot read",
            Self::Layout { written, read } => {
                return write!(f, "written in another layout: {written}, and the type reads {read}");
            }
            Self::Payload => "the payload does not decode to the session's type",
        })
    }
}

impl core::error::Error for Refusal {}
