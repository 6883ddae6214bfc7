//! When a response carries a cookie: when something has changed, or half of the idle window is used.

use crate::common;

#[path = "writes/asked.rs"]
mod asked;
#[path = "writes/errors.rs"]
mod errors;
#[path = "writes/race.rs"]
mod race;
#[path = "writes/update.rs"]
mod update;

use common::steps::{begun, carried, login, logins, plain, sent};
use time::Duration;

#[test]
fn a_request_that_changes_nothing_is_sent_nothing() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    for seconds in [0, 1, 450, 899] {
        let session = carried(&manager, &cookie, seconds);
        assert_eq!(session.get().unwrap().user, 7);
        assert!(session.claims().is_some() && session.remaining().idle > Duration::ZERO);
        assert_eq!((session.bytes_left().is_some(), session.require_recent(Duration::hours(1))), (true, Ok(())));
        assert_eq!(session.update(|login| login.user), Ok(7), "a closure that only reads");
        assert_eq!(session.update(|login| login.user = 7), Ok(()), "one that writes what was there");
        assert!(sent(&manager, &session, seconds).is_empty(), "{seconds}");
    }
}

#[test]
fn a_renewal_comes_with_the_second_half_of_the_idle_window() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    for (seconds, renewed) in [(899, 0), (900, 1), (1799, 1), (1800, 0)] {
        let session = carried(&manager, &cookie, seconds);
        let _ = session.get();
        assert_eq!(sent(&manager, &session, seconds).len(), renewed, "{seconds}");
    }
}

#[test]
fn a_change_is_written_at_any_time() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    for seconds in [0, 899, 900, 1799] {
        let session = carried(&manager, &cookie, seconds);
        session.update(|login| login.user = 8).unwrap();
        let set_cookies = sent(&manager, &session, seconds);
        assert_eq!((set_cookies.len(), plain(&set_cookies[0]).data()[0]), (1, 8), "{seconds}");
    }
}
