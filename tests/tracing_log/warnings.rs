//! Warnings, and what is at `INFO`, are limited, each kind by itself: whoever holds one good cookie can bring about any number of
//! some, and whoever reaches a page that begins an anonymous session, of others.

use hardtack::{Clock, Event, EventKind, HookFailure, Observer, Session, SessionError, SessionManager, Tracing};
use tracing::Level;

use crate::tracing_log::{
    Login,
    common::{Hands, at, ring},
    cookie, good, lovelace, read,
    subscriber::Log,
    visit, written_at,
};

/// So many writes that do not fit.
fn warn(manager: &SessionManager<Login>, times: usize) {
    for _ in 0..times {
        visit(manager, &cookie(&good()), 0, |session| {
            session.update(|login| login.name = "x".repeat(5000)).unwrap_err();
        });
    }
}

/// A write that fits, but is large.
fn write_large(manager: &SessionManager<Login>) {
    visit(manager, &cookie(&good()), 0, |session| session.update(|login| login.name = "x".repeat(1500)).unwrap());
}

/// The line for so many warnings of a kind that are not in the log.
fn left_out(kind: &str, count: u32) -> String {
    format!(" WARN hardtack: warnings left out in an earlier minute kind=\"{kind}\" left_out={count}")
}

fn left_out_lines(lines: &[String]) -> Vec<(usize, &String)> {
    lines.iter().enumerate().filter(|(_, line)| line.contains("left out")).collect()
}

/// Only sessions make events: each is told on as one of every kind that is at `WARN`, so many times.
fn multiplied(tracing: Tracing, times: usize) -> impl Observer {
    let kinds = [
        EventKind::LargeCookie { size: 3000 },
        EventKind::TooLarge { size: 5000 },
        EventKind::NotWritten(SessionError::HookFailed),
        EventKind::VerbFailed { verb: "begin", error: SessionError::NotReadable },
        EventKind::HookFailed(&HookFailure::TimedOut),
        EventKind::DeniedReturned,
        EventKind::RetiredReturned,
        EventKind::WentBackwards { seconds: 7 },
        EventKind::FactsChanged { count: 1 },
        EventKind::RotationOverdue { since: 7 },
    ];
    move |event: &Event<'_>| {
        for kind in kinds {
            let mut event = *event;
            event.kind = kind;
            (0..times).for_each(|_| tracing.observe(&event));
        }
    }
}

#[test]
fn sixty_in_a_minute_and_then_a_count() {
    let hands = Hands::default();
    let log = written_at(Level::WARN, &hands, |manager| warn(manager, 60));
    assert_eq!(log.lines().len(), 60);

    let log = written_at(Level::WARN, &hands, |manager| {
        warn(manager, 100);
        // The last second of the minute, which NOW begins, and the first of the next.
        hands.set(59);
        warn(manager, 7);
        hands.set(60);
        warn(manager, 2);
        hands.set(180);
        warn(manager, 70);
        hands.set(600);
        warn(manager, 1);
    });
    let lines = log.lines();
    let (first, second) = (left_out("too_large", 47), left_out("too_large", 10));
    assert_eq!(left_out_lines(&lines), [(60, &first), (60 + 1 + 2 + 60, &second)]);
    assert_eq!(lines.len(), 60 + 1 + 2 + 60 + 1 + 1);
}

#[test]
fn a_flood_of_one_kind_hides_no_other() {
    let hands = Hands::default();
    let log = written_at(Level::WARN, &hands, |manager| {
        warn(manager, 500);
        write_large(manager);
        hands.set(60);
        write_large(manager);
        warn(manager, 1);
    });
    let lines = log.lines();
    assert!(lines[..60].iter().all(|line| line.starts_with(" WARN hardtack: too_large ")));
    assert!(lines[60..62].iter().all(|line| line.starts_with(" WARN hardtack: large_cookie ")), "{:?}", &lines[60..]);
    assert_eq!(left_out_lines(&lines), [(62, &left_out("too_large", 440))]);
    assert_eq!(lines.len(), 60 + 1 + 1 + 1 + 1);
}

