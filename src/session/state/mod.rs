//! A session within one request: what it is, and what the response has to carry.

mod connection;
mod lifetime;
mod response;

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{
    backing::Backing,
    codec,
    content::{Content, Limits, Origin, Write, begun},
    data::SessionData,
    live::{Live, Record},
};
use crate::{
    error::{Refusal, SessionError},
    wire::{claims::Claims, device::DeviceKey, extensions},
};

/// How far a request has come. It only goes forward (ARCHITECTURE.md has the table).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The handler is at work: verbs write.
    Open,
    /// What will be written is settled, and the hooks are asked about it for the last time: verbs are refused.
    Leaving,
    /// The response has left.
    Left,
}

pub(super) struct State<T> {
    /// `None` until first use.
    content: Option<Content<T>>,
    phase: Phase,
    /// The session at hand is the one that the client was sent.
    sealed: bool,
    /// A handle was dropped by a panic.
    pub(super) panicked: bool,
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
        Self { content: None, phase: Phase::Open, sealed: false, panicked: false, version: 0 }
    }

    pub(super) fn live(&mut self, backing: &dyn Backing<T>) -> Option<&Live<T>> {
        self.current(backing).live.as_ref()
    }

    /// How many more bytes of data fit a cookie whose name and value take at most `limit` bytes.
    pub(super) fn bytes_left(&mut self, backing: &dyn Backing<T>, limit: usize) -> Option<usize> {
        let content = self.content(backing);
        content.live.as_ref().map(|live| backing.bytes_left(&live.record, limit))
    }

    pub(super) fn data(&mut self, backing: &dyn Backing<T>) -> Option<Arc<T>> {
        self.current(backing).data()
    }

    pub(super) fn refusal(&mut self, backing: &dyn Backing<T>) -> Option<Refusal> {
        self.current(backing).refusal
    }

    /// A value of its own for `update` to change; `fresh` makes one where there is no session.
    pub(super) fn draft(
        &mut self,
        backing: &dyn Backing<T>,
        fresh: impl FnOnce() -> Result<T, SessionError>,
    ) -> Result<Draft<T>, SessionError> {
        let version = self.version;
        let content = self.writable(backing)?;
        match (&mut content.live, content.refusal) {
            (Some(live), _) => {
                Ok(Draft { value: live.draft().map_err(SessionError::Refused)?, version, is_new: false })
            }
            (None, Some(refusal)) if refusal.keeps_cookie() && content.write != Write::End => {
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
        let to = backing.write_as().changing::<T>(live.record.claims.schema, &live.record.payload);
        let schema = to.schema;
        // Changes are small, mostly.
        let expected = live.record.payload.len().saturating_add(64);
        let (payload, data) = codec::encode(&draft.value, to, expected, backing.proven())?;
        let payload = content.as_it_arrived(payload, to);
        if schema == live.record.claims.schema && payload == live.record.payload {
            return Ok(());
        }
        let Record { claims, extensions, key_id, .. } = &live.record;
        let claims = Claims { schema, ..*claims };
        let record = Record { claims, payload, extensions: extensions.clone(), key_id: *key_id };
        backing.check_size(&record)?;
        let changed_back = content.arrived.as_ref().filter(|_| write == Write::Data && content.arrived_is(&record));
        let write = changed_back.map_or(write, |arrived| arrived.write);
        self.put(Live::new(data, record), write);
        Ok(())
    }

    pub(super) fn begin(&mut self, backing: &dyn Backing<T>, value: &T) -> Result<(), SessionError> {
        self.writable(backing)?;
        self.put_new(backing, value, Write::Explicit)
    }

    pub(super) fn cycle(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let mut record = self.record(backing)?;
        rename(&mut record, backing)?;
        self.replace_record(backing, record)
    }

    /// Puts the device's key into the token. Everything else of the session stays.
    pub(super) fn bind_to_device(&mut self, backing: &dyn Backing<T>, key: &DeviceKey) -> Result<(), SessionError> {
        let mut record = self.record(backing)?;
        record.bind_to_device(key);
        self.replace_record(backing, record)
    }

    pub(super) fn end(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let content = self.writable(backing)?;
        content.replace(None);
        content.on_error = None;
        content.origin = Origin::Arrived;
        content.incomplete = None;
        content.write = Write::End;
        self.version = self.version.wrapping_add(1);
        Ok(())
    }

    pub(super) fn write_despite_error(&mut self, backing: &dyn Backing<T>) {
        if let Ok(content) = self.writable(backing) {
            content.despite_error = true;
        }
    }

    /// Puts a value aside for a response that is a 5xx. What there is to write otherwise becomes explicit.
    pub(super) fn write_on_error(&mut self, backing: &dyn Backing<T>, value: &T) -> Result<(), SessionError> {
        let content = self.writable(backing)?;
        content.on_error = Some(begun(backing, value)?);
        content.write = content.write.max(Write::Explicit);
        Ok(())
    }

    pub(super) fn on_error(&mut self, backing: &dyn Backing<T>) -> Option<Arc<T>> {
        self.content(backing).on_error.as_mut()?.data().ok()
    }

    fn content(&mut self, backing: &dyn Backing<T>) -> &mut Content<T> {
        self.content.get_or_insert_with(|| Content::of(backing.open()))
    }

    fn writable(&mut self, backing: &dyn Backing<T>) -> Result<&mut Content<T>, SessionError> {
        if self.phase == Phase::Open { Ok(self.content(backing)) } else { Err(SessionError::HeadersSent) }
    }

    fn record(&mut self, backing: &dyn Backing<T>) -> Result<Record, SessionError> {
        let live = self.writable(backing)?.live.as_ref();
        live.map(|live| live.record.clone()).ok_or(SessionError::NoSession)
    }

    fn set_own(&mut self, own: Limits) {
        if let Some(content) = &mut self.content {
            content.own = own;
        }
    }

    fn put_new(&mut self, backing: &dyn Backing<T>, value: &T, write: Write) -> Result<(), SessionError> {
        self.put(begun(backing, value)?, write);
        if let Some(content) = &mut self.content {
            content.incomplete = None;
        }
        self.set_origin(Origin::Begun);
        self.set_own(Limits::NONE);
        Ok(())
    }

    fn replace_record(&mut self, backing: &dyn Backing<T>, record: Record) -> Result<(), SessionError> {
        backing.check_size(&record)?;
        let content = self.writable(backing)?;
        let mut live = content.live.take().ok_or(SessionError::NoSession)?;
        live.record = record;
        self.put(live, Write::Explicit);
        Ok(())
    }

    fn put(&mut self, live: Live<T>, write: Write) {
        if let Some(content) = &mut self.content {
            content.replace(Some(live));
            content.on_error = None;
            content.write = write;
        }
        self.version = self.version.wrapping_add(1);
    }

    fn set_origin(&mut self, origin: Origin) {
        if let Some(content) = &mut self.content {
            content.origin = origin;
        }
    }
}

/// A new id for the same session; what it becomes can be denied with what it was.
fn rename<T: SessionData>(record: &mut Record, backing: &dyn Backing<T>) -> Result<(), SessionError> {
    if backing.carries_lineage() {
        record.extensions = Zeroizing::new(extensions::with_lineage(&record.extensions, record.lineage()));
    }
    record.claims.session_id = backing.new_session_id()?;
    Ok(())
}
