use core::fmt;

/// Why a device was refused, asked again, or told that its session is over: for the operator, never for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviceReason {
    /// The request is not a POST.
    Method,
    /// `Sec-Fetch-Mode` says that a script may have made the request.
    FetchMode,
    /// The browser's identifier is missing, repeated, or none of ours.
    Identifier,
    /// The request carries no session that opens.
    NoSession,
    /// Nothing could be said now: the session is held, a hook failed, or the request carries too many cookies.
    Later,
    /// A registration for a session that is bound already.
    AlreadyBound,
    /// A refresh for a session that is not bound.
    Unbound,
    /// A refresh of another device than the session's.
    OtherDevice,
    /// A refresh without a proof: after a restart, the browser has no challenge.
    NoProof,
    /// The proof is not of the one shape that is accepted.
    Proof,
    /// The offer or challenge does not open, is over, or will be soon.
    Challenge,
    /// The signature is not that of the key.
    Signature,
    /// The cookies could not be written.
    NotWritten,
}

impl DeviceReason {
    /// The name, for logs and counters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Method => "Method",
            Self::FetchMode => "FetchMode",
            Self::Identifier => "Identifier",
            Self::NoSession => "NoSession",
            Self::Later => "Later",
            Self::AlreadyBound => "AlreadyBound",
            Self::Unbound => "Unbound",
            Self::OtherDevice => "OtherDevice",
            Self::NoProof => "NoProof",
            Self::Proof => "Proof",
            Self::Challenge => "Challenge",
            Self::Signature => "Signature",
            Self::NotWritten => "NotWritten",
        }
    }
}

impl fmt::Display for DeviceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Method => "the request is not a POST",
            Self::FetchMode => "a script may have made the request",
            Self::Identifier => "the browser's identifier is missing, repeated or malformed",
            Self::NoSession => "the request carries no session that opens",
            Self::Later => "nothing can be said of the session now",
            Self::AlreadyBound => "the session is bound already",
            Self::Unbound => "the session is not bound",
            Self::OtherDevice => "the session is bound to another device",
            Self::NoProof => "the refresh came without a proof",
            Self::Proof => "the proof is malformed",
            Self::Challenge => "the challenge does not open, or is over",
            Self::Signature => "the signature is not that of the device's key",
            Self::NotWritten => "the cookies could not be written",
        })
    }
}
