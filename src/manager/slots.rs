//! What adapters put into a request: a place for each layer's session, filled by the first extractor that asks.

use std::{
    any::{Any, type_name},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use time::OffsetDateTime;

use super::{SessionManager, fetch::Head, late::Late, when::When};
use crate::{
    error::SessionError,
    revocation::Sleep,
    session::{Session, SessionData, backing::Outcome},
};

/// The sessions of a request, one for each layer around the handler, the innermost first.
#[derive(Clone)]
pub(crate) struct Slots(Arc<dyn AnySlot>);

/// The place of one layer's session.
pub(crate) struct Slot<T> {
    pub(super) manager: SessionManager<T>,
    /// `None` if the response left before anybody asked.
    pub(super) session: OnceLock<Option<Session<T>>>,
    pub(super) late: Late,
    outer: Option<Slots>,
    pub(super) sleep: Sleep,
    /// The hooks have answered about the session that arrived.
    admitted: AtomicBool,
    /// Another layer around the handler claims this type, or one of its cookie names: a cookie of that one could be read as this.
    claimed_twice: AtomicBool,
}

trait AnySlot: Send + Sync {
    /// The cookie's name, or a former one, is this.
    fn reads(&self, cookie_name: &str) -> bool;
    fn claimed_twice(&self) -> &AtomicBool;
    fn outer(&self) -> Option<&Slots>;
    fn as_any(&self) -> &dyn Any;
}

impl<T: SessionData> Slot<T> {
    /// A slot inside of those that the request already has.
    pub(crate) fn new(manager: SessionManager<T>, outer: Option<Slots>, sleep: Sleep) -> Arc<Self> {
        let mut claimed_twice = false;
        let same =
            |slot: &dyn AnySlot| slot.as_any().is::<Self>() || manager.0.cookie_names().any(|name| slot.reads(name));
        for slot in Slots::walk(outer.as_ref()).filter(|slot| same(*slot)) {
            slot.claimed_twice().store(true, Ordering::Relaxed);
            claimed_twice = true;
        }
        let claimed_twice = AtomicBool::new(claimed_twice);
        let (session, late, admitted) = (OnceLock::new(), Late::default(), AtomicBool::new(false));
        Arc::new(Self { manager, session, late, outer, sleep, admitted, claimed_twice })
    }

    /// The request's session: loaded at the first call, with what the application takes from the request. Once the response has left, as where a body is streamed, it is read-only, and not to be had if caches were not
    /// told of it. [`Slot::admit`] is to follow.
    pub(crate) fn enter<'a, Headers: IntoIterator<Item = &'a [u8]>>(
        &self,
        request: &(impl Head + Any),
        cookie_headers: impl Fn() -> Headers,
    ) -> Result<Session<T>, SessionError> {
        if self.claimed_twice.load(Ordering::Relaxed) {
            return Err(SessionError::LayeredTwice { session: type_name::<T>() });
        }
        let known = self.session.get().cloned().flatten();
        // Only now: while it is held, the response that leaves is told to depend on it.
        if self.late.is_closed() {
            return Err(SessionError::HeadersSent);
        }
        if let Some(session) = known {
            return Ok(session);
        }
        let clock = OnceLock::new();
        let now = || *clock.get_or_init(|| self.now());
        let circumstances = self.manager.circumstances(request, now);
        let circumstances = circumstances.inspect_err(|error| self.manager.0.tell_failed("extract", *error, now()))?;
        let session =
            self.manager.load_in(cookie_headers(), Some(request), circumstances, Some(self.sleep), When::Read(clock));
        if self.session.set(Some(session.clone())).is_ok() {
            return Ok(session);
        }
        if let Some(Some(first)) = self.session.get() {
            return Ok(first.clone());
        }
        // The response left meanwhile. From now on it is read-only; nothing was written to it yet.
        let _ = session.send(Outcome::CutOff);
        if self.late.is_closed() { Err(SessionError::HeadersSent) } else { Ok(session) }
    }

    /// Sees that the keys are fresh, and asks the hooks about the session, if there are any, once a request.
    pub(crate) async fn admit(&self, session: Session<T>) -> Session<T> {
        self.manager.with_fresh_keys(self.sleep).await;
        let late = matches!(self.session.get(), Some(None));
        if self.manager.has_hooks() && (late || !self.admitted.load(Ordering::Acquire)) {
            self.manager.admit(&session, self.sleep).await;
            // Only now: whoever asks while the hooks are asked, or after that was given up, must not get by them.
            self.admitted.store(true, Ordering::Release);
        }
        session
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        self.manager.now()
    }

    pub(crate) fn manager(&self) -> &SessionManager<T> {
        &self.manager
    }
}

impl Slots {
    pub(crate) fn new<T: SessionData>(slot: &Arc<Slot<T>>) -> Self {
        Self(Arc::clone(slot) as Arc<dyn AnySlot>)
    }

    /// The slot for `T`, or the error that says which layer is missing.
    pub(crate) fn find<T: SessionData>(slots: Option<&Self>) -> Result<&Slot<T>, SessionError> {
        Self::walk(slots)
            .find_map(|slot| slot.as_any().downcast_ref())
            .ok_or(SessionError::MissingLayer { session: type_name::<T>() })
    }

    fn walk(slots: Option<&Self>) -> impl Iterator<Item = &dyn AnySlot> {
        core::iter::successors(slots, |slots| slots.0.outer()).map(|slots| &*slots.0)
    }
}

impl<T: SessionData> AnySlot for Slot<T> {
    fn reads(&self, cookie_name: &str) -> bool {
        self.manager.0.cookie_names().any(|name| name == cookie_name)
    }

    fn claimed_twice(&self) -> &AtomicBool {
        &self.claimed_twice
    }

    fn outer(&self) -> Option<&Slots> {
        self.outer.as_ref()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
