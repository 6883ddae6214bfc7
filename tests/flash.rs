//! Flash messages: the rules without a framework, then the same over axum and actix-web.

use crate::common;

#[cfg(feature = "actix-web")]
#[path = "flash/actix.rs"]
mod actix;
#[cfg(feature = "axum")]
#[path = "flash/axum.rs"]
mod axum;
#[path = "flash/errors.rs"]
mod errors;
#[path = "flash/rules.rs"]
mod rules;

use common::{at, jar::Jar, keys};
use hardtack::{Flash, Message, Messages, SessionManager};

/// A browser and the service it talks to, without a framework.
struct Visit {
    manager: SessionManager<Flash>,
    jar: Jar,
}

impl Visit {
    fn new() -> Self {
        Self::with_secret(common::SECRET)
    }

    #[track_caller]
    fn with_secret(secret: [u8; 32]) -> Self {
        Self { manager: SessionManager::new(keys(&[secret])).unwrap(), jar: Jar::default() }
    }

    fn load(&self) -> Messages {
        self.manager.load([self.jar.header().as_bytes()], at(0))
    }

    /// A request that is answered with a 200 or, if `server_error`, a 500: what it returned, and how many cookies it set.
    #[track_caller]
    fn request<R>(&mut self, server_error: bool, act: impl FnOnce(&Messages) -> R) -> (R, usize) {
        let messages = self.load();
        let result = act(&messages);
        let set_cookies = self.manager.commit(&messages, server_error, at(0)).unwrap();
        self.jar.take(&set_cookies);
        (result, set_cookies.len())
    }

    #[track_caller]
    fn push(&mut self, text: &str) {
        assert_eq!(self.request(false, |messages| messages.info(text)), (Ok(()), 1));
    }

    /// What the next page shows.
    #[track_caller]
    fn shown(&mut self) -> Vec<String> {
        self.request(false, |messages| texts(&messages.show())).0
    }
}

fn texts(messages: &[Message]) -> Vec<String> {
    messages.iter().map(|message| message.text.clone()).collect()
}
