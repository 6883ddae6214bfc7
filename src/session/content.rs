//! What a request's session holds, once it was opened.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{
    arrived::Arrived,
    backing::{Arrival, Backing, Beginning, Check, Renewal, Replaced},
    codec::{self, WriteAs},
    data::SessionData,
    live::{Live, Record},
};
use crate::{
    buffer::Buffer,
    error::{Refusal, SessionError},
    wire::claims::Claims,
};

/// Bytes that suffice for most payloads.
const USUAL: usize = 256;

/// What is to be written, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Write {
    Nothing,
    /// Only a new time of expiry, or the primary key.
    Renewal,
    /// Changed data: not on a 5xx, unless asked.
    Data,
    /// `begin`, `cycle` and their like: whatever the status.
    Explicit,
    /// `end`: whatever the status.
    End,
}

/// The session at this moment, and what is to be written of it.
pub(super) struct Content<T> {
    pub(super) refusal: Option<Refusal>,
    pub(super) live: Option<Live<T>>,
    pub(super) arrived: Option<Arrived>,
    /// The sessions that opened, where several did and none was taken.
    pub(super) beside: Vec<Replaced>,
    /// What is written in place of everything else if the response is a 5xx.
    pub(super) on_error: Option<Live<T>>,
    pub(super) origin: Origin,
    /// A verb that belongs to a begin failed, so that half of it would be sent.
    pub(super) incomplete: Option<SessionError>,
    pub(super) check: Check,
    pub(super) write: Write,
    pub(super) skip_renewal: bool,
    pub(super) despite_error: bool,
    /// Limits of the session's own, if it began in this request: what sets its times anew keeps them.
    pub(super) own: Limits,
}

/// Where the session at hand comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// From the request's cookie, whatever was changed of it.
    Arrived,
    /// From the request's cookie, and its user proved themselves again.
    Proved,
    /// It began in this request.
    Begun,
}

/// Limits of a session's own, in unix seconds and seconds.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) end: u64,
    pub(super) idle: u64,
}

impl Limits {
    pub(super) const NONE: Self = Self { end: u64::MAX, idle: u64::MAX };

    /// The times within these limits, which only shorten.
    pub(super) fn apply(self, claims: Claims) -> Result<Claims, SessionError> {
        let ends_at = claims.ends_at.min(self.end);
        let expires_at = claims.expires_at.min(claims.issued_at.saturating_add(self.idle)).min(ends_at);
        if expires_at <= claims.issued_at {
            return Err(SessionError::Over);
        }
        Ok(Claims { ends_at, expires_at, ..claims })
    }
}

impl<T> Content<T> {
    pub(super) fn of((arrival, beside): (Arrival<T>, Vec<Replaced>)) -> Self {
        let skip_renewal = matches!(arrival, Arrival::Opened { renewal: Renewal::NotHere, .. });
        let arrived = Arrived::of(&arrival);
        let write = arrived.as_ref().map_or(Write::Nothing, |arrived| arrived.write);
        let (refusal, live) = match arrival {
            Arrival::Absent => (None, None),
            Arrival::Refused(refusal) => (Some(refusal), None),
            Arrival::Opened { live, .. } => (None, Some(live)),
        };
        Self {
            refusal,
            live,
            arrived,
            beside,
            on_error: None,
            origin: Origin::Arrived,
            incomplete: None,
            check: Check::Unasked,
            write,
            skip_renewal,
            despite_error: false,
            own: Limits::NONE,
        }
    }

    /// A renewal, whatever becomes of changes to the data.
    pub(super) fn ask_renewal(&mut self) {
        self.write = self.write.max(Write::Renewal);
        if let Some(arrived) = &mut self.arrived {
            arrived.write = arrived.write.max(Write::Renewal);
        }
    }

    pub(super) fn due(&self) -> Write {
        if self.skip_renewal && self.write == Write::Renewal { Write::Nothing } else { self.write }
    }

