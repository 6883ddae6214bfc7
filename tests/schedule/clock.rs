//! Clocks that step: in a running service no key comes back that was gone, and nothing panics.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hardtack::{
    Binding, Clock, Context, Keyring, Refusal, RotationError, Schedule, Scratch, Sealer, SessionError, SessionManager,
    TokenHeader,
};
use time::{OffsetDateTime, macros::datetime};

use crate::schedule::{
    common::{
        self, Hands, Plain, Told, at,
        steps::{Login, login},
        timed::{again, from_until, letter, list, scheduled, secret, sessions, times},
    },
    three,
};

/// Times before 2020, and before 1970.
const LONG_AGO: [OffsetDateTime; 4] = [
    datetime!(2019-12-31 23:59:59 UTC),
    datetime!(1970-01-01 00:00 UTC),
    datetime!(1969-12-31 23:59:59.9 UTC),
    datetime!(-9999-01-01 00:00 UTC),
];

fn sealer(ring: &Keyring) -> Sealer {
    Sealer::new(ring, &Context::cookie("session", "").unwrap(), sessions()).unwrap()
}

/// A token sealed at this time, and the letter of its key.
#[track_caller]
fn sealed(sealer: &Sealer, now: OffsetDateTime) -> (String, char) {
    let claims = sealer.begin(1, false, now).unwrap();
    let token = sealer.seal(&claims, b"", Binding::default(), now, &mut Scratch::new()).unwrap();
    let letter = letter(TokenHeader::read(&token).unwrap().key_id());
    (token, letter)
}

fn refusal(sealer: &Sealer, token: &str, now: OffsetDateTime) -> Option<Refusal> {
    sealer.open(token, Binding::default(), now, &mut Scratch::new()).err()
}

/// A service in which the clock and the time that passes are moved apart from each other, both in seconds.
struct Node {
    manager: SessionManager<Login>,
    hands: Hands,
    passed: Arc<AtomicU64>,
    told: Told,
}

/// 400 days, as a broken time server may show them.
const FAR: i64 = 400 * 86_400;

impl Node {
    fn new(ring: Keyring) -> Self {
        Self::with(ring, |clock, passed| clock.measured_by(move || Duration::from_secs(passed.load(Ordering::SeqCst))))
    }

    /// One whose clock nothing measures.
    fn unmeasured(ring: Keyring) -> Self {
        Self::with(ring, |clock, _| clock)
    }

    #[track_caller]
    fn with(ring: Keyring, clock: impl FnOnce(Clock, Arc<AtomicU64>) -> Clock) -> Self {
        let (hands, passed, told) = (Hands::default(), Arc::<AtomicU64>::default(), Told::default());
        let builder = SessionManager::builder(ring).policy(sessions()).observer(told.clone());
        let manager = builder.clock(clock(hands.clock(), Arc::clone(&passed))).build().unwrap();
        Self { manager, hands, passed, told }
    }

    /// The clock shows this when so much time has passed.
    fn shows(&self, clock: i64, passed: u64) {
        self.passed.store(passed, Ordering::SeqCst);
        self.hands.set(clock);
        let _ = self.manager.now();
    }

    /// Runs for ten minutes, by a right clock, from this second on.
    fn runs(&self, from: i64) {
        for minute in 0..=10 {
            self.shows(from + 60 * minute, 60 * minute.unsigned_abs());
        }
        assert_eq!(self.jumps(), 0);
    }

    /// How often a jump was told, since the last call.
    fn jumps(&self) -> usize {
        self.told.take().iter().filter(|line| line.starts_with("clock_jumped")).count()
    }

    /// The letter of the key that seals a session which begins now.
    fn seals_under(&self) -> char {
        let now = self.hands.clock().now();
        let session = self.manager.load([], now);
        session.begin(login(7)).unwrap();
        let set_cookies = self.manager.commit(&session, false, now).unwrap();
        let token = TokenHeader::read(common::value(&set_cookies[0])).unwrap();
        letter(token.key_id())
    }

    /// Why a token of key A that was sealed just now does not open.
    fn refuses_a(&self) -> Option<Refusal> {
        let now = self.hands.clock().now();
        self.manager.load([cookie_of_a(now).as_bytes()], now).refusal()
    }

    /// How many cookies a session of key A that used most of its idle window is sent.
    fn renews(&self) -> usize {
        let now = self.hands.clock().now();
        let session = self.manager.load([cookie_of_a(now - time::Duration::seconds(4000)).as_bytes()], now);
        assert!(session.get().is_some());
        self.manager.commit(&session, false, now).unwrap().len()
    }
}

