//! What a request's session holds, once it was opened.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::backing::{Arrival, Live, Record};
use crate::{
    error::{Refusal, SessionError},
    id::SessionId,
    wire::claims::Claims,
};

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
#[allow(clippy::struct_excessive_bools, reason = "four independent facts")]
pub(super) struct Content<T> {
    pub(super) refusal: Option<Refusal>,
    pub(super) live: Option<Live<T>>,
    pub(super) arrived: Option<Arrived>,
    /// The user of the session proved themselves in this request.
    pub(super) begun_here: bool,
    /// The application's check of the user has passed in this request, or is not needed.
    pub(super) checked: bool,
    pub(super) write: Write,
    pub(super) skip_renewal: bool,
    pub(super) despite_error: bool,
    /// Limits of the session's own, if it began in this request: what sets its times anew keeps them.
    pub(super) own: Limits,
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

/// What the client holds, and what there was to write before anybody changed it.
pub(super) struct Arrived {
    pub(super) session_id: SessionId,
    pub(super) ends_at: u64,
    pub(super) schema: u16,
    pub(super) payload: Arc<Zeroizing<Vec<u8>>>,
    pub(super) write: Write,
}

impl<T> Content<T> {
    pub(super) fn of(arrival: Arrival<T>) -> Self {
        let (refusal, live, write) = match arrival {
            Arrival::Absent => (None, None, Write::Nothing),
            Arrival::Refused(refusal) => (Some(refusal), None, Write::Nothing),
            Arrival::Opened { live, renewal_due: true } => (None, Some(live), Write::Renewal),
            Arrival::Opened { live, renewal_due: false } => (None, Some(live), Write::Nothing),
        };
        let arrived = live.as_ref().map(|live| Arrived {
            session_id: live.record.claims.session_id,
            ends_at: live.record.claims.ends_at,
            schema: live.record.claims.schema,
            payload: Arc::clone(&live.record.payload),
            write,
        });
        Self {
            refusal,
            live,
            arrived,
            begun_here: false,
            checked: false,
            write,
            skip_renewal: false,
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

    /// Why what was to be written cannot be: the hooks refused the session meanwhile.
    pub(super) fn lost(&self) -> SessionError {
        match self.refusal {
            Some(Refusal::CheckFailed) => SessionError::HookFailed,
            Some(refusal) => SessionError::Refused(refusal),
            None => SessionError::NoSession,
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

impl Arrived {
    pub(super) fn holds(&self, record: &Record) -> bool {
        let Record { claims, payload, .. } = record;
        (self.session_id, self.schema, &self.payload) == (claims.session_id, claims.schema, payload)
    }
}
