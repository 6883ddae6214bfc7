//! The store of a `tower_sessions_core::Session`: the request's own token.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use hardtack::{Session, SessionData, SessionError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use tower_sessions_core::{
    SessionStore,
    session::{Id, Record},
    session_store,
};

/// Further away than any session's end, for a session that has not begun: its end is then the token's.
const NO_END: Duration = Duration::days(500);

/// What the token carries: the session's values, and the end that the application gave it.
///
/// Its cookie is `__Host-id`, unless `Builder::cookie_name` says otherwise.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Stored {
    /// A JSON object. Keys are sorted, so that unchanged values are the same bytes and need no new cookie.
    values: String,
    /// Unix seconds; `None` where the application has set no end.
    ends_at: Option<i64>,
}

impl SessionData for Stored {
    const COOKIE: &'static str = "__Host-id";
}

impl core::fmt::Debug for Stored {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Stored(..)")
    }
}

impl Stored {
    fn of(record: &Record, ends_at: Option<i64>) -> Result<Self, SessionError> {
        let sorted: BTreeMap<&String, &Value> = record.data.iter().collect();
        let values = serde_json::to_string(&sorted).map_err(|_| SessionError::Encode)?;
        Ok(Self { values, ends_at })
    }

    fn values(&self) -> Option<HashMap<String, Value>> {
        serde_json::from_str(&self.values).ok()
    }
}

/// The id under which tower-sessions knows this session: the one in its token.
pub(crate) fn id_of(session: &Session<Stored>) -> Option<Id> {
    Some(Id(i128::from_le_bytes(*session.claims()?.session_id().as_bytes())))
}

/// One request's token.
#[derive(Debug)]
pub(crate) struct TokenStore {
    session: Session<Stored>,
    now: OffsetDateTime,
    /// The end that tower-sessions was told of: another one in a record comes from the application.
    told_end: OffsetDateTime,
    remembered: bool,
    /// The session that comes next was asked for by `cycle_id`: it replaces what there is.
    replaces: AtomicBool,
    /// Why the last write failed: tower-sessions takes only a text.
    failure: Mutex<Option<SessionError>>,
}

impl TokenStore {
    pub(crate) fn new(session: Session<Stored>, remembered: bool, now: OffsetDateTime) -> Self {
        let token_end = session.claims().map_or(now.saturating_add(NO_END), |claims| claims.ends_at());
        let own_end = session.get().and_then(|stored| OffsetDateTime::from_unix_timestamp(stored.ends_at?).ok());
        let told_end = own_end.map_or(token_end, |end| end.min(token_end));
        let (replaces, failure) = (AtomicBool::new(false), Mutex::new(None));
        Self { session, now, told_end, remembered, replaces, failure }
    }

    /// When the session ends, whatever comes.
    pub(crate) fn ends_at(&self) -> OffsetDateTime {
        self.told_end
    }

    /// The end that the application has set in this request.
    fn chosen_end(&self, record: &Record) -> Option<i64> {
        Some(record.expiry_date).filter(|end| *end != self.told_end).map(OffsetDateTime::unix_timestamp)
    }

    /// The error of the last write.
    pub(crate) fn failure(&self) -> SessionError {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or(SessionError::Encode)
    }

    fn begin(&self, stored: Stored) -> Result<(), SessionError> {
        let is_asked = self.replaces.swap(false, Ordering::AcqRel);
        if is_asked || self.session.get().is_some() {
            self.session.begin(stored)?;
        } else {
            // Fails where the cookie is held: a message must not cost somebody their login.
            self.session.update_or_default(|present| *present = stored)?;
        }
        if self.remembered { self.session.remember(true) } else { Ok(()) }
    }

    fn told<R>(&self, result: Result<R, SessionError>) -> session_store::Result<R> {
        result.map_err(|error| {
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            session_store::Error::Backend(error.to_string())
        })
    }

    fn is_this(&self, id: &Id) -> bool {
        id_of(&self.session).as_ref() == Some(id)
    }
}

#[async_trait]
impl SessionStore for TokenStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let stored = Stored::of(record, self.chosen_end(record));
        self.told(stored.and_then(|stored| self.begin(stored)))?;
        // The token has an id of its own, which tower-sessions takes over.
        if let Some(id) = id_of(&self.session) {
            record.id = id;
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let kept = self.session.get().and_then(|present| present.ends_at);
        let stored = Stored::of(record, self.chosen_end(record).or(kept));
        self.told(stored.and_then(|stored| self.session.update(|present| *present = stored)))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(stored) = self.session.get().filter(|_| self.is_this(id)) else { return Ok(None) };
        let record = stored.values().map(|data| Record { id: *id, data, expiry_date: self.told_end });
        Ok(record.filter(|record| record.expiry_date > self.now))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.replaces.store(true, Ordering::Release);
        if self.is_this(id) {
            self.told(self.session.try_end())?;
        }
        Ok(())
    }
}
