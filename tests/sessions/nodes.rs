//! Nodes whose clocks differ: one session goes back and forth between them.

use hardtack::{Refusal, SessionManager};

use crate::sessions::{
    Shop, begun, carried,
    common::{NOW, OTHER, SECRET, keys, pair},
    manager, plain, sent, shop, written,
};

/// How far the fast node's clock is ahead, in seconds: the whole tolerance.
const AHEAD: i64 = 60;

#[test]
fn begun_on_the_fast_node_and_written_on_the_slow_one_it_lives_on() {
    let (fast, slow) = (manager(), manager());
    let mut cookie = begun(&fast, shop(), AHEAD);
    let created_at = NOW + 60;
    let mut issued_at = plain(&cookie).issued_at;
    assert_eq!((plain(&cookie).created_at, issued_at), (created_at, created_at));
    // Every 50 s, which is less than they differ, by turns; the first on the slow node, in the same second.
    for (turn, seconds) in (0..200).zip((0..).step_by(50)) {
        let on_the_slow = turn % 2 == 0;
        let (manager, clock) = if on_the_slow { (&slow, seconds) } else { (&fast, seconds + AHEAD) };
        let session = carried(manager, &cookie, clock);
        session.update(|shop| shop.user += 1).unwrap();
        cookie = pair(&written(manager, &session, clock)).to_owned();
        let now = plain(&cookie);
        assert_eq!((now.created_at, now.ends_at), (created_at, created_at + 43_200));
        assert!(now.issued_at >= issued_at, "{} after {issued_at}", now.issued_at);
        assert_eq!(now.expires_at, now.issued_at + 1800);
        issued_at = now.issued_at;
    }
    let session = carried(&slow, &cookie, 10_000);
    assert_eq!(session.get().unwrap().user, 201);
}

#[test]
fn the_slow_node_seals_no_earlier_than_what_it_was_given() {
    let cookie = begun(&manager(), shop(), AHEAD);
    let slow = manager();
    let session = carried(&slow, &cookie, 0);
    session.cycle().unwrap();
    let written = plain(&written(&slow, &session, 1));
    assert_eq!((written.issued_at, written.expires_at), (NOW + 60, NOW + 60 + 1800));
}

#[test]
fn the_slow_node_renews_by_its_own_clock() {
    let cookie = begun(&manager(), shop(), AHEAD);
    let slow = manager();
    for (seconds, renewed) in [(0, 0), (959, 0), (960, 1)] {
        let session = carried(&slow, &cookie, seconds);
        assert!(session.get().is_some());
        assert_eq!(sent(&slow, &session, seconds).len(), renewed, "{seconds}");
    }
}

#[test]
fn moved_to_a_new_key_on_the_slow_node_it_lives_on() {
    let cookie = begun(&manager(), shop(), AHEAD);
    let slow = SessionManager::<Shop>::new(keys(&[OTHER, SECRET])).unwrap();
    let session = carried(&slow, &cookie, 0);
    assert!(session.get().is_some());
    let cookie = pair(&written(&slow, &session, 0)).to_owned();
    let fast = SessionManager::<Shop>::new(keys(&[OTHER, SECRET])).unwrap();
    assert_eq!(carried(&fast, &cookie, AHEAD).claims().unwrap().issued_at(), crate::common::at(60));
}

#[test]
fn a_second_more_is_too_far_ahead() {
    let cookie = begun(&manager(), shop(), AHEAD + 1);
    let session = carried(&manager(), &cookie, 0);
    assert!(session.get().is_none());
    assert_eq!(session.refusal(), Some(Refusal::NotYetValid { seconds_ahead: 61 }));
}
