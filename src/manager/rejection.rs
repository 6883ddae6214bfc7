//! Why an extractor refused a request: what all adapters share.

use super::SessionManager;
use crate::{error::SessionError, session::SessionData};

/// Why [`crate::Current`] refused a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CurrentRejection {
    /// Nobody is logged in, and this is where to: 303.
    SignIn(String),
    /// Nobody is logged in: 401.
    Unauthorized,
    /// The layers are not as they should be: 500.
    Session(SessionError),
}

impl From<SessionError> for CurrentRejection {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl core::fmt::Display for CurrentRejection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::SignIn(address) => write!(f, "nobody is logged in; sign in at {address}"),
            Self::Unauthorized => f.write_str("nobody is logged in"),
            Self::Session(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for CurrentRejection {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Session(error) => Some(error),
            _ => None,
        }
    }
}

impl<T: SessionData> SessionManager<T> {
    /// A page is sent to sign in; another client is told 401, as is everybody where no sign-in address is configured.
    ///
    /// A browser says which it is (`Sec-Fetch-Mode`). Of others, one counts as a page if its `Accept` names HTML, or is absent,
    /// or takes anything without naming JSON.
    pub(crate) fn challenge(&self, mode: Option<&[u8]>, accept: Option<&[u8]>) -> CurrentRejection {
        let page = match (mode, accept) {
            (Some(mode), _) => mode == b"navigate",
            (None, accept) => accept.is_none_or(accepts_pages),
        };
        match self.sign_in_address() {
            Some(address) if page => CurrentRejection::SignIn(address.to_owned()),
            _ => CurrentRejection::Unauthorized,
        }
    }
}

fn accepts_pages(accept: &[u8]) -> bool {
    let Ok(accept) = core::str::from_utf8(accept) else { return false };
    let names = |wanted: &[&str]| {
        accept.split(',').filter_map(|range| range.split(';').next()).any(|media| {
            let media = media.trim_matches([' ', '\t']);
            wanted.iter().any(|wanted| media.eq_ignore_ascii_case(wanted))
        })
    };
    names(&["text/html", "application/xhtml+xml", "text/*"]) || (names(&["*/*"]) && !names(&["application/json"]))
}
