//! Events as they happen: the last of them, and a way to wait for the next.

use std::{
    cell::RefCell,
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use hardtack::{Event, EventKind, Observer, time::OffsetDateTime};
use tokio::sync::watch;

use super::clock::DemoClock;

/// How many events the page shows.
const KEPT: usize = 60;

/// An event, put into words.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) number: u64,
    pub(crate) at: OffsetDateTime,
    pub(crate) sender: &'static str,
    pub(crate) name: &'static str,
    pub(crate) detail: String,
    pub(crate) session: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) is_refusal: bool,
}

tokio::task_local! {
    /// The sender of the request at hand, and the events that it has caused so far.
    static REQUEST: (&'static str, RefCell<Vec<Told>>);
}

pub(crate) struct Log {
    clock: DemoClock,
    told: Mutex<VecDeque<Told>>,
    last: watch::Sender<u64>,
}

impl Log {
    pub(crate) fn new(clock: DemoClock) -> Self {
        Self { clock, told: Mutex::default(), last: watch::Sender::new(0) }
    }

    /// Events after this one, the newest first.
    pub(crate) fn after(&self, number: u64) -> Vec<Told> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.iter().filter(|told| told.number > number).cloned().collect()
    }

    /// Waits until there is an event after this one.
    pub(crate) async fn wait(&self, number: u64) {
        // It fails only if the log is gone, and then nobody waits.
        let _ = self.last.subscribe().wait_for(|last| *last > number).await;
    }
}

/// Runs a request for somebody other than the visitor, and returns the events that it caused.
pub(crate) async fn collect<T>(sender: &'static str, request: impl Future<Output = T>) -> (T, Vec<Told>) {
    let answered = async { (request.await, REQUEST.with(|(_, told)| told.take())) };
    REQUEST.scope((sender, RefCell::default()), answered).await
}

/// The session layers tell the log. They do so on the request's thread, so it is quick.
impl Observer for Log {
    fn observe(&self, event: &Event<'_>) {
        let sender = REQUEST.try_with(|(sender, _)| *sender).unwrap_or("you");
        let mut kept = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let number = self.last.borrow().saturating_add(1);
        let told = Told {
            number,
            at: self.clock.now(),
            sender,
            name: event.kind.name(),
            detail: detail(event),
            session: event.session.map(|tag| tag.to_string()),
            key: event.key_id.map(|id| id.to_string()),
            is_refusal: is_refusal(&event.kind),
        };
        // Outside of `collect` there is nobody to hand it to.
        let _ = REQUEST.try_with(|(_, collected)| collected.borrow_mut().push(told.clone()));
        kept.push_front(told);
        kept.truncate(KEPT);
        self.last.send_replace(number);
    }
}

fn is_refusal(kind: &EventKind<'_>) -> bool {
    use EventKind::{DeniedReturned, DeviceEnded, DeviceRefused, HookFailed, RetiredReturned};
    matches!(kind, EventKind::Refused(_) | EventKind::Held(_))
        || matches!(kind, DeniedReturned | RetiredReturned | HookFailed(_) | DeviceEnded(_) | DeviceRefused(_))
}

/// The text that an operator reads beside the event's name.
fn detail(event: &Event<'_>) -> String {
    match event.kind {
        EventKind::Refused(refusal) | EventKind::Held(refusal) => format!("{}: {refusal}", refusal.name()),
        EventKind::Sealed { size } => format!("{}, {size} bytes", event.cookie),
        EventKind::Begun { replaces: Some(tag) } => format!("replaces {tag}"),
        EventKind::Cycled { from: Some(tag) } => format!("was {tag}"),
        EventKind::Rekeyed { from } => format!("was sealed under {from}"),
        EventKind::FactsChanged { count: 1 } => "the client's User-Agent is another".to_owned(),
        EventKind::WentBackwards { seconds } => format!("{seconds} s older than before"),
        EventKind::SeveralCookies(count) => format!("{count} cookies"),
        EventKind::KeyringReplaced { keys } => format!("{keys} keys, for {}", event.cookie),
        EventKind::HookFailed(failure) => failure.to_string(),
        EventKind::DeniedReturned => "somebody holds a copy".to_owned(),
        EventKind::RetiredReturned => "a session came back after it was replaced or ended".to_owned(),
        EventKind::DeviceRefused(reason) | EventKind::DeviceEnded(reason) => reason.to_string(),
        EventKind::NotWritten(error) => error.to_string(),
        _ => event.cookie.to_owned(),
    }
}
