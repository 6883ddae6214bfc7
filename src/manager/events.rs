//! Telling the observer. What an event needs is worked out only if somebody listens.

use time::OffsetDateTime;

use super::{Config, SessionManager, commit::Written};
use crate::{
    crypto::keyring::Keyring,
    error::{Refusal, SealError, SessionError},
    event::{Event, EventKind},
    id::{KeyId, SessionId, SessionTag},
    session::{SessionData, live::Record},
};

impl<T: SessionData> SessionManager<T> {
    pub(super) fn tell_replaced(&self, keyring: &Keyring, now: OffsetDateTime) {
        let kind = EventKind::KeyringReplaced { keys: keyring.key_ids().count() };
        self.0.tell(kind, None, Some(keyring.primary(now)), now);
    }

    pub(super) fn tell_not_written(&self, error: SessionError, now: OffsetDateTime) {
        self.0.tell(EventKind::NotWritten(error), None, None, now);
    }
}

impl<T> Config<T> {
    pub(super) fn tell_opened(&self, record: &Record, now: OffsetDateTime) {
        let kind = EventKind::Opened { issued_at: record.claims.issued_at };
        self.tell(kind, Some(record.claims.session_id), Some(record.key_id), now);
    }

    /// A cookie that was not accepted. `known_key` finds the key that it names, if that is one of ours.
    pub(super) fn tell_refused(
        &self,
        refusal: Refusal,
        known_key: impl FnOnce() -> Option<KeyId>,
        now: OffsetDateTime,
    ) {
        if self.observed.listens() {
            let key_id = known_key();
            self.tell(refused(refusal), None, key_id, now);
            if let Refusal::Layout { written, read } = refusal {
                let session_type = core::any::type_name::<T>();
                self.tell(EventKind::LayoutChanged { session_type, written, read }, None, key_id, now);
            }
        }
    }

    /// A session that does not fit its cookie; other errors are the handler's to see.
    pub(super) fn tell_too_large(
        &self,
        error: &SealError,
        record: &Record,
        key_id: Option<KeyId>,
        now: OffsetDateTime,
    ) {
        if let SealError::TooLarge { size, .. } = error {
            self.tell(EventKind::TooLarge { size: *size }, Some(record.claims.session_id), key_id, now);
        }
    }

    /// A verb that failed, or a session that was not to be had; but for what clients bring about, and what is told by itself.
    pub(super) fn tell_failed(&self, verb: &'static str, error: SessionError, now: OffsetDateTime) {
        let usual = matches!(
            error,
            SessionError::NoSession
                | SessionError::Held(_)
                | SessionError::NotRecent
                | SessionError::Csrf
                | SessionError::TooLarge { .. }
                | SessionError::BindingFailed
        );
        if !usual {
            self.tell(EventKind::VerbFailed { verb, error }, None, None, now);
        }
    }

    /// What was written, once nothing of this layer can fail any more.
    pub(super) fn tell_written(&self, written: &Written, now: OffsetDateTime) {
        let Some(outgoing) = written.outgoing.as_ref().filter(|_| self.observed.listens()) else { return };
        let arrived = outgoing.replaced.first().map(|replaced| replaced.session_id);
        let (Some(sealed), Some(cookie)) = (&outgoing.sealed, &written.cookie) else {
            return self.tell(EventKind::Ended, arrived, None, now);
        };
        let tag = |id: SessionId| self.tag(id, now);
        let tell = |kind| self.tell(kind, Some(sealed.record.claims.session_id), Some(cookie.key_id), now);
        if sealed.begun {
            tell(EventKind::Begun { replaces: arrived.map(tag) });
            if written.may_be_dropped {
                tell(EventKind::MayBeDropped);
            }
        } else if arrived.is_some() {
            tell(EventKind::Cycled { from: arrived.map(tag) });
        } else if sealed.renewal {
            tell(EventKind::Renewed);
        }
        if sealed.record.key_id != cookie.key_id {
            tell(EventKind::Rekeyed { from: sealed.record.key_id });
        }
        tell(EventKind::Sealed { size: cookie.size });
        let size = written.head_bytes(cookie);
        if size > self.response_head.div_euclid(2) {
            tell(EventKind::LargeCookie { size });
        }
        if let Some(since) = cookie.overdue_since {
            tell(EventKind::RotationOverdue { since });
        }
    }

    pub(super) fn tell(
        &self,
        kind: EventKind<'_>,
        session: Option<SessionId>,
        key_id: Option<KeyId>,
        now: OffsetDateTime,
    ) {
        if self.observed.listens() {
            let session = session.map(|id| self.tag(id, now));
            self.observed.tell(&Event { cookie: &self.cookie_name, kind, session, key_id });
        }
    }

    fn tag(&self, session: SessionId, now: OffsetDateTime) -> SessionTag {
        let moment = self.sealer.moment(now);
        moment.ring().hasher(moment.now).tag(session)
    }
}

pub(super) fn refused<'a>(refusal: Refusal) -> EventKind<'a> {
    if refusal.is_held() { EventKind::Held(refusal) } else { EventKind::Refused(refusal) }
}
