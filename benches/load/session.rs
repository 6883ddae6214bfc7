//! The session of these benches, and who seals and opens it.

use std::sync::Arc;

use hardtack::{Binding, Context, Key, Keyring, Policy, Scratch, Sealer, SessionData, SessionManager};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The cookie's name: ten letters.
const NAME: &str = "__Host-ten";

/// A session of any length.
#[derive(Serialize, Deserialize)]
pub(crate) struct Visit {
    pub(crate) user: u64,
    text: String,
}

impl SessionData for Visit {
    const COOKIE: &'static str = NAME;
}

impl Visit {
    /// With a text of so many letters.
    pub(crate) fn new(letters: usize) -> Self {
        Self { user: 4711, text: "x".repeat(letters) }
    }
}

/// The time of these benches.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

/// A ring, and what is made of it.
pub(crate) struct House {
    pub(crate) sealer: Sealer,
    pub(crate) manager: SessionManager<Visit>,
}

impl House {
    pub(crate) fn new(keys: impl IntoIterator<Item = Key>) -> Self {
        Self::of(Keyring::new(keys).unwrap())
    }

    pub(crate) fn of(keyring: Keyring) -> Self {
        let keyring = Arc::new(keyring);
        // The manager's own, so that both open the same cookies.
        let context = Context::cookie(NAME, "").unwrap();
        let sealer = Sealer::new(&keyring, &context, Policy::default()).unwrap();
        Self { sealer, manager: SessionManager::new(keyring).unwrap() }
    }

    /// A token, whose session has a text of so many letters.
    pub(crate) fn token(&self, letters: usize) -> String {
        let visit = Visit::new(letters);
        let claims = self.sealer.begin(1, false, now()).unwrap();
        self.sealer.seal_value(&claims, &visit, Binding::default(), now(), &mut Scratch::new()).unwrap()
    }
}

/// The cookie that carries a token, as it stands in a `Cookie` header.
pub(crate) fn cookie(token: &str) -> String {
    format!("{NAME}={token}")
}