    /// The time of issue that a token keeps: a check that failed is not to be remembered as one that passed.
    pub(super) fn kept_issued_at(&self) -> Option<u64> {
        self.arrived.as_ref().filter(|_| self.check == Check::Failed).map(|arrived| arrived.claims.issued_at)
    }

    /// Why what was to be written cannot be: the hooks refused the session meanwhile.
    pub(super) fn lost(&self) -> SessionError {
        match self.refusal {
            Some(Refusal::CheckFailed) => SessionError::HookFailed,
            Some(refusal) => SessionError::Refused(refusal),
            None => SessionError::NoSession,
        }
    }

    /// The data, if there is a session. What was read once can be read again, unless the type says otherwise: then it is none.
    pub(super) fn data(&mut self) -> Option<Arc<T>>
    where
        T: SessionData,
    {
        self.live.as_mut()?.data().map_err(|refusal| self.refuse(refusal)).ok()
    }

    /// Another session is live, or none.
    pub(super) fn replace(&mut self, live: Option<Live<T>>) {
        let before = core::mem::replace(&mut self.live, live);
        if let (Some(arrived), Some(before)) = (&mut self.arrived, before) {
            arrived.keep(before.record.payload);
        }
    }

    /// Whether this session's id and data are those that arrived.
    pub(super) fn arrived_is(&self, record: &Record) -> bool {
        let same_id = |arrived: &Arrived| arrived.claims.session_id == record.claims.session_id;
        self.arrived.as_ref().is_some_and(same_id) && self.arrived_with_data_of(record)
    }

    pub(super) fn arrived_with_data_of(&self, record: &Record) -> bool {
        let Some(arrived) = &self.arrived else { return false };
        let live = self.live.as_ref().map(|live| &live.record.payload);
        arrived.claims.schema == record.claims.schema && arrived.payload(live) == Some(&record.payload)
    }

    /// A payload that was just written, or the one that arrived if that says the same in another layout: what did not change keeps its
    /// bytes, which nodes of the other release read.
    pub(super) fn as_it_arrived(&self, written: Buffer, to: WriteAs) -> Buffer
    where
        T: SessionData,
    {
        let live = self.live.as_ref().map(|live| &live.record.payload);
        let arrived = self.arrived.as_ref().and_then(|arrived| Some((arrived.claims.schema, arrived.payload(live)?)));
        match arrived {
            Some((schema, payload)) if codec::says_the_same::<T>((schema, payload), &written, to) => payload.clone(),
            _ => written,
        }
    }

    /// The session is none, for this reason. A renewal is left out; that a write was asked for stays known, since it is lost.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refusal = Some(refusal);
        self.replace(None);
        self.on_error = None;
        if self.write == Write::Renewal {
            self.write = Write::Nothing;
        }
    }

    /// What there is to write for a response, and of which session. What is meant for a 5xx is nothing to write if it is what
    /// the client holds.
    pub(super) fn outcome(&self, server_error: bool) -> (Write, Option<&Live<T>>) {
        match &self.on_error {
            Some(live) if server_error => {
                (if self.arrived_with_data_of(&live.record) { Write::Nothing } else { Write::Explicit }, Some(live))
            }
            _ => (self.due(), self.live.as_ref()),
        }
    }

    /// The least that is written.
    pub(super) fn least(content: Option<&Self>, server_error: bool) -> Write {
        match content {
            Some(content) if server_error && !content.despite_error => Write::Explicit,
            _ => Write::Renewal,
        }
    }
}

/// A session of this value that begins now, if it fits a cookie.
pub(super) fn begun<T: SessionData>(backing: &dyn Backing<T>, value: &T) -> Result<Live<T>, SessionError> {
    let to = backing.write_as();
    let (payload, data) = codec::encode(value, to, USUAL, backing.proven())?;
    let schema = to.schema;
    let session_id = backing.new_session_id()?;
    let claims = backing.begin(Beginning { session_id, schema, remembered: false, not_before: 0 })?;
    let extensions = Zeroizing::new(backing.extensions());
    let record = Record { claims, payload, extensions, key_id: backing.primary() };
    backing.check_size(&record)?;
    Ok(Live::new(data, record))
}
