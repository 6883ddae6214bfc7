//! Nodes whose clocks differ by more than they may, and clocks that jump: sessions wait or are refused, and no cookie is destroyed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hardtack::{LiveKeyring, Refusal, SessionManager};

use crate::live::{
    common::{
        Hands, Told, at,
        steps::{Login, begun, carried, login, sent},
        timed::{again, from_until, id, scheduled, sessions},
    },
    live, logins, manager, rotated, seals,
};

/// Far more than the 60 s by which clocks may differ.
const AHEAD: i64 = 3600;

#[test]
fn what_a_node_seals_whose_clock_is_an_hour_ahead_is_held_elsewhere_until_then_and_told() {
    let keys = live();
    let ((node, told), (ahead, _)) = (logins(&keys), logins(&keys));
    let cookie = begun(&ahead, login(7), AHEAD);
    let session = carried(&node, &cookie, 0);
    assert_eq!(session.refusal(), Some(Refusal::NotYetValid { seconds_ahead: 3600 }));
    assert_eq!(told.take(), [format!("held - {} NotYetValid {{ seconds_ahead: 3600 }}", id('A'))]);
    // The browser keeps it, and it is good once it is its time.
    assert_eq!(sent(&node, &session, 0), Vec::<String>::new());
    assert_eq!(carried(&node, &cookie, AHEAD).get().map(|login| login.user), Some(7));
    // Further ahead it is refused, and the cookie stays all the same.
    let cookie = begun(&ahead, login(7), AHEAD + 1);
    told.take();
    let session = carried(&node, &cookie, 0);
    assert_eq!(session.refusal(), Some(Refusal::NotYetValid { seconds_ahead: 3601 }));
    assert_eq!(told.take(), [format!("refused - {} NotYetValid {{ seconds_ahead: 3601 }}", id('A'))]);
    assert_eq!(sent(&node, &session, 0), Vec::<String>::new());
}

#[test]
fn a_node_ahead_that_seals_with_the_next_key_too_early_is_held_where_that_is_not_yet() {
    let (ahead, node) = (live(), live());
    ahead.replace(&rotated(), at(50)).unwrap();
    let ((sealing, _), (opening, told)) = (logins(&ahead), logins(&node));
    // By its clock B seals already; the other node has not heard of B.
    let cookie = begun(&sealing, login(7), 50 + AHEAD);
    let session = carried(&opening, &cookie, 50);
    assert_eq!(session.refusal(), Some(Refusal::UnknownKey));
    assert_eq!(told.take(), ["held - - UnknownKey"]);
    assert_eq!(sent(&opening, &session, 50), Vec::<String>::new());
    // With the ring it is a token from the future, and then a good one.
    node.replace(&rotated(), at(60)).unwrap();
    assert!(matches!(carried(&opening, &cookie, 60).refusal(), Some(Refusal::NotYetValid { .. })));
    assert_eq!(carried(&opening, &cookie, 50 + AHEAD).get().map(|login| login.user), Some(7));
}

#[test]
fn a_node_an_hour_behind_seals_under_the_key_of_before_and_others_open_it() {
    let keys = live();
    keys.replace(&rotated(), at(50)).unwrap();
    let ((behind, _), (node, _)) = (logins(&keys), logins(&keys));
    assert_eq!([seals(&behind, login(7), 1109), seals(&node, login(7), 1110)], ['A', 'B']);
    let cookie = begun(&behind, login(7), 1200 - AHEAD);
    assert_eq!(carried(&node, &cookie, 1200).get().map(|login| login.user), Some(7));
}

/// A layer whose clock and the time that passes are moved apart.
struct Layer {
    manager: SessionManager<Login>,
    hands: Hands,
    passed: Arc<AtomicU64>,
    told: Told,
}

impl Layer {
    #[track_caller]
    fn with(keys: &LiveKeyring) -> Self {
        let (hands, passed, told) = (Hands::default(), Arc::<AtomicU64>::default(), Told::default());
        let counted = Arc::clone(&passed);
        let clock = hands.clock().measured_by(move || Duration::from_secs(counted.load(Ordering::SeqCst)));
        let builder = SessionManager::builder(keys).policy(sessions()).observer(told.clone());
        let manager = builder.clock(clock).build().unwrap();
        Self { manager, hands, passed, told }
    }

    /// The layer reads its clock, which shows this when so much time has passed.
    fn shows(&self, seconds: i64, passed: u64) {
        self.hands.set(seconds);
        self.passed.store(passed, Ordering::SeqCst);
        let _ = self.manager.now();
    }
}

#[test]
fn a_wrong_clock_moves_the_keys_of_its_own_layer_only() {
    let keys = LiveKeyring::new(again(&rotated()));
    let (right, wrong) = (Layer::with(&keys), Layer::with(&keys));
    for layer in [&right, &wrong] {
        layer.shows(0, 0);
        layer.shows(600, 600);
    }
    let cookie = begun(&right.manager, login(7), 600);
    // One jumps to a time at which A has gone, and keeps to it for ten minutes.
    right.shows(1300, 1300);
    wrong.shows(7000, 1300);
    wrong.shows(7601, 1901);
    assert!(wrong.told.take().iter().any(|line| line.starts_with("clock_jumped")));
    // Then it is right again: there A stays gone, and the cookie is held.
    for layer in [&right, &wrong] {
        layer.shows(2000, 2000);
    }
    assert_eq!(carried(&right.manager, &cookie, 2000).get().map(|login| login.user), Some(7));
    assert_eq!(carried(&wrong.manager, &cookie, 2000).refusal(), Some(Refusal::ClockSetBack));
}

#[test]
fn a_ring_is_judged_by_the_time_that_every_layer_believes() {
    let keys = LiveKeyring::new(again(&rotated()));
    let layer = Layer::with(&keys);
    layer.shows(0, 0);
    layer.shows(600, 600);
    // The clock has just jumped to where A would have gone; nobody believes it yet.
    layer.shows(50_000, 601);
    let without_a = scheduled(&[('B', from_until(1110, 101_110))]);
    assert!(keys.replace(&without_a, at(50_000)).is_err());
    // A second layer that keeps right time has no say in it.
    let (_other, _) = manager::<Login>(&keys);
    assert!(keys.replace(&without_a, at(50_000)).is_err());
}
