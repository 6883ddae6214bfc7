//! What adapters put into a request: a place for each layer's session, filled by the first extractor that asks.

use std::{
    any::{Any, TypeId, type_name},
    sync::{Arc, OnceLock},
};

use super::SessionManager;
use crate::{
    error::SessionError,
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
    outer: Option<Slots>,
    /// A layer further out claims this type or this cookie name.
    claimed_twice: bool,
}

trait AnySlot: Send + Sync {
    fn data_type(&self) -> TypeId;
    fn cookie_name(&self) -> &str;
    fn outer(&self) -> Option<&Slots>;
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<T: SessionData> Slot<T> {
    /// A slot inside of those that the request already has.
    pub(crate) fn new(manager: SessionManager<T>, outer: Option<Slots>) -> Arc<Self> {
        let claimed_twice = Slots::walk(outer.as_ref())
            .any(|slot| slot.data_type() == TypeId::of::<T>() || slot.cookie_name() == manager.0.cookie_name);
        Arc::new(Self { manager, session: OnceLock::new(), outer, claimed_twice })
    }

    /// The request's session: loaded at the first call, with the one clock reading of the request. One that nobody asked
    /// for before the response left, as by a body that is streamed, is read-only like any other by then.
    pub(crate) fn session<'a, Headers: IntoIterator<Item = &'a [u8]>>(
        &self,
        cookie_headers: impl Fn() -> Headers,
    ) -> Result<Session<T>, SessionError> {
        if self.claimed_twice {
            return Err(SessionError::LayeredTwice { session: type_name::<T>() });
        }
        let load = || self.manager.load(cookie_headers(), self.manager.clock().now());
        if let Some(session) = self.session.get_or_init(|| Some(load())) {
            return Ok(session.clone());
        }
        let late = load();
        late.send(true);
        Ok(late)
    }

    /// The response's `Set-Cookie` values. Reads the clock only where a session was asked for.
    pub(crate) fn commit(&self, server_error: bool) -> Result<Vec<String>, SessionError> {
        match self.session.get_or_init(|| None) {
            Some(session) => self.manager.commit(session, server_error, self.manager.clock().now()),
            None => Ok(Vec::new()),
        }
    }

    #[cfg(feature = "axum")]
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

    fn cookie_name(&self) -> &str {
        &self.manager.0.cookie_name
    }

    fn outer(&self) -> Option<&Slots> {
        self.outer.as_ref()
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
