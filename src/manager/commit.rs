//! From a session to Set-Cookie values.

use time::OffsetDateTime;

use super::{
    Config, SessionManager,
    load::{plaintext, with_scratch},
};
use crate::{
    crypto::context::Binding,
    error::{SealError, SessionError},
    id::SessionId,
    session::{
        Session, SessionData,
        backing::{Outgoing, Sealed},
    },
};

/// What a session came to.
pub(super) struct Written {
    pub(super) set_cookies: Vec<String>,
    /// A verb asked for them.
    pub(super) explicit: bool,
    /// The session that the request carried, where it was ended or replaced: its id, and when it ends.
    pub(super) replaced: Option<(SessionId, u64)>,
}

impl<T: SessionData> SessionManager<T> {
    /// The `Set-Cookie` values that the response has to carry: none if nothing is to be written. `server_error` says that
    /// the response is a 5xx, with which plain changes of data are not written; `begin`, `cycle` and `end` are.
    ///
    /// From then on the session is read-only, and a second commit has nothing to carry.
    ///
    /// # Errors
    /// [`SessionError`] if a write that was asked for cannot be made: the response must then become an error response,
    /// since a page that reports success would be wrong.
    pub fn commit(
        &self,
        session: &Session<T>,
        server_error: bool,
        now: OffsetDateTime,
    ) -> Result<Vec<String>, SessionError> {
        self.write(session, server_error, now).map(|written| written.set_cookies)
    }

    pub(super) fn write(
        &self,
        session: &Session<T>,
        server_error: bool,
        now: OffsetDateTime,
    ) -> Result<Written, SessionError> {
        let Some(outgoing) = session.send(server_error)? else {
            return Ok(Written { set_cookies: Vec::new(), explicit: false, replaced: None });
        };
        let config = &*self.0;
        let Outgoing { sealed, explicit, replaced } = &outgoing;
        let (explicit, replaced) = (*explicit, *replaced);
        let mut size = None;
        // Others of the same session first, so that what is set is what stays.
        let mut set_cookies = if explicit { config.removals.clone() } else { Vec::new() };
        match sealed {
            None => set_cookies.push(config.set_cookie.removal()),
            Some(sealed) => match config.seal(sealed, session.binding(), now) {
                Ok((set_cookie, bytes)) => {
                    size = Some(bytes);
                    set_cookies.push(set_cookie);
                }
                // The cookie that is out stays good until it expires: nothing was asked for, nothing is lost.
                Err(SealError::Over | SealError::TooLarge { .. }) if sealed.renewal => {
                    return Ok(Written { set_cookies, explicit, replaced });
                }
                Err(error) => return Err(error.into()),
            },
        }
        config.tell_written(&outgoing, size);
        Ok(Written { set_cookies, explicit, replaced })
    }
}

impl<T> Config<T> {
    /// The Set-Cookie value, and the bytes of name and value in it.
    fn seal(
        &self,
        Sealed { record, .. }: &Sealed,
        binding: &[u8],
        now: OffsetDateTime,
    ) -> Result<(String, usize), SealError> {
        let claims = self.sealer.reissue(&record.claims, now)?;
        let plaintext = plaintext(&claims, record);
        // Its length was checked when it was taken.
        let binding = Binding::new(binding).unwrap_or_default();
        let token = with_scratch(|scratch| self.sealer.seal_fresh(&plaintext, binding, scratch))?;
        let size = token.len().saturating_add(self.cookie_name.len());
        // What counts is inside the token; Max-Age only tells the browser when it may forget.
        let max_age = claims.remembered.then(|| claims.expires_at.saturating_sub(claims.issued_at));
        Ok((self.set_cookie.write(&token, max_age), size))
    }
}
