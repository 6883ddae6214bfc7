//! The application's say in whether a session goes on. Asynchronous, so run by the layers: after a session was opened, and
//! before a token of it is sealed.

use core::time::Duration;
use std::sync::Arc;

use time::OffsetDateTime;

use super::{SessionManager, events::refused};
use crate::{
    clock::instant,
    error::{HookFailure, Refusal, SessionError},
    event::EventKind,
    id::SessionId,
    revocation::{DenyList, HookFuture, Sleep, Verdict, guarded},
    session::{Session, SessionData, backing::HookView},
    wire::claims::Claims,
};

/// The application's check of a session's user.
pub(super) type CheckUser<T> = Arc<dyn Fn(Arc<T>, Claims) -> HookFuture<'static, Verdict> + Send + Sync>;

/// What is configured.
pub(super) struct Hooks<T> {
    pub(super) check_user: Option<CheckUser<T>>,
    pub(super) deny_list: Option<Arc<dyn DenyList>>,
    /// Seconds that a check holds.
    pub(super) recheck_after: u64,
    pub(super) timeout: Duration,
    /// A hook that fails lets the session pass.
    pub(super) open_on_failure: bool,
}

/// What of the user's check there is to do.
struct Check {
    /// It is due.
    check: bool,
    /// If it passes, a token is to say so.
    renew: bool,
}

impl<T> Default for Hooks<T> {
    fn default() -> Self {
        let timeout = Duration::from_secs(2);
        Self { check_user: None, deny_list: None, recheck_after: 15 * 60, timeout, open_on_failure: false }
    }
}

impl<T> Hooks<T> {
    pub(super) fn any(&self) -> bool {
        self.check_user.is_some() || self.deny_list.is_some()
    }
}

impl<T: SessionData> SessionManager<T> {
    pub(crate) fn has_hooks(&self) -> bool {
        self.0.hooks.any()
    }

    /// After opening: the deny-list each time, the check of the user when it is due.
    pub(crate) async fn admit(&self, session: &Session<T>, sleep: Sleep) {
        let Some(view) = session.hook_view() else { return };
        let age = view.now.saturating_sub(view.claims.issued_at);
        let stale = age >= self.0.hooks.recheck_after;
        // A token that remembers the check is of use only where an answer holds for a while.
        let renew = stale && self.0.hooks.recheck_after > 0;
        let check = stale || session.will_seal(false);
        self.ask(session, &view, Check { check, renew }, instant(view.now), sleep).await;
    }

    /// Before sealing: the deny-list once more, since the session may have ended meanwhile; the check unless it was made.
    pub(crate) async fn readmit(&self, session: &Session<T>, server_error: bool, now: OffsetDateTime, sleep: Sleep) {
        if !session.will_seal(server_error) {
            return;
        }
        let Some(view) = session.hook_view() else { return };
        self.ask(session, &view, Check { check: !view.checked, renew: false }, now, sleep).await;
    }

    /// Before a device is registered or proved: both, however short ago the user was checked.
    pub(super) async fn vet(&self, session: &Session<T>, sleep: Sleep) {
        let Some(view) = session.hook_view() else { return };
        self.ask(session, &view, Check { check: true, renew: false }, instant(view.now), sleep).await;
    }

    /// Denies a session that was ended or replaced, until its end.
    pub(crate) async fn deny(
        &self,
        (session_id, ends_at): (SessionId, u64),
        now: OffsetDateTime,
        sleep: Sleep,
    ) -> Result<(), SessionError> {
        let Some(list) = &self.0.hooks.deny_list else { return Ok(()) };
        let start = || list.deny(session_id, instant(ends_at), now);
        match guarded(start, self.0.hooks.timeout, sleep).await {
            Ok(()) => Ok(()),
            Err(failure) => {
                self.0.tell(EventKind::HookFailed(&failure), Some(session_id), None, now);
                if self.0.hooks.open_on_failure { Ok(()) } else { Err(SessionError::HookFailed) }
            }
        }
    }

    async fn ask(
        &self,
        session: &Session<T>,
        view: &HookView<T>,
        Check { check, renew }: Check,
        now: OffsetDateTime,
        sleep: Sleep,
    ) {
        let mut refusal = self.refusal(view, self.is_denied(view, now, sleep).await);
        // A list that failed, where that lets sessions pass, does not spare them the check.
        if check && refusal.is_none() {
            let verdict = self.check_user(view, sleep).await;
            if verdict.is_err() {
                session.pass(view.session_id);
            }
            if matches!(verdict, Ok(Verdict::Valid)) {
                session.admit(view.session_id, renew && self.0.hooks.check_user.is_some());
            }
            refusal = self.refusal(view, verdict);
        }
        if let Some(refusal) = refusal {
            session.refuse(view.session_id, refusal);
            self.tell_of(view, refused(refusal));
        }
    }

    /// Why this answer refuses a session, if it does.
    fn refusal(&self, view: &HookView<T>, answer: Result<Verdict, HookFailure>) -> Option<Refusal> {
        match answer {
            Ok(Verdict::Valid) => None,
            Ok(Verdict::Revoked) => Some(Refusal::Revoked),
            Err(failure) => {
                self.tell_of(view, EventKind::HookFailed(&failure));
                (!self.0.hooks.open_on_failure).then_some(Refusal::CheckFailed)
            }
        }
    }

    async fn is_denied(&self, view: &HookView<T>, now: OffsetDateTime, sleep: Sleep) -> Result<Verdict, HookFailure> {
        let Some(list) = &self.0.hooks.deny_list else { return Ok(Verdict::Valid) };
        let denied = guarded(|| list.is_denied(view.session_id, now), self.0.hooks.timeout, sleep).await?;
        if denied {
            self.tell_of(view, EventKind::DeniedReturned);
        }
        Ok(Verdict::valid_if(!denied))
    }

    async fn check_user(&self, view: &HookView<T>, sleep: Sleep) -> Result<Verdict, HookFailure> {
        let Some(check) = &self.0.hooks.check_user else { return Ok(Verdict::Valid) };
        guarded(|| check(Arc::clone(&view.data), view.claims), self.0.hooks.timeout, sleep).await
    }

    fn tell_of(&self, view: &HookView<T>, kind: EventKind<'_>) {
        self.0.tell(kind, Some(view.session_id), Some(view.key_id), instant(view.now));
    }
}
