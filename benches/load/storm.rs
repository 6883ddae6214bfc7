//! A keyring that is replaced all the time, for a service of three layers: how long requests take meanwhile, one by one, and what
//! a reload costs.

use std::{
    hint::black_box,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use hardtack::{Key, Keyring, LiveKeyring, SessionManager};

use crate::session::{Visit, now};

const KEYS: usize = 4;

/// One row: between two reloads lies this pause. `None`: there are no reloads.
const STORMS: [(&str, Option<Duration>); 4] = [
    ("none", None),
    ("100 a second", Some(Duration::from_millis(10))),
    ("1,000 a second", Some(Duration::from_millis(1))),
    ("without a pause", Some(Duration::ZERO)),
];

pub(crate) fn run() {
    println!("\nreloads of one ring of {KEYS} keys for 3 layers; load and first use on another thread");
    println!("| reloads | reloads made | one reload | request: median | 99 % | 99.9 % |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let requests = if std::env::args().any(|argument| argument == "--quick") { 2_000 } else { 400_000 };
    for (name, pause) in STORMS {
        let Storm { mut requests, reloads, busy } = storm(pause, requests);
        requests.sort_unstable();
        let at = |thousandth: usize| requests[(requests.len() - 1) * thousandth / 1000].as_nanos();
        let one = busy.checked_div(reloads).unwrap_or_default();
        println!("| {name} | {reloads} | {} µs | {} ns | {} ns | {} ns |", one.as_micros(), at(500), at(990), at(999));
    }
}

struct Storm {
    /// How long each request took.
    requests: Vec<Duration>,
    reloads: u32,
    /// How long all reloads took.
    busy: Duration,
}

fn storm(pause: Option<Duration>, requests: usize) -> Storm {
    let texts: Vec<_> = (0..KEYS).map(|_| Key::generate().unwrap().expose_text()).collect();
    let list = texts.iter().map(hardtack::KeyText::as_str).collect::<Vec<_>>().join(",");
    let ring = || Keyring::parse(&list).unwrap();
    let live = LiveKeyring::new(ring());
    let layer = || SessionManager::<Visit>::builder(&live).build().unwrap();
    let [manager, _other, _third] = [layer(), layer(), layer()];
    let session = manager.load([], now());
    session.begin(Visit::new(200)).unwrap();
    let set_cookie = manager.commit(&session, false, now()).unwrap().pop().unwrap();
    let header = set_cookie.split(';').next().unwrap().as_bytes();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let reloading = scope.spawn(|| {
            let (ring, mut reloads, mut busy) = (ring(), 0, Duration::ZERO);
            while let Some(pause) = pause.filter(|_| !over.load(Relaxed)) {
                let start = Instant::now();
                live.replace(&ring, now()).unwrap();
                busy += start.elapsed();
                reloads += 1;
                if !pause.is_zero() {
                    thread::sleep(pause);
                }
            }
            (reloads, busy)
        });
        let request = |_| {
            let start = Instant::now();
            drop(black_box(manager.load([header], now()).get().unwrap()));
            start.elapsed()
        };
        let requests = (0..requests).map(request).collect();
        over.store(true, Relaxed);
        let (reloads, busy) = reloading.join().unwrap();
        Storm { requests, reloads, busy }
    })
}
