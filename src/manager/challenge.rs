//! What to tell a client that has no session and needs one.

use super::SessionManager;
use crate::session::SessionData;

/// The answer to a request without a session, for a handler that needs one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenge<'a> {
    /// 303 to where people sign in.
    SignIn(&'a str),
    /// 401.
    Unauthorized,
}

impl<T: SessionData> SessionManager<T> {
    /// A page is sent to sign in; a client whose `Accept` asks for something else is told 401, as is everybody where no
    /// sign-in address is configured.
    pub(crate) fn challenge(&self, accept: Option<&[u8]>) -> Challenge<'_> {
        match self.sign_in_address() {
            Some(address) if accept.is_none_or(accepts_pages) => Challenge::SignIn(address),
            _ => Challenge::Unauthorized,
        }
    }
}

fn accepts_pages(accept: &[u8]) -> bool {
    let Ok(accept) = core::str::from_utf8(accept) else { return false };
    accept.split(',').filter_map(|range| range.split(';').next()).any(|media| {
        let media = media.trim_matches([' ', '\t']);
        ["*/*", "text/*", "text/html"].iter().any(|page| media.eq_ignore_ascii_case(page))
    })
}
