//! From a session to Set-Cookie values.

use time::OffsetDateTime;

use super::{Config, SessionManager, load::with_scratch};
use crate::{
    crypto::context::Binding,
    error::{SealError, SessionError},
    session::{
        Session, SessionData,
        backing::{Outgoing, Record},
    },
    wire::plaintext::Plaintext,
};

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
        let config = &*self.0;
        match session.send(server_error) {
            None => Ok(Vec::new()),
            Some(Outgoing::Removal) => Ok(vec![config.set_cookie.removal()]),
            Some(Outgoing::Seal { record, renewal }) => match config.seal(&record, now) {
                Ok(set_cookie) => Ok(vec![set_cookie]),
                // The cookie that is out stays good until it expires: nothing was asked for, nothing is lost.
                Err(SealError::Over | SealError::TooLarge { .. }) if renewal => Ok(Vec::new()),
                Err(error) => Err(error.into()),
            },
        }
    }
}

impl<T> Config<T> {
    fn seal(&self, record: &Record, now: OffsetDateTime) -> Result<String, SealError> {
        let claims = self.sealer.reissue(&record.claims, now)?;
        let plaintext = Plaintext { claims: &claims, payload: &record.payload, extensions: &record.extensions };
        let token = with_scratch(|scratch| self.sealer.seal_fresh(&plaintext, Binding::default(), scratch))?;
        // What counts is inside the token; Max-Age only tells the browser when it may forget.
        let max_age = claims.remembered.then(|| claims.expires_at.saturating_sub(claims.issued_at));
        Ok(self.set_cookie.write(&token, max_age))
    }
}
