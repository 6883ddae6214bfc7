//! The application's say in whether a session goes on. Asynchronous, so run by the layers: after a session was opened, and
//! before a token of it is sealed.

use core::time::Duration;
use std::sync::Arc;

use time::OffsetDateTime;

use super::{SessionManager, events::refused};
use crate::{
    clock::unix_seconds,
    error::{HookFailure, Refusal, SessionError},
    event::EventKind,
    revocation::{Denial, DenyList, HookFuture, Sleep, Verdict, guarded},
    session::{
        Session, SessionData,
        backing::{Check, HookView, Outcome, Replaced},
    },
    wire::claims::Claims,
};

/// How old an answer may be at sealing, in seconds: a handler that takes longer has it asked again.
const GRACE: u64 = 2;

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

/// Which answer of the check is good enough.
struct Due {
    /// It has to be asked.
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

    /// Whether answers of the check hold for a while, and are remembered by token.
    pub(super) fn remembers_answers(&self) -> bool {
        self.check_user.is_some() && self.recheck_after > 0
    }

    /// Whether an answer that was asked for then is good enough for sealing a token now. Where the check is asked at every
    /// request, none is; nor is one from ahead of the clock.
    fn seals_on(&self, asked_at: OffsetDateTime, now: OffsetDateTime) -> bool {
        let age = now.unix_timestamp_nanos().saturating_sub(asked_at.unix_timestamp_nanos());
        let longest = Duration::from_secs(GRACE.min(self.recheck_after)).as_nanos().cast_signed();
        self.recheck_after > 0 && (0..=longest).contains(&age)
    }
}

impl<T: SessionData> SessionManager<T> {
    pub(crate) fn has_hooks(&self) -> bool {
        self.0.hooks.any()
    }

    /// After opening: the deny-list each time, the check of the user when it is due.
    pub(crate) async fn admit(&self, session: &Session<T>, sleep: Sleep) {
        let Some(view) = session.hook_view() else { return };
        let (hooks, now) = (&self.0.hooks, unix_seconds(view.now));
        let stale = now.saturating_sub(view.claims.issued_at) >= hooks.recheck_after;
        let known = view.token.is_some_and(|token| self.0.answers.holds(token, hooks.recheck_after, now));
        // A token that remembers the check is of use only where an answer holds for a while.
        let renew = stale && hooks.recheck_after > 0;
        let due = Due { check: (stale || session.will_seal(Outcome::Fine)) && !known, renew };
        let denied = self.is_denied(&view, view.now, sleep).await;
        let mut refusal = self.refusal(&view, denied);
        // A list that failed, where that lets sessions pass, does not spare them the check.
        if due.check && refusal.is_none() {
            refusal = self.check(session, &view, due.renew, view.now, sleep).await;
        }
        self.settle(session, &view, refusal);
    }

    /// Before sealing: the check unless it was just asked; and last of all the deny-list, since the session may have ended
    /// meanwhile. What will be written is settled before, so that no write gets by.
    pub(crate) async fn readmit(&self, session: &Session<T>, outcome: Outcome, now: OffsetDateTime, sleep: Sleep) {
        let Some(view) = session.settle(outcome) else { return };
        let spared = match view.check {
            // What was written after the question is not known to be older than a revocation: a new stamp may be among it.
            Check::Passed(asked_at) => !view.changed && self.0.hooks.seals_on(asked_at, now),
            Check::NotNeeded => true,
            Check::Unasked | Check::Failed => false,
        };
        let mut refusal = if spared { None } else { self.check(session, &view, false, now, sleep).await };
        if refusal.is_none() {
            let denied = self.is_denied(&view, now, sleep).await;
            refusal = self.refusal(&view, denied);
        }
        self.settle(session, &view, refusal);
    }

    /// In a connection that is kept open: both hooks. Nothing is remembered of it.
    pub(super) async fn ask_again(&self, view: &HookView<T>, sleep: Sleep) -> Option<Refusal> {
        let denied = self.denied(view, self.now(), sleep).await;
        let refusal = match self.refusal(view, denied.map(|denied| Verdict::valid_if(!denied))) {
            None => self.refusal(view, self.check_user(view, sleep).await),
            refusal => refusal,
        };
        refusal.inspect(|refusal| self.tell_of(view, refused(*refusal)))
    }

