//! Why a browser left a refresh out.

/// Why a browser left out the refresh of a bound session (`Secure-Session-Skipped`). It says so itself, so it is a hint and no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviceSkip {
    /// The refresh could not be sent.
    Unreachable,
    /// The refresh was answered by an error of the server.
    ServerError,
    /// The browser has signed too often for this site: six times in nine minutes.
    QuotaExceeded,
    /// Another reason.
    Other,
}

impl DeviceSkip {
    /// The reason in a header's value.
    pub(crate) fn read(value: &[u8]) -> Self {
        let token = value.split(|byte| *byte == b';' || *byte == b',').next().unwrap_or_default();
        match token.trim_ascii() {
            b"unreachable" => Self::Unreachable,
            b"server_error" => Self::ServerError,
            b"quota_exceeded" => Self::QuotaExceeded,
            _ => Self::Other,
        }
    }

    /// The name, for logs and counters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::ServerError => "server_error",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Other => "other",
        }
    }
}
