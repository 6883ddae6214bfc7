//! Telling the observer. What an event needs is worked out only if somebody listens.

use super::{Config, SessionManager, commit::Written};
use crate::{
    error::{Refusal, SealError, SessionError},
    event::{Event, EventKind},
    id::{KeyId, SessionId, SessionTag},
    session::{SessionData, backing::Record},
};

/// A cookie of more bytes than this is told to the observer.
const LARGE: usize = 2048;

impl<T: SessionData> SessionManager<T> {
    pub(super) fn tell_not_written(&self, error: SessionError) {
        self.0.tell(EventKind::NotWritten(error), None, None);
    }
}

impl<T> Config<T> {
    pub(super) fn tell_opened(&self, record: &Record) {
        let kind = EventKind::Opened { issued_at: record.claims.issued_at };
        self.tell(kind, Some(record.claims.session_id), Some(record.key_id));
    }

    /// A cookie that was not accepted. `known_key` finds the key that it names, if that is one of ours.
    pub(super) fn tell_refused(&self, refusal: Refusal, known_key: impl FnOnce() -> Option<KeyId>) {
        if self.observed.listens() {
            self.tell(refused(refusal), None, known_key());
        }
    }

    /// A session that does not fit its cookie; other errors are the handler's to see.
    pub(super) fn tell_too_large(&self, error: &SealError, record: &Record, key_id: Option<KeyId>) {
        if let SealError::TooLarge { size, .. } = error {
            self.tell(EventKind::TooLarge { size: *size }, Some(record.claims.session_id), key_id);
        }
    }

    /// What was written, once nothing can fail any more.
    pub(super) fn tell_written(&self, written: &Written) {
        let Some(outgoing) = written.outgoing.as_ref().filter(|_| self.observed.listens()) else { return };
        let arrived = outgoing.replaced.map(|(id, _)| id);
        let tag = |id: SessionId| self.tag(id);
        let Some(sealed) = &outgoing.sealed else {
            return self.tell(EventKind::Ended, arrived, None);
        };
        let session = Some(sealed.record.claims.session_id);
        let primary = self.sealer.primary();
        if sealed.begun {
            self.tell(EventKind::Begun { replaces: arrived.map(tag) }, session, Some(primary));
        } else if arrived.is_some() {
            self.tell(EventKind::Cycled { from: arrived.map(tag) }, session, Some(primary));
        } else if sealed.renewal {
            self.tell(EventKind::Renewed, session, Some(primary));
        }
        if sealed.record.key_id != primary {
            self.tell(EventKind::Rekeyed { from: sealed.record.key_id }, session, Some(primary));
        }
        if let Some(size) = written.size {
            self.tell(EventKind::Sealed { size }, session, Some(primary));
            if size > LARGE {
                self.tell(EventKind::LargeCookie { size }, session, Some(primary));
            }
        }
    }

    pub(super) fn tell(&self, kind: EventKind<'_>, session: Option<SessionId>, key_id: Option<KeyId>) {
        if self.observed.listens() {
            let session = session.map(|id| self.tag(id));
            self.observed.tell(&Event { cookie: &self.cookie_name, kind, session, key_id });
        }
    }

    fn tag(&self, session: SessionId) -> SessionTag {
        self.sealer.hasher().tag(session)
    }
}

pub(super) fn refused<'a>(refusal: Refusal) -> EventKind<'a> {
    if refusal.is_held() { EventKind::Held(refusal) } else { EventKind::Refused(refusal) }
}
