//! How long a session lasts.

use time::{Duration, OffsetDateTime};

use super::Session;
use crate::{
    clock::{unix_seconds, unix_seconds_up, whole_seconds},
    error::{Refusal, SessionError},
    session::{backing::Beginning, data::SessionData},
    wire::claims::Claims,
};

/// How long a session still lasts: [`Session::remaining`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remaining {
    /// Until the idle timeout, if no request comes.
    pub idle: Duration,
    /// Until the absolute end, whatever comes.
    pub absolute: Duration,
}

/// Times.
impl<T: SessionData> Session<T> {
    /// Chooses, right after [`Session::begin`], whether the session is remembered: a persistent cookie and the longer
    /// pair of timeouts.
    ///
    /// # Errors
    /// [`SessionError::NotBegun`] unless the session began in this request; [`SessionError::HeadersSent`].
    /// [`SessionError::TooLarge`] if the longer times no longer fit a cookie that is full. The response then does not carry the
    /// session, until a second call succeeds.
    pub fn remember(&self, remembered: bool) -> Result<(), SessionError> {
        let remembered = self.state().begin_anew(self.backing(), |claims| {
            let Claims { session_id, schema, created_at, .. } = *claims;
            Ok(Beginning { session_id, schema, remembered, not_before: created_at })
        });
        self.told("remember", remembered)
    }

    /// Keeps this session over a cut-off that ends the user's others. The cut-off is a time that your check compares with `created_at`, such as
    /// that of "log out everywhere". If it is ahead of this clock, the session counts as begun then. The session must have begun in this request.
    ///
    /// # Errors
    /// [`SessionError::CutOffAhead`] if it is ahead by more than the skew; [`SessionError::NotBegun`];
    /// [`SessionError::HeadersSent`].
    pub fn outlive(&self, cut_off: OffsetDateTime) -> Result<(), SessionError> {
        let backing = self.backing();
        let outlived = self.state().begin_anew(backing, |claims| {
            let Claims { session_id, schema, remembered, created_at, .. } = *claims;
            let begin = |not_before| Beginning { session_id, schema, remembered, not_before };
            // From now, or from the deployment's cut-off; not from where an earlier call has led.
            let furthest = backing.begin(begin(0))?.created_at.saturating_add(backing.skew());
            if unix_seconds_up(cut_off) > furthest {
                return Err(SessionError::CutOffAhead);
            }
            Ok(begin(unix_seconds_up(cut_off).max(created_at)))
        });
        self.told("outlive", outlived)
    }

    /// Gives a session that began in this request an end of its own, if that is earlier than the policy's. Renewals do not move it. A new proof
    /// of identity does ([`Session::reauthenticate`], [`Session::begin`]).
    ///
    /// # Errors
    /// [`SessionError::Over`] if the end is not ahead; [`SessionError::NotBegun`]; [`SessionError::HeadersSent`].
    pub fn end_by(&self, end: OffsetDateTime) -> Result<(), SessionError> {
        let done = self.state().end_by(self.backing(), unix_seconds(end));
        self.told("end_by", done)
    }

    /// Gives the session an idle timeout of its own, if that is shorter than the policy's. Renewals keep it.
    ///
    /// # Errors
    /// [`SessionError::IdleTooShort`] if it is not longer than the skew; [`SessionError::NoSession`];
    /// [`SessionError::HeadersSent`].
    pub fn idle_within(&self, timeout: Duration) -> Result<(), SessionError> {
        let done = self.state().idle_within(self.backing(), whole_seconds(timeout));
        self.told("idle_within", done)
    }

    /// Says whether the session of a long connection goes on. It looks at the clock, and asks the deny-list and the check of the user. Each call
    /// asks, so call it as often as you want to notice a logout.
    ///
    /// A handle sees what its own response carried. It does not see what other requests of the browser renewed since. So let the page renew its
    /// session by a request, and connect anew before [`Session::remaining`] has run out (`docs/LIFETIMES.md`).
    ///
    /// # Errors
    /// [`SessionError::Refused`] with the end that came: [`Refusal::IdleTimeout`], [`Refusal::AbsoluteTimeout`] or [`Refusal::Revoked`]. From
    /// then on there is no session. With [`Refusal::CheckFailed`] a hook failed: the session is as it was, and you decide.
    /// [`SessionError::NoSession`] if there is none.
    pub async fn still_valid(&self) -> Result<(), SessionError> {
        let Some(view) = self.state().view(self.backing())? else { return Ok(()) };
        let session_id = view.claims.session_id;
        let Some(refusal) = self.backing().ask(view).await else { return Ok(()) };
        if refusal != Refusal::CheckFailed {
            self.state().end_connection(session_id, refusal);
        }
        Err(SessionError::Refused(refusal))
    }

    /// Returns how long the session still lasts: until its idle timeout, and until its absolute end. Both are zero if there is no session. A page
    /// that warns shows the shorter one.
    #[must_use]
    pub fn remaining(&self) -> Remaining {
        let seconds = |seconds: u64| Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
        let (mut state, backing) = (self.state(), self.backing());
        let now = state.now(backing);
        let (idle, absolute) = state.live(backing).map_or((0, 0), |live| backing.remaining(&live.record.claims, now));
        Remaining { idle: seconds(idle), absolute: seconds(absolute) }
    }

    /// Demands that the session's user has proved themselves within this time, by a login or [`Session::reauthenticate`]. Use it for acts that
    /// must not be open to whoever finds the browser unlocked.
    ///
    /// # Errors
    /// [`SessionError::NotRecent`]; [`SessionError::NoSession`].
    pub fn require_recent(&self, within: Duration) -> Result<(), SessionError> {
        let created_at = self.claims().ok_or(SessionError::NoSession)?.created_at;
        let age = self.state().now(self.backing()).saturating_sub(created_at);
        if age <= whole_seconds(within) { Ok(()) } else { Err(SessionError::NotRecent) }
    }

    /// Records that the session's user has just proved themselves again: a new id, new times, the same data. Call it only after you checked the
    /// *current* password. An idle timeout of the session's own is kept. Give it an end of its own anew, with [`Session::end_by`].
    ///
    /// # Errors
    /// [`SessionError::NoSession`], [`SessionError::Random`], [`SessionError::HeadersSent`].
    pub fn reauthenticate(&self) -> Result<(), SessionError> {
        let done = self.state().reauthenticate(self.backing());
        self.told("reauthenticate", done)
    }

    /// Renews the session although no renewal is due: "stay logged in".
    ///
    /// # Errors
    /// [`SessionError::NoSession`], [`SessionError::HeadersSent`].
    pub fn renew(&self) -> Result<(), SessionError> {
        let done = self.state().renew(self.backing());
        self.told("renew", done)
    }

    /// Leaves a renewal out although one is due, because a page that polls is no activity. Other writes are not affected. You need no call where
    /// nobody sees the answer: with `HEAD`, and if a page is fetched ahead (`Sec-Purpose: prefetch` and its like).
    pub fn skip_renewal(&self) {
        self.state().skip_renewal(self.backing());
    }
}
