//! Telling the observer. What an event needs is worked out only if somebody listens.

use super::{Config, SessionManager};
use crate::{
    error::{HookFailure, Refusal, SessionError},
    event::{Event, EventKind},
    id::{KeyId, SessionId, SessionTag},
    session::{
        SessionData,
        backing::{Outgoing, Record},
    },
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

    pub(super) fn tell_refused(&self, refusal: Refusal, key_id: Option<KeyId>) {
        let kind = if refusal.is_held() { EventKind::Held(refusal) } else { EventKind::Refused(refusal) };
        self.tell(kind, None, key_id);
    }

    pub(super) fn tell_hook_failed(&self, failure: &HookFailure) {
        self.tell(EventKind::HookFailed(failure), None, None);
    }

    pub(super) fn tell_written(&self, outgoing: &Outgoing, size: Option<usize>) {
        if !self.observed.listens() {
            return;
        }
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
        if let Some(size) = size {
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
