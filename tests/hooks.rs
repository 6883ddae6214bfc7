//! The application's hooks: when they are asked, what their answers do, and what happens where they have none.

use crate::common;

#[path = "hooks/asked.rs"]
mod asked;
#[path = "hooks/failing.rs"]
mod failing;
#[path = "hooks/meanwhile.rs"]
mod meanwhile;
#[path = "hooks/open.rs"]
mod open;
#[path = "hooks/refused.rs"]
mod refused;
#[path = "hooks/requests.rs"]
mod requests;

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

use hardtack::{
    Builder, Claims, Denial, DenyId, DenyList, Event, EventKind, HookError, HookFuture, Verdict, tower::SessionLayer,
};
use time::OffsetDateTime;

use common::login::Login;

/// A check of users that writes down what it is asked about, and answers as it is told.
#[derive(Clone, Default)]
struct Check {
    asked: Arc<Mutex<Vec<(Login, Claims)>>>,
    revokes: Arc<AtomicBool>,
}

impl Check {
    /// How often it was asked.
    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn revoke(&self) {
        self.revokes.store(true, Ordering::SeqCst);
    }

    /// The layer with this check.
    fn on(&self, builder: Builder<Login, SessionLayer<Login>>) -> Builder<Login, SessionLayer<Login>> {
        let check = self.clone();
        builder.check_user(move |login, claims| {
            check.asked.lock().unwrap().push(((*login).clone(), claims));
            let valid = !check.revokes.load(Ordering::SeqCst);
            async move { Ok(Verdict::valid_if(valid)) }
        })
    }
}

/// What a list is asked about, and when; and what it is told.
type Asked = ([DenyId; 2], OffsetDateTime);
type Told = (Vec<Denial>, OffsetDateTime);

/// A deny-list of everybody or nobody, that writes down what it is asked and told.
#[derive(Clone, Default)]
struct List {
    asked: Arc<Mutex<Vec<Asked>>>,
    told: Arc<Mutex<Vec<Told>>>,
    denies: Arc<AtomicBool>,
}

impl List {
    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn deny_all(&self) {
        self.denies.store(true, Ordering::SeqCst);
    }
}

impl DenyList for List {
    fn deny<'a>(&'a self, denials: &'a [Denial], now: OffsetDateTime) -> HookFuture<'a, ()> {
        self.told.lock().unwrap().push((denials.to_vec(), now));
        Box::pin(async { Ok(()) })
    }

    fn is_denied(&self, ids: [DenyId; 2], now: OffsetDateTime) -> HookFuture<'_, bool> {
        self.asked.lock().unwrap().push((ids, now));
        let denied = self.denies.load(Ordering::SeqCst);
        Box::pin(async move { Ok(denied) })
    }
}

/// The ways in which a hook has no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Failing {
    Error,
    PanicAtOnce,
    PanicAtFirstPoll,
    PanicAtSecondPoll,
    PanicWhenDropped,
    Never,
}

const FAILINGS: [Failing; 6] = [
    Failing::Error,
    Failing::PanicAtOnce,
    Failing::PanicAtFirstPoll,
    Failing::PanicAtSecondPoll,
    Failing::PanicWhenDropped,
    Failing::Never,
];

/// Has an answer ready at each poll, and panics when it is dropped.
struct Dropped;

impl Drop for Dropped {
    fn drop(&mut self) {
        panic!("as asked")
    }
}

impl Failing {
    /// A hook that fails like this.
    fn hook<V: Send + 'static>(self) -> Pin<Box<dyn Future<Output = Result<V, HookError>> + Send>> {
        assert_ne!(self, Self::PanicAtOnce, "as asked");
        if self == Self::PanicWhenDropped {
            let dropped = Dropped;
            return Box::pin(std::future::poll_fn(move |_| {
                let _ = &dropped;
                Poll::Ready(Err("an answer".into()))
            }));
        }
        Box::pin(async move {
            match self {
                Self::PanicAtFirstPoll => panic!("as asked"),
                Self::Never => std::future::pending().await,
                Self::PanicAtSecondPoll => {
                    tokio::task::yield_now().await;
                    panic!("as asked")
                }
                Self::Error | Self::PanicAtOnce | Self::PanicWhenDropped => Err("the database is away".into()),
            }
        })
    }

    /// What the event says of it.
    fn failure(self) -> &'static str {
        match self {
            Self::Error => "the hook failed: the database is away",
            Self::Never => "the hook took longer than it may",
            _ => "the hook panicked",
        }
    }
}

/// A list of which one half or both fail.
#[derive(Clone, Copy)]
struct FailingList {
    asked: Option<Failing>,
    told: Option<Failing>,
}

impl DenyList for FailingList {
    fn deny<'a>(&'a self, _: &'a [Denial], _: OffsetDateTime) -> HookFuture<'a, ()> {
        self.told.map_or_else(|| Box::pin(async { Ok(()) }) as HookFuture<'_, ()>, Failing::hook)
    }

    fn is_denied(&self, _: [DenyId; 2], _: OffsetDateTime) -> HookFuture<'_, bool> {
        self.asked.map_or_else(|| Box::pin(async { Ok(false) }) as HookFuture<'_, bool>, Failing::hook)
    }
}

/// What an observer heard of refusals and failing hooks, in words.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn on(&self, builder: Builder<Login, SessionLayer<Login>>) -> Builder<Login, SessionLayer<Login>> {
        let heard = Arc::clone(&self.0);
        builder.observer(move |event: &Event<'_>| {
            let words = match event.kind {
                EventKind::Refused(refusal) => format!("{} refused: {}", event.cookie, refusal.name()),
                EventKind::Held(refusal) => format!("{} held: {}", event.cookie, refusal.name()),
                EventKind::HookFailed(failure) => format!("{} hook: {failure}", event.cookie),
                _ => return,
            };
            heard.lock().unwrap().push(words);
        })
    }

    /// What was heard since the last call.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
