//! What is written about a keyring that is watched: where it comes from, and what to do when it does not.

use std::sync::{Arc, Mutex};

use hardtack::{Clock, KeySource, KeySourceError, KeySourceFuture, Keyring, LiveKeyring, SessionManager, Tracing};
use time::Duration;
use tracing::Level;

use crate::tracing_log::{
    Login,
    common::{
        Hands, at,
        timed::{again, id, key, list, policy, sessions},
    },
    subscriber::Log,
};

/// What it holds is there or not.
#[derive(Clone)]
struct Shelf(Arc<Mutex<Option<Keyring>>>);

impl KeySource for Shelf {
    fn name(&self) -> &'static str {
        "the shelf"
    }

    fn read(&self) -> KeySourceFuture<'_> {
        let ring = self.0.lock().unwrap().as_ref().map(again);
        Box::pin(async { ring.ok_or_else(|| KeySourceError::Failed("the shelf is empty".into())) })
    }
}

/// Drives a look, which waits for nothing here.
fn look(keys: &LiveKeyring, seconds: i64) {
    let mut look = std::pin::pin!(keys.look(at(seconds)));
    assert!(look.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())).is_ready());
}

#[test]
fn a_keyring_tells_where_it_comes_from_and_why_it_stays_as_it_is() {
    let hands = Hands::default();
    let log = Log::new(Level::INFO, Clock::from_fn(|| at(0)));
    let started = || Keyring::start(policy(), key('A'), at(0)).unwrap();
    let shelf = Shelf(Arc::new(Mutex::new(None)));
    let watcher = LiveKeyring::watcher(shelf.clone()).every(Duration::seconds(1001)).clock(hands.clock());
    let keys = watcher.start_with(started());
    tracing::subscriber::with_default(log.clone(), || {
        let builder = SessionManager::<Login>::builder(&keys).policy(sessions()).clock(hands.clock());
        let _manager = builder.observer(Tracing::new().clock(hands.clock())).build().unwrap();
        look(&keys, 10);
        *shelf.0.lock().unwrap() = Some(list("B"));
        look(&keys, 20);
        *shelf.0.lock().unwrap() = Some(started().rotate(key('B'), None, at(50)).unwrap());
        look(&keys, 1400);
    });
    let lines = log.lines();
    let line = |level: &str, kind: &str, rest: &str| format!("{level} hardtack: {kind} cookie=\"__Host-login\"{rest}");
    let slow = " detail=\"every 1001 s, but the keyring has a propagation_delay of 1000 s\"";
    for (at, expected) in [
        line(" INFO", "key_source", " detail=\"the shelf\""),
        line(" WARN", "slow_polling", slow),
        line(" WARN", "key_source_failed", " detail=\"the key source failed: the shelf is empty\""),
        line(" WARN", "keyring_refused", ""),
        line(" INFO", "keyring_replaced", &format!(" key_id=\"{}\" detail=\"2 keys\"", id('B'))),
        line(" WARN", "slow_polling", slow),
        line(
            " WARN",
            "keyring_late",
            " detail=\"by 290 s: bring rings to this node sooner, or raise the propagation_delay\"",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        assert!(lines[at].starts_with(&expected), "{}\n{expected}", lines[at]);
    }
    assert_eq!(lines.len(), 7);
}
