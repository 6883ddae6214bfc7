//! A session within one request: what it is, and what the response has to carry.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{
    backing::{Backing, Beginning, HookView, Live, Outgoing, Record, Sealed},
    codec,
    content::{Content, Limits, Write},
    data::SessionData,
};
use crate::{
    error::{Refusal, SessionError},
    id::SessionId,
    wire::claims::Claims,
};

pub(super) struct State<T> {
    /// `None` until first use.
    content: Option<Content<T>>,
    /// The response head has left.
    sent: bool,
    /// Counts the writes, so that `update` sees one that came in between.
    version: u64,
}

/// A value taken out for `update`, with the state it was taken from.
pub(super) struct Draft<T> {
    pub(super) value: T,
    version: u64,
    is_new: bool,
}

impl<T: SessionData> State<T> {
    pub(super) fn new() -> Self {
        Self { content: None, sent: false, version: 0 }
    }

    pub(super) fn live(&mut self, backing: &dyn Backing<T>) -> Option<&Live<T>> {
        self.content(backing).live.as_ref()
    }

    pub(super) fn refusal(&mut self, backing: &dyn Backing<T>) -> Option<Refusal> {
        self.content(backing).refusal
    }

    /// A value of its own for `update` to change; `fresh` makes one where there is no session.
    pub(super) fn draft(
        &mut self,
        backing: &dyn Backing<T>,
        fresh: impl FnOnce() -> Result<T, SessionError>,
    ) -> Result<Draft<T>, SessionError> {
        let version = self.version;
        let content = self.writable(backing)?;
        match (&content.live, content.refusal) {
            (Some(live), _) => {
                let record = &live.record;
                let value = codec::decode(record.claims.schema, &record.payload).map_err(SessionError::Refused)?;
                Ok(Draft { value, version, is_new: false })
            }
            (None, Some(refusal)) if refusal.is_held() && content.write != Write::End => {
                Err(SessionError::Held(refusal))
            }
            (None, _) => Ok(Draft { value: fresh()?, version, is_new: true }),
        }
    }

    /// Takes a changed draft over, unless another verb wrote since it was made.
    pub(super) fn store(&mut self, backing: &dyn Backing<T>, draft: &Draft<T>) -> Result<(), SessionError> {
        if self.version != draft.version {
            return Err(SessionError::Conflict);
        }
        let content = self.writable(backing)?;
        let write = if content.write >= Write::Explicit { Write::Explicit } else { Write::Data };
        if draft.is_new {
            return self.put_new(backing, &draft.value, write);
        }
        let Some(live) = content.live.as_ref() else { return Err(SessionError::NoSession) };
        // A schema that others already write is one that all can read: going back would lose what is new in it.
        let schema = backing.write_schema().max(live.record.claims.schema);
        let (payload, data) = codec::encode(&draft.value, schema)?;
        if schema == live.record.claims.schema && payload == *live.record.payload {
            return Ok(());
        }
        let mut record = Record { payload: Arc::new(payload), ..live.record.clone() };
        record.claims.schema = schema;
        backing.check_size(&record)?;
        let changed_back = content.arrived.as_ref().filter(|arrived| write == Write::Data && arrived.holds(&record));
        let write = changed_back.map_or(write, |arrived| arrived.write);
        self.put(Live { data: Arc::new(data), record }, write);
        Ok(())
    }

    pub(super) fn begin(&mut self, backing: &dyn Backing<T>, value: &T) -> Result<(), SessionError> {
        self.writable(backing)?;
        self.put_new(backing, value, Write::Explicit)
    }

    /// Sets the times of a session that began in this request anew; its own limits stay.
    pub(super) fn begin_anew(
        &mut self,
        backing: &dyn Backing<T>,
        change: impl FnOnce(&Claims) -> Result<Beginning, SessionError>,
    ) -> Result<(), SessionError> {
        let (mut record, own) = self.begun_record(backing)?;
        record.claims = own.apply(backing.begin(change(&record.claims)?)?)?;
        self.replace_record(backing, record)
    }

    /// Gives a session that began in this request an end of its own.
    pub(super) fn end_by(&mut self, backing: &dyn Backing<T>, end: u64) -> Result<(), SessionError> {
        let (mut record, own) = self.begun_record(backing)?;
        let own = Limits { end: own.end.min(end), ..own };
        record.claims = own.apply(record.claims)?;
        self.replace_record(backing, record)?;
        self.set_own(own);
        Ok(())
    }

    pub(super) fn cycle(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let mut record = self.record(backing)?;
        record.claims.session_id = backing.new_session_id()?;
        self.replace_record(backing, record)
    }

