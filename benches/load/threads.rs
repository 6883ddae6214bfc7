//! Two threads that share what they seal and open with.

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use hardtack::{Binding, Claims, Key, Keyring, Scratch};

use crate::{
    harness::{Column, Contender, Report},
    session::{House, cookie, now},
};

const LETTERS: usize = 200;
/// Operations between two swaps of the ring, of the thread that swaps.
const BETWEEN_SWAPS: u32 = 1000;

pub(crate) fn run(report: &mut Report) {
    let work = Arc::new(Work::new());
    let column = |(head, operation): (&str, Operation)| -> Column<'static> {
        let one = work.clone();
        let mut pair = Pair::new(work.clone(), operation, false);
        let mut swapping = Pair::new(work.clone(), operation, true);
        let contenders = vec![
            Contender::timed("1 thread", move |times| one.run(operation, times, false)),
            Contender::timed("2 threads, each", move |times| pair.run(times)),
            Contender::timed("2 threads, each, one of which swaps rings", move |times| swapping.run(times)),
        ];
        (head.to_owned(), contenders)
    };
    report.table("threads", OPERATIONS.into_iter().map(column).collect());
}

const OPERATIONS: [(&str, Operation); 3] = [
    ("opening a token", Operation::Open),
    ("sealing a token", Operation::Seal),
    ("load and first use", Operation::Load),
];

#[derive(Clone, Copy)]
enum Operation {
    Open,
    Seal,
    Load,
}

/// What threads share.
struct Work {
    house: House,
    keyring: Keyring,
    claims: Claims,
    token: String,
    header: String,
}

impl Work {
    fn new() -> Self {
        let key = Key::generate().unwrap().expose_text();
        let ring = || Keyring::parse(key.as_str()).unwrap();
        let (house, keyring) = (House::of(ring()), ring());
        let token = house.token(LETTERS);
        let claims = house.sealer.begin(1, false, now()).unwrap();
        Self { claims, header: cookie(&token), token, keyring, house }
    }

    fn swap(&self) {
        self.house.sealer.replace_keyring(&self.keyring, now()).unwrap();
        self.house.manager.replace_keyring(&self.keyring, now()).unwrap();
    }

    /// Does an operation so many times, on this thread.
    fn run(&self, operation: Operation, times: u32, swaps: bool) -> Duration {
        let mut scratch = Scratch::new();
        let start = Instant::now();
        for number in 0..times {
            self.run_once(operation, &mut scratch);
            if swaps && number % BETWEEN_SWAPS == BETWEEN_SWAPS / 2 {
                self.swap();
            }
        }
        start.elapsed()
    }

    fn run_once(&self, operation: Operation, scratch: &mut Scratch) {
        let sealer = &self.house.sealer;
        match operation {
            Operation::Open => {
                drop(black_box(sealer.open(&self.token, Binding::default(), now(), scratch).unwrap()));
            }
            Operation::Seal => {
                let payload = black_box(&[b'x'; LETTERS]);
                drop(black_box(sealer.seal(&self.claims, payload, Binding::default(), now(), scratch).unwrap()));
            }
            Operation::Load => {
                drop(black_box(self.house.manager.load([self.header.as_bytes()], now()).get().unwrap()));
            }
        }
    }
}

/// This thread and another that wait for each other before they run, so that waking up is not part of the measure.
struct Pair {
    meeting: Arc<Meeting>,
    operation: Operation,
    swaps: bool,
    orders: Sender<u32>,
    answers: Receiver<Duration>,
}

struct Meeting {
    work: Arc<Work>,
    arrived: AtomicU32,
}

impl Pair {
    fn new(work: Arc<Work>, operation: Operation, swaps: bool) -> Self {
        let meeting = Arc::new(Meeting { work, arrived: AtomicU32::new(0) });
        let (orders, orders_in) = mpsc::channel();
        let (answers_out, answers) = mpsc::channel();
        let other = Arc::clone(&meeting);
        // It ends when the orders do.
        thread::spawn(move || {
            for times in orders_in {
                answers_out.send(other.run(operation, times, false)).unwrap();
            }
        });
        Self { meeting, operation, swaps, orders, answers }
    }

    /// The mean of both.
    fn run(&mut self, times: u32) -> Duration {
        self.meeting.arrived.store(0, SeqCst);
        self.orders.send(times).unwrap();
        let own = self.meeting.run(self.operation, times, self.swaps);
        (own + self.answers.recv().unwrap()) / 2
    }
}

impl Meeting {
    fn run(&self, operation: Operation, times: u32, swaps: bool) -> Duration {
        self.arrived.fetch_add(1, SeqCst);
        while self.arrived.load(SeqCst) < 2 {
            std::hint::spin_loop();
        }
        self.work.run(operation, times, swaps)
    }
}
