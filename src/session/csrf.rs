//! Forms that only this session's own pages can fill in (docs/CSRF.md).

use super::{data::SessionData, handle::Session};
use crate::{crypto::csrf::CsrfToken, error::SessionError};

impl<T: SessionData> Session<T> {
    /// A token for a form of this session's: write it into a hidden field, and give what comes back to
    /// [`Session::verify_csrf`]. Each call masks it anew, so that a compressed page does not give it away (BREACH).
    ///
    /// It is good for as long as the session keeps its id. [`Session::begin`], [`Session::cycle`] and
    /// [`Session::reauthenticate`] give it another: forms that were written before, in other tabs too, are refused from then
    /// on. A renewal keeps it, and so does a rotation of keys while the old one is in the ring.
    ///
    /// # Errors
    /// [`SessionError::NoSession`]: begin an anonymous one for forms that come before the login;
    /// [`SessionError::Random`].
    pub fn csrf_token(&self) -> Result<CsrfToken, SessionError> {
        let claims = self.claims().ok_or(SessionError::NoSession)?;
        self.told("csrf_token", self.backing().csrf_token(claims.session_id).map_err(SessionError::from))
    }

    /// Checks the token that came with a form, in constant time. Call it before anything is done, and before a verb gives the
    /// session another id.
    ///
    /// # Errors
    /// [`SessionError::Csrf`], a 403, if the token is not this session's or there is no session: show the form again, with a
    /// new token.
    pub fn verify_csrf(&self, token: &str) -> Result<(), SessionError> {
        let fits = self.claims().is_some_and(|claims| self.backing().verify_csrf(claims.session_id, token));
        if fits { Ok(()) } else { Err(SessionError::Csrf) }
    }
}