    /// New times and a new id for the same data: its user has proved themselves again. An idle window of its own stays.
    pub(super) fn reauthenticate(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let mut record = self.record(backing)?;
        let Claims { remembered, schema, issued_at, expires_at, ends_at, .. } = record.claims;
        let idle = if expires_at < ends_at { expires_at.saturating_sub(issued_at) } else { u64::MAX };
        let own = Limits { idle, ..Limits::NONE };
        let session_id = backing.new_session_id()?;
        record.claims = own.apply(backing.begin(Beginning { session_id, schema, remembered, not_before: 0 })?)?;
        let facts = backing.extensions();
        if !facts.is_empty() {
            record.extensions = Zeroizing::new(facts);
        }
        self.replace_record(backing, record)?;
        self.mark_begun();
        self.set_own(own);
        Ok(())
    }

    /// A session's own idle window, which is kept over renewals.
    pub(super) fn idle_within(&mut self, backing: &dyn Backing<T>, seconds: u64) -> Result<(), SessionError> {
        if seconds <= backing.skew() {
            return Err(SessionError::IdleTooShort);
        }
        let mut record = self.record(backing)?;
        let Claims { issued_at, ends_at, .. } = record.claims;
        // The window begins now, as it will when the token is sealed.
        let issued_at = issued_at.max(backing.now());
        let own = Limits { idle: seconds, ..self.content.as_ref().map_or(Limits::NONE, |content| content.own) };
        record.claims = own.apply(Claims { issued_at, expires_at: ends_at, ..record.claims })?;
        self.replace_record(backing, record)?;
        self.set_own(own);
        Ok(())
    }

    pub(super) fn end(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let content = self.writable(backing)?;
        content.live = None;
        content.on_error = None;
        content.begun_here = false;
        content.write = Write::End;
        self.version = self.version.wrapping_add(1);
        Ok(())
    }

    pub(super) fn renew(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let content = self.writable(backing)?;
        if content.live.is_none() {
            return Err(SessionError::NoSession);
        }
        content.skip_renewal = false;
        content.ask_renewal();
        Ok(())
    }

    pub(super) fn skip_renewal(&mut self, backing: &dyn Backing<T>) {
        self.content(backing).skip_renewal = true;
    }

    pub(super) fn write_despite_error(&mut self, backing: &dyn Backing<T>) {
        self.content(backing).despite_error = true;
    }

    /// Puts a value aside for a response that is a 5xx. What there is to write otherwise becomes explicit.
    pub(super) fn write_on_error(&mut self, backing: &dyn Backing<T>, value: &T) -> Result<(), SessionError> {
        let content = self.writable(backing)?;
        content.on_error = Some(Live::begin(backing, value)?);
        content.write = content.write.max(Write::Explicit);
        Ok(())
    }

    pub(super) fn on_error(&mut self, backing: &dyn Backing<T>) -> Option<&Live<T>> {
        self.content(backing).on_error.as_ref()
    }

    /// Whether the request carried a session that opened.
    pub(super) fn has_arrived(&mut self, backing: &dyn Backing<T>) -> bool {
        self.content(backing).arrived.is_some()
    }

    /// What the application's hooks are to be asked about: a session that arrived, not one that began here.
    pub(super) fn hook_view(&mut self, backing: &dyn Backing<T>) -> Option<HookView<T>> {
        let content = self.content(backing);
        let live = content.live.as_ref().filter(|_| !content.begun_here)?;
        let session_id = content.arrived.as_ref()?.session_id;
        let (data, claims, key_id) = (Arc::clone(&live.data), live.record.claims, live.record.key_id);
        Some(HookView { data, claims, session_id, key_id, checked: content.checked, now: backing.now() })
    }

    /// Whether the response would carry a token of this session.
    pub(super) fn will_seal(&self, server_error: bool) -> bool {
        let least = Content::least(self.content.as_ref(), server_error);
        let seals = |(write, live): (Write, Option<&Live<T>>)| write >= least && live.is_some();
        self.content.as_ref().is_some_and(|content| seals(content.outcome(server_error))) && !self.sent
    }

    /// The hooks had nothing against the session that arrived under this id. `renew` asks for a token that remembers when.
    pub(super) fn admit(&mut self, arrived: SessionId, renew: bool) {
        if let Some(content) = self.arrived_as(arrived) {
            content.checked = true;
            if renew {
                content.ask_renewal();
            }
        }
    }

