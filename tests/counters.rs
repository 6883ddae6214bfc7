//! Counts of events.

use crate::common;

use std::sync::Arc;

use common::{NOW, OTHER, Plain, SECRET, at, keys, ring, token};
use hardtack::{Counters, Session, SessionData, SessionManager};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cart {
    user: u64,
}

const NAME: &str = "__Host-login";

impl SessionData for Login {
    const COOKIE: &'static str = NAME;
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

fn good() -> Plain {
    Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: crate::common::layout::user(7),
        extensions: None,
    }
}

/// A request with this value under a name.
fn visit<T: SessionData>(manager: &SessionManager<T>, name: &str, value: &str, act: impl FnOnce(&Session<T>)) {
    let session = manager.load([format!("{name}={value}").as_bytes()], at(1));
    act(&session);
    manager.commit(&session, false, at(1)).unwrap();
}

fn read<T: SessionData>(session: &Session<T>) {
    let _ = session.get();
}

/// The counts, a line for each: cookie, event, reason, key and how often.
fn lines(counters: &Counters) -> Vec<String> {
    let snapshot = counters.snapshot();
    let line = |(count, times): (&hardtack::Count, &u64)| {
        let key = count.key_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let reason = if count.reason.is_empty() { "-" } else { count.reason };
        format!("{} {} {reason} {key} {times}", count.cookie, count.event)
    };
    snapshot.iter().map(line).collect()
}

#[test]
fn events_are_counted_by_cookie_name_reason_and_key() {
    let counters = Arc::new(Counters::new());
    assert!(counters.snapshot().is_empty());
    let rotated = || keys(&[OTHER, SECRET]);
    let logins = SessionManager::<Login>::builder(rotated()).observer(Arc::clone(&counters)).build().unwrap();
    let carts = SessionManager::<Cart>::builder(rotated()).observer(Arc::clone(&counters)).build().unwrap();

    let (under_old, under_new) = (good().seal(&SECRET, NAME, ""), good().seal(&OTHER, NAME, ""));
    let idle = Plain { issued_at: NOW - 10, created_at: NOW - 10, expires_at: NOW, ends_at: NOW + 43_190, ..good() };
    let mut altered = token::bytes(&under_new);
    altered[40] ^= 1;
    let altered = token::text(&altered);
    let mut unknown = token::bytes(&under_new);
    unknown[1] ^= 1;
    let ahead = Plain { created_at: NOW + 80, issued_at: NOW + 80, expires_at: NOW + 1880, ..good() };
    for (times, value) in [
        (3, &under_new),
        (2, &under_old),
        (4, &altered),
        (1, &idle.seal(&SECRET, NAME, "")),
        (2, &idle.seal(&OTHER, NAME, "")),
        (1, &token::text(&unknown)),
        (1, &ahead.seal(&OTHER, NAME, "")),
        (1, &Plain { issued_at: NOW + 90, expires_at: NOW + 1890, ..ahead.clone() }.seal(&OTHER, NAME, "")),
        (5, &"garbage!".to_owned()),
    ] {
        for _ in 0..times {
            visit(&logins, NAME, value, read);
        }
    }
    // An empty cookie is one too.
    visit(&logins, NAME, "", |session| session.begin(Login { user: 7 }).unwrap());
    visit(&logins, NAME, &under_new, Session::end);
    visit(&carts, "__Host-cart", &good().seal(&OTHER, "__Host-cart", ""), read);
    visit(&carts, "__Host-cart", "garbage!", read);

    let expected = [
        "__Host-cart opened - 56631c1a 1",
        "__Host-cart refused Encoding - 1",
        "__Host-login begun - 56631c1a 1",
        "__Host-login ended - - 1",
        "__Host-login held NotYetValid 56631c1a 2",
        "__Host-login held UnknownKey - 1",
        "__Host-login opened - 56631c1a 4",
        "__Host-login opened - a65c4d76 2",
        "__Host-login refused Authentication 56631c1a 4",
        "__Host-login refused Encoding - 5",
        "__Host-login refused IdleTimeout 56631c1a 2",
        "__Host-login refused IdleTimeout a65c4d76 1",
        "__Host-login refused TooShort - 1",
        "__Host-login rekeyed - 56631c1a 2",
        "__Host-login renewed - 56631c1a 2",
        "__Host-login sealed - 56631c1a 3",
    ];
    assert_eq!(lines(&counters), expected);
}

#[test]
fn a_snapshot_stays_as_it_is() {
    let counters = Arc::new(Counters::new());
    let manager = SessionManager::<Login>::builder(ring()).observer(Arc::clone(&counters)).build().unwrap();
    let token = good().seal(&SECRET, NAME, "");
    visit(&manager, NAME, &token, read);
    let before = counters.snapshot();
    visit(&manager, NAME, &token, read);
    assert_eq!(before.values().sum::<u64>(), 1);
    assert_eq!(counters.snapshot().values().sum::<u64>(), 2);
}

#[test]
fn what_clients_make_up_makes_no_entries() {
    let counters = Arc::new(Counters::new());
    let manager = SessionManager::<Login>::builder(ring()).observer(Arc::clone(&counters)).build().unwrap();
    let token = token::bytes(&good().seal(&SECRET, NAME, ""));
    for number in 0..10_000_u32 {
        let mut rubbish = token.clone();
        match number % 4 {
            // Other key ids.
            0 => rubbish[1..5].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes()),
            // Other first bytes: versions and suites.
            1 => rubbish[0] = number.to_be_bytes()[2] | 2,
            // Other ciphertexts.
            2 => rubbish[40..44].copy_from_slice(&number.to_be_bytes()),
            // Other lengths.
            _ => rubbish.truncate(number as usize % rubbish.len()),
        }
        visit(&manager, NAME, &token::text(&rubbish), read);
    }
    let snapshot = counters.snapshot();
    assert_eq!(snapshot.values().sum::<u64>(), 10_000);
    let reasons: std::collections::BTreeSet<_> = snapshot.keys().map(|count| count.reason).collect();
    assert_eq!(
        reasons.into_iter().collect::<Vec<_>>(),
        ["Authentication", "Suite", "TooShort", "UnknownKey", "Version"]
    );
    // Each with our key or none.
    assert!(snapshot.len() <= 10, "{snapshot:?}");
    assert!(snapshot.keys().all(|count| count.key_id.is_none_or(|id| id.as_bytes() == &token::key_id(&SECRET))));
}

#[test]
fn eight_threads_lose_nothing() {
    let counters = Arc::new(Counters::new());
    let manager = SessionManager::<Login>::builder(ring()).observer(Arc::clone(&counters)).build().unwrap();
    let token = good().seal(&SECRET, NAME, "");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..500 {
                    visit(&manager, NAME, &token, read);
                    visit(&manager, NAME, "garbage!", read);
                }
            });
        }
    });
    let expected = ["__Host-login opened - a65c4d76 4000", "__Host-login refused Encoding - 4000"];
    assert_eq!(lines(&counters), expected);
}

#[test]
fn more_threads_than_there_are_locks_lose_nothing() {
    let counters = Arc::new(Counters::new());
    let manager = SessionManager::<Login>::builder(ring()).observer(Arc::clone(&counters)).build().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| (0..25).for_each(|_| visit(&manager, NAME, "garbage!", read)));
        }
    });
    assert_eq!(lines(&counters), ["__Host-login refused Encoding - 1000"]);
}
