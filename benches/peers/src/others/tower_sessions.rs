//! tower-sessions with its store in memory: the cookie is an id, and the session stays on the server.

use std::sync::Arc;

use tower_sessions::{MemoryStore, Session};

use super::ready;
use crate::{
    NAME,
    session::{Peer, Sample},
};

const ENTRY: &str = "login";
/// Sessions before the store is emptied: what grew for ever would measure something else.
const MOST: u32 = 4096;

pub(crate) struct TowerSessions {
    store: Arc<MemoryStore>,
    made: u32,
}

impl TowerSessions {
    pub(crate) fn new() -> Self {
        Self { store: Arc::default(), made: 0 }
    }
}

impl<S: Sample> Peer<S> for TowerSessions {
    fn seal(&mut self, session: &S) -> String {
        self.made += 1;
        if self.made.is_multiple_of(MOST) {
            self.store = Arc::default();
        }
        let begun = Session::new(None, self.store.clone(), None);
        ready(begun.insert(ENTRY, session)).unwrap();
        ready(begun.save()).unwrap();
        format!("{NAME}={}", begun.id().unwrap())
    }

    fn open(&mut self, text: &str) -> S {
        let id = text.strip_prefix(NAME).and_then(|rest| rest.strip_prefix('=')).unwrap().parse().unwrap();
        ready(Session::new(Some(id), self.store.clone(), None).get(ENTRY)).unwrap().unwrap()
    }
}
