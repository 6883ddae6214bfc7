//! What adapters put into a request: a place for each layer's session, filled by the first extractor that asks.

use std::{
    any::{Any, TypeId, type_name},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use time::OffsetDateTime;

use super::{SessionManager, commit::Written, committed::Committed, late::Late};
use crate::{
    error::SessionError,
    revocation::Sleep,
    session::{Session, SessionData},
};

/// The sessions of a request, one for each layer around the handler, the innermost first.
#[derive(Clone)]
pub(crate) struct Slots(Arc<dyn AnySlot>);

/// The place of one layer's session.
pub(crate) struct Slot<T> {
    manager: SessionManager<T>,
    /// `None` if the response left before anybody asked.
    session: OnceLock<Option<Session<T>>>,
    late: Late,
    outer: Option<Slots>,
    sleep: Sleep,
    /// The hooks have answered about the session that arrived.
    admitted: AtomicBool,
    /// Another layer around the handler claims this type, or one of its cookie names: a cookie of that one could be read as this.
    claimed_twice: AtomicBool,
}

/// A request's slot while its response is under way. Whatever becomes of that, nothing can be written once it is over.
pub(crate) struct Entered<T: SessionData>(pub(crate) Arc<Slot<T>>);

impl<T: SessionData> Drop for Entered<T> {
    fn drop(&mut self) {
        if let Some(session) = self.0.session.get_or_init(|| None) {
            // What was to be written has no response to go with.
            let _ = session.send(true);
        }
    }
}

trait AnySlot: Send + Sync {
    fn data_type(&self) -> TypeId;
    /// The cookie's name, or a former one, is this.
    fn reads(&self, cookie_name: &str) -> bool;
    fn claimed_twice(&self) -> &AtomicBool;
    fn outer(&self) -> Option<&Slots>;
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<T: SessionData> Slot<T> {
    /// A slot inside of those that the request already has.
    pub(crate) fn new(manager: SessionManager<T>, outer: Option<Slots>, sleep: Sleep) -> Arc<Self> {
        let mut claimed_twice = false;
        let same = |slot: &dyn AnySlot| {
            slot.data_type() == TypeId::of::<T>() || manager.0.cookie_names().any(|name| slot.reads(name))
        };
        for slot in Slots::walk(outer.as_ref()).filter(|slot| same(&***slot)) {
            slot.claimed_twice().store(true, Ordering::Relaxed);
            claimed_twice = true;
        }
        let claimed_twice = AtomicBool::new(claimed_twice);
        let (session, late, admitted) = (OnceLock::new(), Late::default(), AtomicBool::new(false));
        Arc::new(Self { manager, session, late, outer, sleep, admitted, claimed_twice })
    }

    /// The request's session: loaded at the first call, with the one clock reading of the request, and with what the application
    /// takes from it. Once the response has left, as where a body is streamed, it is read-only, and not to be had if caches were not
    /// told of it. [`Slot::admit`] is to follow.
    pub(crate) fn enter<'a, Headers: IntoIterator<Item = &'a [u8]>>(
        &self,
        request: &dyn Any,
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
        let now = self.now();
        let circumstances = self.manager.circumstances(request, now)?;
        let session = self.manager.load_in(cookie_headers(), circumstances, now);
        if self.session.get_or_init(|| Some(session.clone())).is_none() {
            // From now on it is read-only; nothing was written to it yet.
            let _ = session.send(true);
            return Ok(session);
        }
        Ok(self.session.get().cloned().flatten().unwrap_or(session))
    }

    /// Asks the hooks about the session, if there are any, once a request.
    pub(crate) async fn admit(&self, session: Session<T>) -> Session<T> {
        let late = matches!(self.session.get(), Some(None));
        if self.manager.has_hooks() && (late || !self.admitted.load(Ordering::Acquire)) {
            self.manager.admit(&session, self.sleep).await;
            // Only now: whoever asks while the hooks are asked, or after that was given up, must not get by them.
            self.admitted.store(true, Ordering::Release);
        }
        session
    }

    /// The response leaves. One that is no page but the beginning of another connection is kept in no cache.
    pub(crate) fn leave(&self, upgrades: bool) {
        if self.manager.0.caching && !upgrades {
            self.late.close();
        }
    }

    /// Whether [`Slot::commit`] has to wait for somebody.
    pub(crate) fn commit_waits(&self) -> bool {
        self.manager.has_hooks() && self.session.get_or_init(|| None).is_some()
    }

    /// What the response has to carry, where no hook has to be asked. Reads the clock only where something is to be written.
    pub(crate) fn commit_now(&self, server_error: bool) -> Result<Committed, SessionError> {
        let Some(session) = self.session.get_or_init(|| None) else { return Ok(Committed::default()) };
        let sent = session.send(server_error);
        if matches!(sent, Ok(None)) {
            return Ok(self.nothing_written(session));
        }
        let now = self.now();
        let write = |outgoing: Option<_>| {
            outgoing.map_or_else(|| Ok(Written::default()), |outgoing| self.manager.write(session, outgoing, now))
        };
        self.told(session, sent.and_then(write), now)
    }

    /// What the response has to carry. What a hook refuses is not told to have happened.
    pub(crate) async fn commit(self: Arc<Self>, server_error: bool) -> Result<Committed, SessionError> {
        let Some(session) = self.session.get_or_init(|| None) else { return Ok(Committed::default()) };
        let now = self.now();
        self.manager.readmit(session, server_error, now, self.sleep).await;
        let written = self.write(session, server_error, now).await;
        self.told(session, written, now)
    }

    async fn write(
        &self,
        session: &Session<T>,
        server_error: bool,
        now: OffsetDateTime,
    ) -> Result<Written, SessionError> {
        let Some(outgoing) = session.send(server_error)? else { return Ok(Written::default()) };
        let written = self.manager.write(session, outgoing, now)?;
        if let Some(replaced) = written.replaced() {
            self.manager.deny(replaced, now, self.sleep).await?;
        }
        Ok(written)
    }

    /// Tells what was written, or that it was not.
    fn told(
        &self,
        session: &Session<T>,
        written: Result<Written, SessionError>,
        now: OffsetDateTime,
    ) -> Result<Committed, SessionError> {
        let written = written.inspect_err(|error| self.manager.tell_not_written(*error, now))?;
        let config = &*self.manager.0;
        config.tell_written(&written, now);
        let clear_site_data = written.ended().then(|| config.clear_site_data.clone()).flatten();
        let (explicit, unless_failed) = (written.explicit(), written.unless_failed());
        let set_cookies = written.set_cookies;
        Ok(Committed { set_cookies, explicit, unless_failed, clear_site_data, ..self.nothing_written(session) })
    }

    fn nothing_written(&self, session: &Session<T>) -> Committed {
        let personal = session.touched() && self.manager.0.caching;
        if personal {
            self.late.open();
        }
        Committed { personal, ..Committed::default() }
    }

    fn now(&self) -> OffsetDateTime {
        self.manager.clock().now()
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
    pub(crate) fn find<T: SessionData>(slots: Option<&Self>) -> Result<Arc<Slot<T>>, SessionError> {
        Self::walk(slots)
            .find(|slot| slot.data_type() == TypeId::of::<T>())
            .and_then(|slot| Arc::clone(slot).into_any().downcast().ok())
            .ok_or(SessionError::MissingLayer { session: type_name::<T>() })
    }

    fn walk(slots: Option<&Self>) -> impl Iterator<Item = &Arc<dyn AnySlot>> {
        core::iter::successors(slots, |slots| slots.0.outer()).map(|slots| &slots.0)
    }
}

impl<T: SessionData> AnySlot for Slot<T> {
    fn data_type(&self) -> TypeId {
        TypeId::of::<T>()
    }

    fn reads(&self, cookie_name: &str) -> bool {
        self.manager.0.cookie_names().any(|name| name == cookie_name)
    }

    fn claimed_twice(&self) -> &AtomicBool {
        &self.claimed_twice
    }

    fn outer(&self) -> Option<&Slots> {
        self.outer.as_ref()
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
