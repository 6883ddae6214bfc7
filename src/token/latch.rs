//! The time that keys go by: it never goes back, and no single reading carries it far ahead.
//!
//! A clock may show a wrong time for a moment. Whatever was believed then would stay so, since a key that has gone is not to come
//! back. So a reading that jumps, further than clocks may differ, is believed only once the clock has kept to it for ten minutes,
//! as a monotonic clock measures them. docs/KEYS.md has the table.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use time::OffsetDateTime;

use crate::clock::{Clock, unix_seconds};

/// Seconds that the clock has to keep to a jump.
const KEPT_FOR: u64 = 600;

/// The time that keys go by.
pub(super) struct Latch {
    clock: Clock,
    /// How far clocks may differ, in seconds.
    skew: u64,
    /// The latest time that is believed, in unix seconds; 0 before there is one.
    latest: AtomicU64,
    /// The last reading that was as expected: others in the same second need no lock.
    expected: AtomicU64,
    marks: Mutex<Marks>,
}

#[derive(Default)]
struct Marks {
    /// The latest time that is believed.
    believed: Option<Mark>,
    /// Where the clock has jumped to, or has begun.
    jumped: Option<Mark>,
}

/// A reading, and what the monotonic clock showed with it; both in seconds.
#[derive(Clone, Copy)]
struct Mark {
    reading: u64,
    passed: u64,
}

/// A time for keys.
#[derive(Clone, Copy)]
pub(super) struct KeyTime {
    /// Unix seconds.
    pub(super) now: u64,
    /// The clock shows one far ahead of it, for less than ten minutes as yet.
    pub(super) in_doubt: bool,
}

impl Mark {
    /// The time that a clock shows which keeps to this.
    fn at(self, passed: u64) -> u64 {
        self.reading.saturating_add(passed.saturating_sub(self.passed))
    }
}

impl Latch {
    pub(super) fn new(clock: Clock, skew: u64) -> Self {
        let (latest, expected) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { clock, skew, latest, expected, marks: Mutex::default() }
    }

    /// Reads the clock. With it, by how many seconds it has jumped, where it just did.
    pub(super) fn read(&self) -> (OffsetDateTime, Option<i64>) {
        let now = self.clock.now();
        let reading = unix_seconds(now);
        if reading == self.expected.load(Ordering::Relaxed) {
            return (now, None);
        }
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let jump = match self.clock.elapsed() {
            Some(passed) => self.take(&mut marks, Mark { reading, passed }),
            None => self.take_unmeasured(&mut marks, reading),
        };
        (now, jump)
    }

    /// The time for keys where the clock shows this one.
    pub(super) fn at(&self, reading: u64) -> KeyTime {
        let latest = self.latest.load(Ordering::Relaxed);
        let certain = KeyTime { now: reading.max(latest), in_doubt: false };
        if reading <= latest || latest == 0 {
            return certain;
        }
        let believed = self.marks.lock().unwrap_or_else(PoisonError::into_inner).believed;
        match believed.zip(self.clock.elapsed()) {
            Some((believed, passed)) if self.is_ahead(reading, believed.at(passed)) => {
                KeyTime { now: believed.at(passed), in_doubt: true }
            }
            _ => certain,
        }
    }

    /// The time for keys for whoever brings a time of their own, which may lie in the future.
    pub(super) fn at_given(&self, time: u64) -> u64 {
        time.max(self.latest.load(Ordering::Relaxed))
    }

    fn take(&self, marks: &mut Marks, mark: Mark) -> Option<i64> {
        let Mark { reading, passed } = mark;
        let kept = marks.jumped.filter(|jumped| self.is_near(reading, jumped.at(passed)));
        let kept_long = kept.is_some_and(|since| passed.saturating_sub(since.passed) >= KEPT_FOR);
        match (marks.believed, marks.jumped) {
            (Some(believed), _) if self.is_near(reading, believed.at(passed)) => {
                marks.jumped = None;
                if reading >= believed.reading {
                    self.believe(marks, mark);
                }
                None
            }
            // What is behind is never believed.
            (Some(believed), _) if kept_long && reading > believed.reading => {
                self.believe(marks, mark);
                None
            }
            (None, _) if kept_long => {
                self.believe(marks, mark);
                None
            }
            _ if kept.is_some() => None,
            (None, None) => {
                marks.jumped = Some(mark);
                None
            }
            (believed, jumped) => {
                marks.jumped = Some(mark);
                let expected = believed.or(jumped).map_or(reading, |mark| mark.at(passed));
                Some(reading.cast_signed().saturating_sub(expected.cast_signed()))
            }
        }
    }

    /// Where nothing measures how much time passes, the clock is believed, and only that it went back shows.
    fn take_unmeasured(&self, marks: &mut Marks, reading: u64) -> Option<i64> {
        let mark = Mark { reading, passed: 0 };
        let believed = marks.believed.map_or(0, |believed| believed.reading);
        if reading >= believed {
            self.believe(marks, mark);
            return None;
        }
        if self.is_near(reading, believed) || marks.jumped.is_some() {
            return None;
        }
        marks.jumped = Some(mark);
        Some(reading.cast_signed().saturating_sub(believed.cast_signed()))
    }

    fn believe(&self, marks: &mut Marks, mark: Mark) {
        *marks = Marks { believed: Some(mark), jumped: None };
        self.latest.store(mark.reading, Ordering::Relaxed);
        self.expected.store(mark.reading, Ordering::Relaxed);
    }

    fn is_near(&self, reading: u64, expected: u64) -> bool {
        reading.abs_diff(expected) <= self.skew
    }

    fn is_ahead(&self, reading: u64, expected: u64) -> bool {
        reading > expected.saturating_add(self.skew)
    }
}