    /// The hooks could not say, and it passes by choice: nothing is to remember an answer that there was not.
    pub(super) fn pass(&mut self, arrived: SessionId) {
        if let Some(content) = self.arrived_as(arrived).filter(|content| content.write == Write::Renewal) {
            content.write = Write::Nothing;
        }
    }

    /// The session is none, for this reason. A renewal is left out; that a write was asked for stays known, since it is lost.
    pub(super) fn refuse(&mut self, arrived: SessionId, refusal: Refusal) {
        if let Some(content) = self.arrived_as(arrived) {
            content.refusal = Some(refusal);
            content.live = None;
            content.on_error = None;
            if content.write == Write::Renewal {
                content.write = Write::Nothing;
            }
            self.version = self.version.wrapping_add(1);
        }
    }

    /// Whether the response depends on the session.
    pub(super) fn touched(&self) -> bool {
        self.content.is_some()
    }

    /// What the response has to carry. From now on nothing can be written.
    pub(super) fn send(&mut self, server_error: bool) -> Result<Option<Outgoing>, SessionError> {
        if core::mem::replace(&mut self.sent, true) {
            return Ok(None);
        }
        let least = Content::least(self.content.as_ref(), server_error);
        let Some(content) = &self.content else { return Ok(None) };
        let (write, live) = content.outcome(server_error);
        if write < least {
            return Ok(None);
        }
        let sealed = match (write, live) {
            (Write::End, _) => None,
            (write, Some(live)) => Some(Sealed {
                record: live.record.clone(),
                begun: content.begun_here,
                renewal: write == Write::Renewal,
            }),
            (_, None) => return Err(content.lost()),
        };
        let current = sealed.as_ref().map(|sealed| sealed.record.claims.session_id);
        let arrived = content.arrived.as_ref().map(|arrived| (arrived.session_id, arrived.ends_at));
        let replaced = arrived.filter(|(id, _)| current != Some(*id));
        Ok(Some(Outgoing { sealed, explicit: write >= Write::Explicit, replaced }))
    }

    /// What a verdict about the session that arrived applies to: not to one that began meanwhile.
    fn arrived_as(&mut self, session_id: SessionId) -> Option<&mut Content<T>> {
        let same = |content: &&mut Content<T>| {
            let arrived = content.arrived.as_ref().is_some_and(|arrived| arrived.session_id == session_id);
            arrived && content.live.is_some() && !content.begun_here
        };
        self.content.as_mut().filter(same)
    }

    fn content(&mut self, backing: &dyn Backing<T>) -> &mut Content<T> {
        self.content.get_or_insert_with(|| Content::of(backing.open()))
    }

    fn writable(&mut self, backing: &dyn Backing<T>) -> Result<&mut Content<T>, SessionError> {
        if self.sent { Err(SessionError::HeadersSent) } else { Ok(self.content(backing)) }
    }

    fn record(&mut self, backing: &dyn Backing<T>) -> Result<Record, SessionError> {
        let live = self.writable(backing)?.live.as_ref();
        live.map(|live| live.record.clone()).ok_or(SessionError::NoSession)
    }

    fn begun_record(&mut self, backing: &dyn Backing<T>) -> Result<(Record, Limits), SessionError> {
        let content = self.writable(backing)?;
        match content.live.as_ref().filter(|_| content.begun_here) {
            Some(live) => Ok((live.record.clone(), content.own)),
            None => Err(SessionError::NotBegun),
        }
    }

    fn set_own(&mut self, own: Limits) {
        if let Some(content) = &mut self.content {
            content.own = own;
        }
    }

    fn put_new(&mut self, backing: &dyn Backing<T>, value: &T, write: Write) -> Result<(), SessionError> {
        self.put(Live::begin(backing, value)?, write);
        self.mark_begun();
        self.set_own(Limits::NONE);
        Ok(())
    }

    fn replace_record(&mut self, backing: &dyn Backing<T>, record: Record) -> Result<(), SessionError> {
        backing.check_size(&record)?;
        let content = self.writable(backing)?;
        let data = Arc::clone(&content.live.as_ref().ok_or(SessionError::NoSession)?.data);
        self.put(Live { data, record }, Write::Explicit);
        Ok(())
    }

    fn put(&mut self, live: Live<T>, write: Write) {
        if let Some(content) = &mut self.content {
            content.live = Some(live);
            content.on_error = None;
            content.write = write;
        }
        self.version = self.version.wrapping_add(1);
    }

    fn mark_begun(&mut self) {
        if let Some(content) = &mut self.content {
            content.begun_here = true;
            content.checked = true;
        }
    }
}
