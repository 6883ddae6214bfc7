//! What the requests share: the deny-list, the users, the clock. Each hook waits once before it looks or writes.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll},
};

use hardtack::{Claims, Denial, DenyId, DenyList, HookError, HookFuture, Session, SessionData, Verdict};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The session of these tests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Login {
    /// The user's stamp when it was written.
    pub(crate) stamp: u8,
    /// Which act wrote last.
    pub(crate) written_by: u8,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// A fault of before, put back from outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    None,
    /// The check is shown what the handler wrote.
    ChangedDataIsChecked,
    /// What the check said when the request came is still good when a token is sealed.
    AnswersNeverAge,
    /// The deny-list knows ids, and nothing of what became of them.
    NoLineage,
}

/// The state of the world.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) seconds: i64,
    /// How many steps were taken.
    pub(crate) moment: usize,
    pub(crate) stamp: u8,
    denied: HashSet<DenyId>,
    pub(crate) fails: bool,
    pub(crate) kept: Option<Session<Login>>,
    /// For the faults: what handlers wrote, and what the check said, by session id.
    pub(crate) written: HashMap<[u8; 16], u8>,
    answered: HashMap<[u8; 16], bool>,
    /// Everything was answered, and is looked at.
    pub(crate) judging: bool,
}

#[derive(Clone)]
pub(crate) struct World {
    state: Arc<Mutex<State>>,
    pub(crate) fault: Fault,
}

impl World {
    pub(crate) fn new(fault: Fault) -> Self {
        Self { state: Arc::default(), fault }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn failing(&self) -> Result<(), HookError> {
        if std::mem::take(&mut self.state().fails) { Err("as asked".into()) } else { Ok(()) }
    }

    /// The application's check: the stamp is that of today.
    pub(crate) async fn check(self, login: Arc<Login>, claims: Claims) -> Result<Verdict, HookError> {
        point().await;
        self.failing()?;
        let id = *claims.session_id().as_bytes();
        let mut state = self.state();
        let fault = if state.judging { Fault::None } else { self.fault };
        let shown = match fault {
            Fault::ChangedDataIsChecked => state.written.get(&id).copied().unwrap_or(login.stamp),
            _ => login.stamp,
        };
        let valid = shown == state.stamp;
        let known = *state.answered.entry(id).or_insert(valid);
        Ok(Verdict::valid_if(if fault == Fault::AnswersNeverAge { known } else { valid }))
    }
}

impl DenyList for World {
    fn deny<'a>(&'a self, denials: &'a [Denial], _: OffsetDateTime) -> HookFuture<'a, ()> {
        Box::pin(async move {
            point().await;
            self.failing()?;
            let known = if self.fault == Fault::NoLineage { &denials[..1] } else { denials };
            self.state().denied.extend(known.iter().map(|denial| denial.id));
            Ok(())
        })
    }

    fn is_denied(&self, ids: [DenyId; 2], _: OffsetDateTime) -> HookFuture<'_, bool> {
        Box::pin(async move {
            point().await;
            self.failing()?;
            let state = self.state();
            Ok(ids.iter().any(|id| state.denied.contains(id)))
        })
    }
}

/// Waits once: a point at which anything else may happen.
pub(crate) fn point() -> impl Future<Output = ()> + Send {
    Point(false)
}

struct Point(bool);

impl Future for Point {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}