fn cookie_of_a(issued_at: OffsetDateTime) -> String {
    let issued_at = u64::try_from(issued_at.unix_timestamp()).unwrap_or(0);
    let (created_at, ends_at, expires_at) = (issued_at, issued_at + 43_200, issued_at + 5000);
    let (session_id, payload) = ([5; 16], crate::common::layout::user(7));
    let plain = Plain {
        flags: 0,
        schema: 1,
        created_at,
        ends_at,
        issued_at,
        expires_at,
        session_id,
        payload,
        extensions: None,
    };
    format!("__Host-login={}", plain.seal(&secret('A'), "__Host-login", ""))
}

fn known_since_the_start() -> Schedule {
    times([-1500, 100_000], [Some(100_000_000), Some(100_005_181)], None)
}

/// A seals for 100,000 s, then B.
fn two() -> Keyring {
    scheduled(&[('A', from_until(0, 100_000)), ('B', known_since_the_start())])
}

#[test]
fn a_key_that_has_gone_stays_gone_when_the_clock_steps_back() {
    for node in [Node::new(three()), Node::unmeasured(three())] {
        node.runs(4680);
        node.shows(5280, 600);
        assert_eq!(node.refuses_a(), None);
        node.shows(5281, 601);
        assert_eq!(node.refuses_a(), Some(Refusal::KeyNotUsable));
        for back in [5280, 50, -1, -FAR] {
            node.shows(back, 602);
            assert_eq!(node.refuses_a(), Some(Refusal::ClockSetBack), "{back}");
            assert_eq!(node.seals_under(), 'C', "{back}");
        }
        for back in LONG_AGO {
            node.hands.set((back - at(0)).whole_seconds());
            let _ = node.manager.now();
            assert!(node.refuses_a().is_some(), "{back}");
        }
        // One that has just started knows no better.
        let started = Node::new(three());
        started.shows(50, 0);
        assert_eq!(started.refuses_a(), None);
    }
}

#[test]
fn what_is_refused_for_a_clock_that_was_set_back_is_held() {
    let node = Node::new(three());
    node.runs(5000);
    node.shows(50, 601);
    assert_eq!((node.refuses_a(), Refusal::ClockSetBack.is_held()), (Some(Refusal::ClockSetBack), true));
    let now = at(50);
    let session = node.manager.load([cookie_of_a(now).as_bytes()], now);
    assert_eq!(session.update_or_default(|login| login.user = 9), Err(SessionError::Held(Refusal::ClockSetBack)));
}

#[test]
fn a_reading_far_ahead_changes_nothing_once_the_clock_is_right_again() {
    // For one reading, for a minute, and for a second less than ten.
    for lasts in [0, 60, 599] {
        let node = Node::new(two());
        node.runs(0);
        node.shows(610 + FAR, 610);
        node.shows(610 + FAR + lasts, 610 + lasts.unsigned_abs());
        assert_eq!(node.jumps(), 1, "{lasts}: told once");
        // Meanwhile nothing is sealed under the key of another year, and nothing is renewed.
        assert_eq!((node.seals_under(), node.refuses_a(), node.renews()), ('A', None, 0), "{lasts}");
        node.shows(611 + lasts, 611 + lasts.unsigned_abs());
        assert_eq!((node.seals_under(), node.refuses_a(), node.renews()), ('A', None, 1), "{lasts}");
        assert_eq!(node.jumps(), 0, "{lasts}: it is as it was");
        node.manager.check_keyring(&again(&two()), at(611)).unwrap();
    }
}

#[test]
fn a_jump_that_the_clock_keeps_to_for_ten_minutes_is_believed() {
    let node = Node::new(two());
    node.runs(0);
    // A laptop slept for thirty hours, in which the monotonic clock stood still.
    let slept = 108_000;
    for (passed, believed) in [(0, false), (300, false), (599, false), (600, true)] {
        node.shows(610 + slept + passed, 610 + passed.unsigned_abs());
        assert_eq!(node.seals_under(), if believed { 'B' } else { 'A' }, "{passed}");
    }
    assert_eq!(node.jumps(), 1);
    // And so A is gone for good.
    node.shows(1300, 1300);
    assert_eq!((node.refuses_a(), node.seals_under(), node.jumps()), (Some(Refusal::ClockSetBack), 'B', 1));
}