    /// Before a device is registered or proved: both, however short ago the user was checked.
    pub(super) async fn vet(&self, session: &Session<T>, sleep: Sleep) {
        let Some(view) = session.hook_view() else { return };
        let refusal = self.ask_again(&view, sleep).await;
        self.settle(session, &view, refusal);
    }

    /// Denies sessions that were ended or replaced, for as long as a token of theirs can open anywhere.
    pub(crate) async fn deny(
        &self,
        replaced: &[Replaced],
        now: OffsetDateTime,
        sleep: Sleep,
    ) -> Result<(), SessionError> {
        let (Some(list), Some(first)) = (&self.0.hooks.deny_list, replaced.first()) else { return Ok(()) };
        let denials: Vec<_> = replaced.iter().flat_map(|replaced| self.denials(replaced)).collect();
        match guarded(|| list.deny(&denials, now), self.0.hooks.timeout, sleep).await {
            Ok(()) => Ok(()),
            Err(failure) => {
                self.0.tell(EventKind::HookFailed(&failure), Some(first.session_id), None, now);
                if self.0.hooks.open_on_failure { Ok(()) } else { Err(SessionError::HookFailed) }
            }
        }
    }

    /// A token may have been sealed by a clock that is ahead by the skew, and open by one that is behind by it; and a session's
    /// last successor may have begun just now.
    fn denials(&self, replaced: &Replaced) -> impl Iterator<Item = Denial> + use<T> {
        let policy = self.0.sealer.policy();
        let lasting = |seconds: u64| {
            let seconds = seconds.saturating_add(policy.skew_seconds().saturating_mul(4));
            time::Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
        };
        let own = Denial::new(replaced.session_id, lasting(replaced.lifetime));
        let lineage = replaced.lineage.map(|lineage| Denial::new(lineage, lasting(policy.longest_session())));
        core::iter::once(own).chain(lineage)
    }

    /// The check of the user: what it says is noted in the session. Why it refuses, if it does.
    async fn check(
        &self,
        session: &Session<T>,
        view: &HookView<T>,
        renew: bool,
        now: OffsetDateTime,
        sleep: Sleep,
    ) -> Option<Refusal> {
        let verdict = self.check_user(view, sleep).await;
        let id = view.claims.session_id;
        match verdict {
            Err(_) => session.pass(id),
            Ok(Verdict::Valid) => {
                session.admit(id, Check::Passed(now), renew && self.0.hooks.check_user.is_some());
                if let Some(token) = view.token {
                    self.0.answers.remember(token, self.0.hooks.recheck_after, unix_seconds(now));
                }
            }
            Ok(Verdict::Revoked) => {}
        }
        self.refusal(view, verdict)
    }

    fn settle(&self, session: &Session<T>, view: &HookView<T>, refusal: Option<Refusal>) {
        if let Some(refusal) = refusal {
            session.refuse(view.claims.session_id, refusal);
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
        let denied = self.denied(view, now, sleep).await?;
        if denied {
            self.tell_of(view, EventKind::DeniedReturned);
        }
        Ok(Verdict::valid_if(!denied))
    }

    async fn denied(&self, view: &HookView<T>, now: OffsetDateTime, sleep: Sleep) -> Result<bool, HookFailure> {
        let Some(list) = &self.0.hooks.deny_list else { return Ok(false) };
        let ids = [view.claims.session_id.into(), view.lineage.into()];
        guarded(|| list.is_denied(ids, now), self.0.hooks.timeout, sleep).await
    }

    async fn check_user(&self, view: &HookView<T>, sleep: Sleep) -> Result<Verdict, HookFailure> {
        let Some(check) = &self.0.hooks.check_user else { return Ok(Verdict::Valid) };
        guarded(|| check(Arc::clone(&view.data), view.claims), self.0.hooks.timeout, sleep).await
    }

    fn tell_of(&self, view: &HookView<T>, kind: EventKind<'_>) {
        self.0.tell(kind, Some(view.claims.session_id), Some(view.key_id), view.now);
    }
}
