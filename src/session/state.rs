//! A session within one request: what it is, and what the response has to carry.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{
    backing::{Arrival, Backing, Live, Outgoing, Record},
    codec,
    data::SessionData,
};
use crate::error::{Refusal, SessionError};

/// What is to be written, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Write {
    Nothing,
    /// Only a new time of expiry, or the primary key.
    Renewal,
    /// Changed data: not on a 5xx.
    Data,
    /// `begin` or `cycle`: whatever the status.
    Explicit,
    /// `end`: whatever the status.
    End,
}

pub(super) struct State<T> {
    /// `None` until first use.
    content: Option<Content<T>>,
    /// The response head has left.
    sent: bool,
    /// Counts the writes, so that `update` sees one that came in between.
    version: u64,
}

struct Content<T> {
    refusal: Option<Refusal>,
    live: Option<Live<T>>,
    begun_here: bool,
    write: Write,
    arrived: Option<Arrived>,
}

/// The data that the client holds, and what there was to write before anybody changed it.
struct Arrived {
    schema: u16,
    payload: Arc<Zeroizing<Vec<u8>>>,
    write: Write,
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

    pub(super) fn remember(&mut self, backing: &dyn Backing<T>, remembered: bool) -> Result<(), SessionError> {
        let content = self.writable(backing)?;
        let Some(live) = content.live.as_ref().filter(|_| content.begun_here) else {
            return Err(SessionError::NotBegun);
        };
        let mut record = live.record.clone();
        record.claims = backing.begin(record.claims.session_id, record.claims.schema, remembered)?;
        self.replace_record(backing, record)
    }

    pub(super) fn cycle(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let content = self.writable(backing)?;
        let mut record = content.live.as_ref().ok_or(SessionError::NoSession)?.record.clone();
        record.claims.session_id = backing.new_session_id()?;
        self.replace_record(backing, record)
    }

    pub(super) fn end(&mut self, backing: &dyn Backing<T>) -> Result<(), SessionError> {
        let content = self.writable(backing)?;
        content.live = None;
        content.begun_here = false;
        content.write = Write::End;
        self.version = self.version.wrapping_add(1);
        Ok(())
    }

    /// What the response has to carry. From now on nothing can be written.
    pub(super) fn send(&mut self, server_error: bool) -> Option<Outgoing> {
        if core::mem::replace(&mut self.sent, true) {
            return None;
        }
        let content = self.content.as_ref()?;
        let least = if server_error { Write::Explicit } else { Write::Renewal };
        if content.write < least {
            return None;
        }
        if content.write == Write::End {
            return Some(Outgoing::Removal);
        }
        let record = content.live.as_ref()?.record.clone();
        Some(Outgoing::Seal { record, renewal: content.write == Write::Renewal })
    }

    fn content(&mut self, backing: &dyn Backing<T>) -> &mut Content<T> {
        self.content.get_or_insert_with(|| Content::of(backing.open()))
    }

    fn writable(&mut self, backing: &dyn Backing<T>) -> Result<&mut Content<T>, SessionError> {
        if self.sent { Err(SessionError::HeadersSent) } else { Ok(self.content(backing)) }
    }

    fn put_new(&mut self, backing: &dyn Backing<T>, value: &T, write: Write) -> Result<(), SessionError> {
        let schema = backing.write_schema();
        let (payload, data) = codec::encode(value, schema)?;
        let claims = backing.begin(backing.new_session_id()?, schema, false)?;
        let record =
            Record { claims, payload: Arc::new(payload), extensions: Zeroizing::default(), key_id: backing.primary() };
        backing.check_size(&record)?;
        self.put(Live { data: Arc::new(data), record }, write);
        if let Some(content) = &mut self.content {
            content.begun_here = true;
        }
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
            content.write = write;
        }
        self.version = self.version.wrapping_add(1);
    }
}

impl<T> Content<T> {
    fn of(arrival: Arrival<T>) -> Self {
        let (refusal, live, write) = match arrival {
            Arrival::Absent => (None, None, Write::Nothing),
            Arrival::Refused(refusal) => (Some(refusal), None, Write::Nothing),
            Arrival::Opened { live, renewal_due: true } => (None, Some(live), Write::Renewal),
            Arrival::Opened { live, renewal_due: false } => (None, Some(live), Write::Nothing),
        };
        let arrived = live.as_ref().map(|live| Arrived {
            schema: live.record.claims.schema,
            payload: Arc::clone(&live.record.payload),
            write,
        });
        Self { refusal, live, begun_here: false, write, arrived }
    }
}

impl Arrived {
    fn holds(&self, record: &Record) -> bool {
        self.schema == record.claims.schema && self.payload == record.payload
    }
}
