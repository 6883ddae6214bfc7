//! An observer that writes events down, so that tests can say literally what is told.

use std::sync::{Arc, Mutex};

use hardtack::{Event, EventKind, Observer, SessionTag};

use super::NOW;

/// What was told, a line for each event: its name, the session (the first that is told is `A`, the next `B`), the key, and what
/// else there is.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    lines: Vec<String>,
    sessions: Vec<SessionTag>,
    /// Each event as `Debug` shows it.
    debug: Vec<String>,
}

impl Observer for Told {
    fn observe(&self, event: &Event<'_>) {
        let mut book = self.0.lock().unwrap();
        let line = book.line(event);
        book.lines.push(line);
        book.debug.push(format!("{event:?}"));
    }
}

impl Told {
    /// What was told since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().lines)
    }

    /// The sessions so far, in the order in which they were told.
    pub(crate) fn sessions(&self) -> Vec<SessionTag> {
        self.0.lock().unwrap().sessions.clone()
    }

    /// All events so far, as `Debug` shows them.
    pub(crate) fn debug(&self) -> String {
        self.0.lock().unwrap().debug.join("\n")
    }
}

impl Book {
    fn line(&mut self, event: &Event<'_>) -> String {
        let key = event.key_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let session = self.letter(event.session);
        let head = format!("{} {session} {key}", event.kind.name());
        let rest = match event.kind {
            EventKind::Opened { issued_at } => format!("issued {}", i128::from(issued_at) - i128::from(NOW)),
            EventKind::Refused(refusal) | EventKind::Held(refusal) => format!("{refusal:?}"),
            EventKind::SeveralCookies(count) | EventKind::FactsChanged { count } => count.to_string(),
            EventKind::Begun { replaces } => format!("replaces {}", self.letter(replaces)),
            EventKind::Cycled { from } => format!("from {}", self.letter(from)),
            EventKind::Rekeyed { from } => format!("from {from}"),
            EventKind::Sealed { size } | EventKind::LargeCookie { size } | EventKind::TooLarge { size } => {
                format!("{size} bytes")
            }
            EventKind::HookFailed(failure) => failure.to_string(),
            EventKind::VerbFailed { verb, error } => format!("{verb}: {error}"),
            EventKind::RotationOverdue { since } => format!("since {}", i128::from(since) - i128::from(NOW)),
            EventKind::KeyringReplaced { keys } => format!("{keys} keys"),
            EventKind::WentBackwards { seconds } => format!("{seconds} s"),
            EventKind::ClockJumped { seconds } => seconds.to_string(),
            EventKind::KeyOpensTooBriefly { seconds } => seconds.to_string(),
            _ => return head,
        };
        format!("{head} {rest}")
    }

    fn letter(&mut self, session: Option<SessionTag>) -> String {
        let Some(tag) = session else { return "-".to_owned() };
        let index = self.sessions.iter().position(|other| *other == tag).unwrap_or_else(|| {
            self.sessions.push(tag);
            self.sessions.len() - 1
        });
        char::from(b'A' + u8::try_from(index).unwrap()).to_string()
    }
}