#[test]
fn every_kind_has_a_count_of_its_own() {
    let hands = Hands::default();
    let (log, tracing) = (Log::new(Level::WARN, Clock::from_fn(|| at(0))), Tracing::new().clock(hands.clock()));
    let manager = SessionManager::builder(ring()).observer(multiplied(tracing, 61)).build().unwrap();
    tracing::subscriber::with_default(log.clone(), || {
        visit(&manager, "__Host-login=garbage!", 0, read);
        hands.set(60);
        visit(&manager, "__Host-login=garbage!", 0, read);
    });
    let lines = log.lines();
    // Of an overdue rotation, told at every sealing, one line says it all.
    assert_eq!(lines.len(), 9 * 60 + 1 + 9 * 61 + 2);
    let kinds = [
        "large_cookie",
        "too_large",
        "not_written",
        "verb_failed",
        "hook_failed",
        "denied_returned",
        "retired_returned",
        "went_backwards",
        "facts_changed",
    ];
    let places = (0..).map(|nth| 9 * 60 + 1 + nth * 61);
    let expected =
        places.zip(kinds.map(|kind| left_out(kind, 1)).into_iter().chain([left_out("rotation_overdue", 60)]));
    let expected: Vec<_> = expected.collect();
    assert_eq!(left_out_lines(&lines), expected.iter().map(|(place, line)| (*place, line)).collect::<Vec<_>>());
}

#[test]
fn a_clock_that_goes_back_begins_a_new_minute() {
    let hands = Hands::default();
    let log = written_at(Level::WARN, &hands, |manager| {
        warn(manager, 61);
        hands.set(-3600);
        warn(manager, 61);
    });
    assert_eq!(log.lines().len(), 60 + 1 + 60);
}

/// What a visitor without any session brings about where a page begins an anonymous one.
fn begin_and_end(manager: &SessionManager<Login>, times: usize) {
    for _ in 0..times {
        let set = visit(manager, "", 0, |session| session.begin(lovelace()).unwrap());
        visit(manager, &set[0], 0, |session| session.cycle().unwrap());
        visit(manager, &set[0], 0, Session::end);
    }
}

#[test]
fn the_life_of_sessions_is_limited_too() {
    let hands = Hands::default();
    let log = written_at(Level::INFO, &hands, |manager| {
        begin_and_end(manager, 100);
        warn(manager, 1);
        hands.set(60);
        begin_and_end(manager, 1);
    });
    let lines = log.lines();
    let left_out =
        |kind: &str| format!(" INFO hardtack: events left out in an earlier minute kind=\"{kind}\" left_out=40");
    let (begun, cycled, ended) = (left_out("begun"), left_out("cycled"), left_out("ended"));
    assert_eq!(left_out_lines(&lines), [(181, &begun), (183, &cycled), (185, &ended)]);
    assert!(lines[180].starts_with(" WARN hardtack: too_large "), "{}", lines[180]);
    assert_eq!(lines.len(), 3 * 60 + 1 + 3 * 2);
}

#[test]
fn every_kind_at_info_has_a_count_of_its_own() {
    let tracing = Tracing::new().clock(Hands::default().clock());
    let manager = SessionManager::builder(ring()).observer(tracing).build().unwrap();
    let log = Log::new(Level::INFO, Clock::from_fn(|| at(0)));
    tracing::subscriber::with_default(log.clone(), || {
        begin_and_end(&manager, 100);
        for _ in 0..100 {
            manager.force_keyring(&ring(), at(0));
        }
    });
    for kind in ["begun", "cycled", "ended", "keyring_replaced"] {
        let written = log.lines().iter().filter(|line| line.starts_with(&format!(" INFO hardtack: {kind} "))).count();
        assert_eq!(written, 60, "{kind}");
    }
}

#[test]
fn other_levels_are_not_limited() {
    let log = written_at(Level::DEBUG, &Hands::default(), |manager| {
        for _ in 0..200 {
            visit(manager, "__Host-login=garbage!", 0, |session| assert!(session.get().is_none()));
        }
    });
    assert_eq!(log.lines().len(), 200);
}
