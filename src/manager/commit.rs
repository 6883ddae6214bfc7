//! From a session to Set-Cookie values.

use time::OffsetDateTime;

use super::{Config, SessionManager, load::plaintext, scratch::with_scratch};
use crate::{
    crypto::context::Binding,
    error::{SealError, SessionError},
    id::KeyId,
    session::{
        Session, SessionData,
        backing::{Outcome, Outgoing, Replaced, Sealed, Sent},
    },
    wire::claims::Claims,
};

/// What a session came to.
#[derive(Default)]
pub(super) struct Written {
    pub(super) set_cookies: Vec<String>,
    /// An offer to bind the session to the device.
    pub(super) offer: Option<String>,
    /// The cookie that was sealed, if one was.
    pub(super) cookie: Option<SealedCookie>,
    /// The browser seems to drop it.
    pub(super) may_be_dropped: bool,
    /// What was written; nothing if nothing was.
    pub(super) outgoing: Option<Outgoing>,
}

/// What is to be told of a cookie.
pub(super) struct SealedCookie {
    /// Bytes of name and value.
    pub(super) size: usize,
    pub(super) key_id: KeyId,
    claims: Claims,
    /// Since when the key should have made room for another, if it should.
    pub(super) overdue_since: Option<u64>,
}

impl Written {
    /// What the cookie takes of the response head, with the headers that remove others.
    pub(super) fn head_bytes(&self, cookie: &SealedCookie) -> usize {
        let line = |value: &String| "Set-Cookie: \r\n".len().saturating_add(value.len());
        let removals = self.set_cookies.split_last().map_or(0, |(_, removals)| removals.iter().map(line).sum());
        cookie.size.saturating_add(removals)
    }

    /// A verb asked for it.
    pub(super) fn explicit(&self) -> bool {
        self.outgoing.as_ref().is_some_and(|outgoing| outgoing.explicit)
    }

    /// It would not be sent with a failure.
    pub(super) fn unless_failed(&self) -> bool {
        self.outgoing.as_ref().is_some_and(|outgoing| outgoing.unless_failed)
    }

    /// The session was ended.
    pub(super) fn ended(&self) -> bool {
        self.outgoing.as_ref().is_some_and(|outgoing| outgoing.sealed.is_none())
    }

    /// From now on the session is what the client was sent.
    pub(super) fn show<T: SessionData>(&self, session: &Session<T>) {
        if let Some(cookie) = &self.cookie {
            session.sealed(&cookie.claims, cookie.key_id);
        }
    }

    /// The sessions that the request carried, where they were ended or replaced.
    pub(super) fn replaced(&self) -> &[Replaced] {
        self.outgoing.as_ref().map_or(&[], |outgoing| &outgoing.replaced)
    }
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
        let outcome = if server_error { Outcome::ServerFailed } else { Outcome::Fine };
        let Sent::Something(outgoing) = session.send(outcome)? else { return Ok(Vec::new()) };
        let written = self.write(session, outgoing, now)?;
        written.show(session);
        self.0.tell_written(&written, now);
        Ok(written.set_cookies)
    }

    /// Writes what a session sends; the observer is still to be told.
    pub(super) fn write(
        &self,
        session: &Session<T>,
        outgoing: Outgoing,
        now: OffsetDateTime,
    ) -> Result<Written, SessionError> {
        let config = &*self.0;
        let mut cookie = None;
        // Removals go first, so that what is set is what stays.
        let mut set_cookies = config.removals(&outgoing);
        match &outgoing.sealed {
            None => set_cookies.push(config.set_cookie.removal()),
            Some(sealed) if sealed.renewal && config.sealer.moment(now).in_doubt => return Ok(Written::default()),
            Some(sealed) => match config.seal(sealed, session.facts(), now) {
                Ok((set_cookie, told)) => {
                    cookie = Some(told);
                    set_cookies.push(set_cookie);
                }
                // The cookie that is out stays good until it expires: nothing was asked for, nothing is lost.
                Err(error @ (SealError::Over | SealError::TooLarge { .. })) if sealed.renewal => {
                    config.tell_too_large(&error, &sealed.record, Some(sealed.record.key_id), now);
                    return Ok(Written::default());
                }
                Err(error) => return Err(error.into()),
            },
        }
        let may_be_dropped = session.may_be_dropped();
        let offer = config.beside(&outgoing, &mut set_cookies, now)?;
        Ok(Written { set_cookies, offer, cookie, may_be_dropped, outgoing: Some(outgoing) })
    }
}

impl<T> Config<T> {
    /// The other cookies that go. A shared one stays where the session goes on under its id, for the service that writes it.
    fn removals(&self, outgoing: &Outgoing) -> Vec<String> {
        let goes_on = outgoing.replaced.is_empty() && outgoing.sealed.as_ref().is_some_and(|sealed| !sealed.begun);
        let removed = self.removals.iter().filter(|removal| !(removal.shared && goes_on));
        removed.map(|removal| removal.set_cookie.clone()).collect()
    }

    /// The Set-Cookie value, and what is to be told of it.
    fn seal(
        &self,
        Sealed { record, kept_issued_at, .. }: &Sealed,
        binding: &[u8],
        now: OffsetDateTime,
    ) -> Result<(String, SealedCookie), SealError> {
        let claims = self.sealer.reissue_as_of(&record.claims, *kept_issued_at, now)?;
        let plaintext = plaintext(&claims, record);
        // Its length was checked when it was taken.
        let binding = Binding::new(binding).unwrap_or_default();
        let moment = self.sealer.moment(now);
        // What counts is inside the token; Max-Age only tells the browser when it may forget.
        let max_age = claims.remembered.then(|| claims.expires_at.saturating_sub(claims.issued_at));
        let (set_cookie, size) = with_scratch(|scratch| {
            let token = self.sealer.seal_fresh(&plaintext, binding, &moment, scratch)?;
            Ok::<_, SealError>((
                self.set_cookie.write(token, max_age),
                token.len().saturating_add(self.cookie_name.len()),
            ))
        })?;
        let key_id = moment.ring().sealing(moment.now).id;
        let overdue_since = moment.ring().timeline().overdue_since(moment.now);
        Ok((set_cookie, SealedCookie { size, key_id, claims, overdue_since }))
    }
}
