//! What a response does to a session's cookie, and why a cookie does not open.

use time::OffsetDateTime;

use crate::error::Refusal;

/// What a response does to the cookie of a session: [`TestKit::written`](super::TestKit::written).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written<T> {
    /// It does not mention the cookie: the browser keeps what it has.
    Nothing,
    /// It removes the cookie: the session was ended.
    Removal,
    /// It sets the cookie, with this data inside.
    Session(T),
}

impl<T> Written<T> {
    /// The data, if there is any.
    #[must_use]
    pub fn session(self) -> Option<T> {
        match self {
            Self::Session(data) => Some(data),
            Self::Nothing | Self::Removal => None,
        }
    }
}

/// What to change in a test whose application seals cookies that its kit does not open.
pub(super) fn hint(refusal: Refusal, purpose: &str, now: OffsetDateTime) -> String {
    match refusal {
        Refusal::UnknownKey => "The application has other keys: build its layer with kit.keyring().".to_owned(),
        Refusal::Authentication => format!(
            "Application and kit differ in purpose, cookie name or binding. This kit's purpose is {purpose:?}: set the application's by \
             TestKit::purpose. The kit has no binding."
        ),
        Refusal::NotYetValid { .. } | Refusal::IdleTimeout | Refusal::AbsoluteTimeout => format!(
            "The kit's time is {} in unix seconds. If the application's is another, give its layer .clock(kit.clock()); if its timeouts are, \
             give the kit its policy.",
            now.unix_timestamp()
        ),
        Refusal::Revoked => "The session began before the policy's cut-off.".to_owned(),
        _ => String::new(),
    }
}
