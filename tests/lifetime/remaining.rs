//! What is left of a session, for a page that warns.

use hardtack::{Policy, Session};
use time::Duration;

use crate::common::{
    at,
    steps::{Login, begun, begun_with, carried, login, logins, logins_under, remembered},
};

/// Seconds of idle time and of life that are left.
fn left(session: &Session<Login>) -> (i64, i64) {
    let remaining = session.remaining();
    assert_eq!(remaining.idle.subsec_nanoseconds() + remaining.absolute.subsec_nanoseconds(), 0);
    (remaining.idle.whole_seconds(), remaining.absolute.whole_seconds())
}

fn under(seconds: (i64, i64)) -> Policy {
    Policy::default().lifetimes(Duration::seconds(seconds.0), Duration::seconds(seconds.1))
}

#[test]
fn what_is_left_is_right_to_the_second() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    for (seconds, expected) in
        [(0, (1800, 43_200)), (1, (1799, 43_199)), (1799, (1, 41_401)), (1800, (0, 0)), (43_200, (0, 0))]
    {
        assert_eq!(left(&carried(&manager, &cookie, seconds)), expected, "{seconds}");
    }
    let cookie = remembered(&manager, login(7), 0);
    assert_eq!(left(&carried(&manager, &cookie, 100)), (604_700, 2_591_900));
}

#[test]
fn nothing_is_left_of_no_session() {
    let manager = logins();
    assert_eq!(left(&carried(&manager, "", 0)), (0, 0));
    assert_eq!(left(&carried(&manager, "__Host-login=garbage", 0)), (0, 0));
    let ended = carried(&manager, &begun(&manager, login(7), 0), 0);
    ended.end();
    assert_eq!(left(&ended), (0, 0));
}

#[test]
fn a_session_that_begins_has_all_of_it() {
    let session = logins().load([], at(0));
    session.begin(login(7)).unwrap();
    assert_eq!(left(&session), (1800, 43_200));
    session.remember(true).unwrap();
    assert_eq!(left(&session), (604_800, 2_592_000));
    session.end_by(at(9000)).unwrap();
    assert_eq!(left(&session), (9000, 9000));
    session.idle_within(Duration::seconds(300)).unwrap();
    assert_eq!(left(&session), (300, 9000));
}

#[test]
fn a_tightened_policy_leaves_less() {
    let cookie = begun(&logins(), login(7), 0);
    for (policy, expected) in [
        ((600, 43_200), (500, 43_100)),
        ((600, 3600), (500, 3500)),
        ((101, 101), (1, 1)),
        ((100, 101), (0, 0)),
        // A looser one leaves no more.
        ((3600, 86_400), (1700, 43_100)),
    ] {
        assert_eq!(left(&carried(&logins_under(under(policy)), &cookie, 100)), expected, "{policy:?}");
    }
}

#[test]
fn the_idle_time_goes_no_further_than_an_end_that_was_brought_forward() {
    let cookie = begun_with(&logins(), login(7), 600, |_| ());
    let renewed = carried(&logins(), &cookie, 1100);
    renewed.renew().unwrap();
    let renewed = crate::common::steps::written(&logins(), &renewed, 1100);
    // Since today it ends 1000 s after 600: 400 s are left of it, whatever the idle window says.
    let tight = logins_under(under((900, 1000)));
    assert_eq!(left(&carried(&tight, crate::common::pair(&renewed), 1200)), (400, 400));
}

#[test]
fn what_another_node_sealed_a_little_ahead_is_counted_from_here() {
    let cookie = begun(&logins(), login(7), 60);
    assert_eq!(left(&carried(&logins(), &cookie, 0)), (1860, 43_260));
}