#[test]
fn a_jump_that_the_clock_does_not_keep_to_begins_anew() {
    let node = Node::new(two());
    node.runs(0);
    for minute in 1..30 {
        // Each minute another hour and a half ahead of the last.
        node.shows(600 + 5400 * minute, 600 + 60 * minute.unsigned_abs());
        assert_eq!(node.seals_under(), 'A', "{minute}");
    }
    assert_eq!(node.jumps(), 29);
}

#[test]
fn steps_within_the_skew_are_no_jumps() {
    let node = Node::new(two());
    node.runs(0);
    for (clock, passed) in [(670, 610), (671, 611), (612, 612), (672, 613), (900, 841)] {
        node.shows(clock, passed);
        assert_eq!((node.jumps(), node.renews()), (0, 1), "{clock}");
    }
    node.shows(1021 + 61, 962);
    assert_eq!((node.jumps(), node.renews()), (1, 0));
}

#[test]
fn the_first_reading_is_one_like_others() {
    // A service that starts with a wrong clock goes by it until that is set right.
    let node = Node::new(two());
    node.shows(FAR, 0);
    assert_eq!((node.seals_under(), node.jumps()), ('B', 0));
    node.shows(10, 10);
    assert_eq!((node.seals_under(), node.refuses_a(), node.renews(), node.jumps()), ('A', None, 1, 1));
}

#[test]
fn hours_without_a_request_are_no_jump() {
    let node = Node::new(two());
    node.runs(0);
    node.shows(90_000, 90_000);
    assert_eq!((node.jumps(), node.seals_under(), node.renews()), (0, 'A', 1));
    node.shows(200_000, 200_000);
    assert_eq!((node.jumps(), node.seals_under(), node.refuses_a()), (0, 'B', Some(Refusal::KeyNotUsable)));
}

#[test]
fn a_ring_is_judged_by_the_time_that_keys_go_by() {
    let node = Node::new(two());
    node.runs(0);
    // By a clock 400 days ahead, the next ring would end A long after its time; by the node's own time it is too early.
    let next = || scheduled(&[('B', known_since_the_start())]);
    node.shows(610 + FAR, 610);
    assert!(matches!(node.manager.replace_keyring(&next(), at(610 + FAR)), Err(RotationError::Strands { .. })));
    assert_eq!((node.seals_under(), node.refuses_a()), ('A', None));
    node.manager.replace_keyring(&again(&two()), at(610 + FAR)).unwrap();
}

#[test]
fn times_that_a_caller_brings_move_nothing() {
    let node = Node::new(three());
    node.runs(0);
    let now = at(5281);
    let session = node.manager.load([cookie_of_a(now).as_bytes()], now);
    let _ = session.refusal();
    node.shows(601, 601);
    assert_eq!(node.refuses_a(), None);
    // So do sealers and sealed values: what they are asked about the future is a question.
    let running = sealer(&three());
    let token = sealed(&sealer(&list("A")), at(50)).0;
    assert_eq!(refusal(&running, &token, at(5281)), Some(Refusal::KeyNotUsable));
    assert_eq!((sealed(&running, at(5281)).1, letter(running.primary(at(5281)))), ('C', 'C'));
    assert_eq!((refusal(&running, &token, at(50)), sealed(&running, at(50)).1), (None, 'A'));
}

#[test]
fn a_clock_set_back_is_told_once_and_the_same_key_seals_on() {
    for node in [Node::new(three()), Node::unmeasured(three())] {
        node.runs(0);
        let before = node.seals_under();
        node.told.take();
        for passed in 601..700 {
            node.shows(-7200 + i64::try_from(passed).unwrap(), passed);
            assert_eq!(node.seals_under(), before);
        }
        let lines: Vec<_> = node.told.take().into_iter().filter(|line| line.starts_with("clock_jumped")).collect();
        assert_eq!(lines.len(), 1, "{lines:?}");
    }
}

#[test]
fn a_service_that_starts_long_ago_seals_and_opens() {
    for now in LONG_AGO {
        let started = sealer(&three());
        let (token, letter) = sealed(&started, now);
        assert_eq!((letter, refusal(&started, &token, now)), ('A', None), "{now}");
        assert_eq!(sealed(&started, at(150)).1, 'B', "{now}");
    }
}

#[test]
fn a_service_in_the_year_9999_seals_and_opens() {
    let now = datetime!(9999-12-31 23:59:59 UTC);
    let (token, letter) = sealed(&sealer(&three()), now);
    assert_eq!((letter, refusal(&sealer(&three()), &token, now)), ('C', None));
}
