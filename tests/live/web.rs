//! A layer with a keyring that is watched, after its process was frozen.

use std::sync::mpsc;

use hardtack::{LiveKeyring, tower::SessionLayer};
use time::Duration;

use crate::live::{
    common::{
        Hands, Told, at,
        login::{Login, act, routes, whose},
        timed::sessions,
    },
    scripted::{Holds, Scripted},
    started,
};

/// A layer whose source holds a ring in which A is revoked, and which was frozen when it was started.
async fn thawed(holds: Holds, seconds: i64) -> (String, Vec<String>) {
    let (hands, told) = (Hands::default(), Told::default());
    let (source, _looks) = Scripted::new(started());
    let clock = hands.clock();
    // Made outside of the runtime, so that no task looks.
    let watched = source.clone();
    let make = move || LiveKeyring::watcher(watched).every(Duration::seconds(10)).clock(clock).start_with(started());
    let keys = std::thread::spawn(make).join().unwrap();
    let layer = SessionLayer::<Login>::builder(&keys).policy(sessions()).clock(hands.clock());
    let layer = layer.observer(told.clone()).build().unwrap();
    let app = routes().layer(layer);
    let cookie = act(&app, "/login", "").await.cookie().to_owned();
    source.set(holds);
    hands.set(seconds);
    told.take();
    (whose(&app, &cookie).await, told.take())
}

fn revoked() -> Holds {
    let ring = started();
    let id = ring.primary(at(0));
    Holds::Ring(ring.revoke(&[id], crate::live::key('B'), at(100)).unwrap().0)
}

#[tokio::test]
async fn a_thawed_service_does_not_accept_a_key_that_was_revoked_meanwhile() {
    // The propagation delay is 1000 s.
    assert_eq!(thawed(revoked(), 1100).await.0, "nobody");
}

#[tokio::test]
async fn a_source_that_fails_after_a_thaw_leaves_the_ring_as_it_is() {
    let (who, told) = thawed(Holds::Failure("no route"), 1100).await;
    assert_eq!(who, "7");
    assert_eq!(told[0], "key_source_failed - -");
}

#[tokio::test]
async fn a_source_that_hangs_after_a_thaw_holds_a_request_up_and_no_longer() {
    let (go_on, blocked) = mpsc::channel();
    assert_eq!(thawed(Holds::Blocked(blocked), 1100).await.0, "7");
    drop(go_on);
}

#[tokio::test]
async fn a_task_looks_where_there_is_a_runtime() {
    let (source, looks) = Scripted::new(started());
    let hands = Hands::default();
    let watcher = LiveKeyring::watcher(source).every(Duration::seconds(10)).clock(hands.clock());
    tokio::time::pause();
    let keys = watcher.start_with(started());
    for _ in 0..3 {
        // The look runs in a thread; the time that tokio shows goes on until it was there.
        while looks.try_recv().is_err() {
            tokio::time::advance(core::time::Duration::from_millis(100)).await;
            std::thread::yield_now();
        }
    }
    drop(keys);
}
