//! The floors, and hardtack.

use std::{hint::black_box, marker::PhantomData, sync::Arc};

use floor::{Engine, Floor};
use hardtack::{Binding, Claims, Context, Keyring, Policy, Scratch, Sealer, SessionManager};
use time::OffsetDateTime;

use crate::{
    NAME,
    session::{Peer, Sample},
};

/// A floor.
pub(crate) struct Least<E, S> {
    floor: Floor<E>,
    session: PhantomData<S>,
}

impl<E: Engine, S: Sample> Least<E, S> {
    pub(crate) fn new(session: &S) -> Self {
        let length = postcard::to_allocvec(session).unwrap().len();
        Self { floor: Floor::new(b"what is sealed here has no value", length), session: PhantomData }
    }
}

impl<E: Engine, S: Sample> Peer<S> for Least<E, S> {
    fn seal(&mut self, session: &S) -> String {
        self.floor.seal(session)
    }

    fn open(&mut self, text: &str) -> S {
        self.floor.open_value(text)
    }

    fn open_borrowed(&mut self, text: &str) -> bool {
        black_box(&self.floor.open_value::<S::Borrowed<'_>>(text));
        true
    }
}

/// hardtack's tokens: a `Sealer`, and a buffer that is kept.
pub(crate) struct Token {
    sealer: Sealer,
    claims: Claims,
    scratch: Scratch,
    now: OffsetDateTime,
}

impl Token {
    pub(crate) fn new() -> Self {
        let now = OffsetDateTime::now_utc();
        let context = Context::cookie(NAME, "bench").unwrap();
        let sealer = Sealer::new(&Keyring::generate().unwrap(), &context, Policy::default()).unwrap();
        let claims = sealer.begin(1, false, now).unwrap();
        Self { sealer, claims, scratch: Scratch::new(), now }
    }
}

impl<S: Sample> Peer<S> for Token {
    fn seal(&mut self, session: &S) -> String {
        self.sealer.seal_value(&self.claims, session, Binding::default(), self.now, &mut self.scratch).unwrap()
    }

    fn open(&mut self, text: &str) -> S {
        let opened = self.sealer.open(text, Binding::default(), self.now, &mut self.scratch).unwrap();
        opened.decode().unwrap()
    }

    fn open_borrowed(&mut self, text: &str) -> bool {
        let opened = self.sealer.open(text, Binding::default(), self.now, &mut self.scratch).unwrap();
        black_box(&opened.decode::<S::Borrowed<'_>>().unwrap());
        true
    }
}

/// hardtack's sessions, from header text to header text.
pub(crate) struct Managed<S> {
    manager: SessionManager<S>,
    now: OffsetDateTime,
}

impl<S: Sample> Managed<S> {
    pub(crate) fn new() -> Self {
        Self { manager: SessionManager::new(Keyring::generate().unwrap()).unwrap(), now: OffsetDateTime::now_utc() }
    }
}

impl<S: Sample> Peer<S> for Managed<S> {
    fn seal(&mut self, session: &S) -> String {
        let begun = self.manager.load([], self.now);
        begun.begin(session.clone()).unwrap();
        self.manager.commit(&begun, false, self.now).unwrap().remove(0)
    }

    /// Handlers share the session; where nobody does, it can be taken out.
    fn open(&mut self, text: &str) -> S {
        let session = self.manager.load([text.as_bytes()], self.now);
        let shared = session.get().unwrap();
        drop(session);
        Arc::into_inner(shared).unwrap()
    }
}
