//! Warnings are limited, for whoever holds one good cookie can bring about any number.

use hardtack::SessionManager;
use tracing::Level;

use crate::{Login, common::Hands, cookie, good, visit, written_at};

/// So many writes that do not fit.
fn warn(manager: &SessionManager<Login>, times: usize) {
    for _ in 0..times {
        visit(manager, &cookie(&good()), 0, |session| {
            session.update(|login| login.name = "x".repeat(5000)).unwrap_err();
        });
    }
}

const LEFT_OUT: &str = " WARN hardtack: warnings left out in an earlier minute left_out=";

#[test]
fn sixty_in_a_minute_and_then_a_count() {
    let hands = Hands::default();
    let log = written_at(Level::TRACE, &hands, |manager| warn(manager, 60));
    let warnings = |log: &crate::subscriber::Log| {
        log.lines().into_iter().filter(|line| line.starts_with(" WARN")).collect::<Vec<_>>()
    };
    assert_eq!(warnings(&log).len(), 60);

    let log = written_at(Level::TRACE, &hands, |manager| {
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
    let lines = warnings(&log);
    let counts: Vec<_> = lines.iter().enumerate().filter(|(_, line)| line.starts_with(LEFT_OUT)).collect();
    let (first, second) = (format!("{LEFT_OUT}47"), format!("{LEFT_OUT}10"));
    assert_eq!(counts, [(60, &first), (60 + 1 + 2 + 60, &second)]);
    assert_eq!(lines.len(), 60 + 1 + 2 + 60 + 1 + 1);
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

#[test]
fn other_levels_are_not_limited() {
    let log = written_at(Level::DEBUG, &Hands::default(), |manager| {
        for _ in 0..200 {
            visit(manager, "__Host-login=garbage!", 0, |session| assert!(session.get().is_none()));
        }
    });
    assert_eq!(log.lines().len(), 200);
}
