//! Verbs that change how long a session lasts.

use zeroize::Zeroizing;

use super::{State, rename};
use crate::{
    error::SessionError,
    session::{
        backing::{Backing, Beginning},
        content::{Limits, Origin},
        data::SessionData,
        live::Record,
    },
    wire::{claims::Claims, extensions},
};

impl<T: SessionData> State<T> {
    /// Sets the times of a session that began in this request anew; its own limits stay. Where it does not fit, no response carries it
    /// as it is: a login that was to be remembered, and is not, would be half of what was asked for.
    pub(in crate::session) fn begin_anew(
        &mut self,
        backing: &dyn Backing<T>,
        change: impl FnOnce(&Claims) -> Result<Beginning, SessionError>,
    ) -> Result<(), SessionError> {
        let (mut record, own) = self.begun_record(backing)?;
        record.claims = own.apply(backing.begin(change(&record.claims)?)?)?;
        let replaced = self.replace_record(backing, record);
        if let Some(content) = &mut self.content {
            match replaced {
                Ok(()) => content.incomplete = None,
                Err(error @ SessionError::TooLarge { .. }) => content.incomplete = Some(error),
                Err(_) => {}
            }
        }
        replaced
    }

    /// Gives a session that began in this request an end of its own.
    pub(in crate::session) fn end_by(&mut self, backing: &dyn Backing<T>, end: u64) -> Result<(), SessionError> {
        let (mut record, own) = self.begun_record(backing)?;
        let own = Limits { end: own.end.min(end), ..own };
        record.claims = own.apply(record.claims)?;
        self.replace_record(backing, record)?;
        self.set_own(own);
        Ok(())
    }

    /// New times and a new id for the same data: its user has proved themselves again. An idle window of its own stays.
    pub(in crate::session) fn reauthenticate(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let mut record = self.record(backing)?;
        let Claims { remembered, schema, issued_at, expires_at, ends_at, .. } = record.claims;
        // The distance of the two times is the window, unless the end cut it short.
        let distance = if expires_at < ends_at { expires_at.saturating_sub(issued_at) } else { u64::MAX };
        let idle = extensions::idle_window(&record.extensions).unwrap_or(distance);
        let own = Limits { idle, ..Limits::NONE };
        rename(&mut record, backing)?;
        let session_id = record.claims.session_id;
        record.claims = own.apply(backing.begin(Beginning { session_id, schema, remembered, not_before: 0 })?)?;
        // What others put into the token stays.
        record.extensions = Zeroizing::new(extensions::overlaid(&record.extensions, &backing.extensions()));
        self.replace_record(backing, record)?;
        self.mark_proved();
        self.set_own(own);
        Ok(())
    }

    /// A session's own idle window, which is kept over renewals.
    pub(in crate::session) fn idle_within(
        &mut self,
        backing: &dyn Backing<T>,
        seconds: u64,
    ) -> Result<(), SessionError> {
        if seconds <= backing.skew() {
            return Err(SessionError::IdleTooShort);
        }
        let mut record = self.record(backing)?;
        let Claims { issued_at, ends_at, .. } = record.claims;
        // The window begins now, as it will when the token is sealed.
        let issued_at = issued_at.max(backing.now());
        let own = Limits { idle: seconds, ..self.content.as_ref().map_or(Limits::NONE, |content| content.own) };
        record.claims = own.apply(Claims { issued_at, expires_at: ends_at, ..record.claims })?;
        record.extensions = Zeroizing::new(extensions::with_idle_window(&record.extensions, seconds));
        self.replace_record(backing, record)?;
        self.set_own(own);
        Ok(())
    }

    pub(in crate::session) fn renew(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let content = self.writable(backing)?;
        if content.live.is_none() {
            return Err(SessionError::NoSession);
        }
        content.skip_renewal = false;
        content.ask_renewal();
        Ok(())
    }

    pub(in crate::session) fn skip_renewal(&mut self, backing: &dyn Backing<T>) {
        if let Ok(content) = self.writable(backing) {
            content.skip_renewal = true;
        }
    }

    /// One that began here is still one that begins.
    fn mark_proved(&mut self) {
        if self.content.as_ref().is_some_and(|content| content.origin == Origin::Arrived) {
            self.set_origin(Origin::Proved);
        }
    }

    fn begun_record(&mut self, backing: &dyn Backing<T>) -> Result<(Record, Limits), SessionError> {
        let content = self.writable(backing)?;
        match content.live.as_ref().filter(|_| content.origin != Origin::Arrived) {
            Some(live) => Ok((live.record.clone(), content.own)),
            None => Err(SessionError::NotBegun),
        }
    }
}
