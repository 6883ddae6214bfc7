//! Requests in many threads while rings are swapped and cut-offs set: under the thread sanitizer, `scripts/assurance races`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use hardtack::{Counters, SessionManager};

use crate::session::{Login, now, ring};

const THREADS: usize = 6;

/// Every request opens what the last one sealed: no ring is torn, no update lost.
pub(crate) fn run(seconds: u64) -> bool {
    let counters = Arc::new(Counters::default());
    let manager = SessionManager::<Login>::builder(ring(1)).observer(Arc::clone(&counters)).build().unwrap();
    // What is made once is made here, since the sanitizer does not see the standard library's own locks.
    visits(&manager);
    let stop = AtomicBool::new(false);
    let requests = AtomicU64::new(0);
    let mut swaps = 0_u64;
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    requests.fetch_add(visits(&manager), Ordering::Relaxed);
                }
            });
        }
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let _ = counters.snapshot();
            }
        });
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(seconds) {
            // Back and forth between neighbours: what the one seals opens with the other.
            swaps += 1;
            manager.force_keyring(&ring(if swaps.is_multiple_of(2) { 1 } else { 2 }), now());
            thread::yield_now();
        }
        stop.store(true, Ordering::Relaxed);
    });
    println!(
        "{THREADS} threads, {} requests, {swaps} rings swapped: each opened what the one before had sealed",
        requests.into_inner()
    );
    swaps > 0
}

/// A login and ten visits.
fn visits(manager: &SessionManager<Login>) -> u64 {
    let session = manager.load([], now());
    session.begin(Login { name: "Ada".to_owned(), visits: 0 }).unwrap();
    let mut cookie = written(manager.commit(&session, false, now()).unwrap());
    for visit in 0..10 {
        let session = manager.load([cookie.as_bytes()], now());
        // Two hands on one session, as a handler and a task that it started have.
        let other = session.clone();
        thread::scope(|scope| {
            scope.spawn(move || assert_eq!(other.get().unwrap().name, "Ada"));
            session.update(|login| login.visits += 1).unwrap();
        });
        assert_eq!(session.get().unwrap().visits, visit + 1);
        cookie = written(manager.commit(&session, false, now()).unwrap());
    }
    11
}

fn written(mut set_cookies: Vec<String>) -> String {
    let cookie = set_cookies.pop().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// The control: two threads count without telling one another. The sanitizer must see it.
pub(crate) fn race() -> bool {
    struct Shared(core::cell::UnsafeCell<u64>);
    // SAFETY: it is not, which is what this is for.
    unsafe impl Sync for Shared {}
    static COUNT: Shared = Shared(core::cell::UnsafeCell::new(0));
    let count = || {
        for _ in 0..100_000 {
            // SAFETY: a race on purpose.
            unsafe { *COUNT.0.get() += 1 };
        }
    };
    let other = thread::spawn(count);
    count();
    other.join().unwrap();
    true
}
