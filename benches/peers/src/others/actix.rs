//! actix-session's cookie store: the steps of its middleware, by its own store and actix-web's jar.

use std::collections::HashMap;

use actix_session::storage::{CookieSessionStore, SessionKey, SessionStore};
use actix_web::cookie::{Cookie, CookieJar, Key, SameSite, time::Duration};

use super::{json, ready};
use crate::{
    NAME,
    session::{Peer, Sample},
};

const ENTRY: &str = "login";

pub(crate) struct ActixSession {
    store: CookieSessionStore,
    key: Key,
}

impl ActixSession {
    pub(crate) fn new() -> Self {
        Self { store: CookieSessionStore::default(), key: Key::generate() }
    }
}

impl<S: Sample> Peer<S> for ActixSession {
    fn seal(&mut self, session: &S) -> String {
        let state = HashMap::from([(ENTRY.to_owned(), json(session))]);
        let text: String = ready(self.store.save(state, &Duration::hours(12))).unwrap().into();
        let cookie = Cookie::build(NAME, text).path("/").http_only(true).secure(true).same_site(SameSite::Lax);
        let mut jar = CookieJar::new();
        jar.private_mut(&self.key).add(cookie.finish());
        jar.delta().next().unwrap().encoded().to_string()
    }

    fn open(&mut self, text: &str) -> S {
        let cookie = Cookie::parse_encoded(text.to_owned()).unwrap();
        let mut jar = CookieJar::new();
        jar.add_original(cookie);
        let opened = jar.private(&self.key).get(NAME).unwrap();
        let key = SessionKey::try_from(opened.value().to_owned()).unwrap();
        let state = ready(self.store.load(&key)).unwrap().unwrap();
        serde_json::from_str(&state[ENTRY]).unwrap()
    }
}
