//! Contenders side by side: every round runs each of them once, in a new order, so that a machine that slows down slows all
//! of them down. What counts are the ratios, each formed within its round.

mod allocations;
mod report;
mod rounds;

use std::{
    env,
    hint::black_box,
    time::{Duration, Instant},
};

pub(crate) use allocations::{Allocations, Counting};
pub(crate) use report::{Column, Report};
use rounds::measure;

/// An operation under a name.
pub(crate) struct Contender<'a> {
    name: &'static str,
    run: Box<dyn FnMut(u32) -> Duration + 'a>,
    allocates: Option<u64>,
}

impl<'a> Contender<'a> {
    /// An operation that runs many times in a row, and whose result counts as used.
    pub(crate) fn new<R>(name: &'static str, mut operation: impl FnMut() -> R + 'a) -> Self {
        Self::timed(name, move |times| {
            let start = Instant::now();
            (0..times).for_each(|_| drop(black_box(operation())));
            start.elapsed()
        })
    }

    /// An operation that does itself so many times, and says how long that took.
    pub(crate) fn timed(name: &'static str, run: impl FnMut(u32) -> Duration + 'a) -> Self {
        Self { name, run: Box::new(run), allocates: None }
    }

    /// Holds the operation to so many allocations, no more and no fewer.
    pub(crate) fn allocating(self, calls: u64) -> Self {
        Self { allocates: Some(calls), ..self }
    }
}

/// What a contender came to. The first of a group is its baseline.
pub(crate) struct Measured {
    name: &'static str,
    /// Nanoseconds for one operation, by round.
    rounds: Vec<f64>,
    /// The median of the rounds' ratios to the baseline.
    ratio: f64,
    /// Of one operation.
    allocations: Allocations,
}

/// How long to measure.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    rounds: usize,
    round: Duration,
}

impl Effort {
    /// From the command line: `--quick` shows that everything runs, but no figures to rely on.
    pub(crate) fn from_arguments() -> Self {
        if env::args().any(|argument| argument == "--quick") {
            Self { rounds: 5, round: Duration::from_micros(200) }
        } else {
            Self { rounds: 240, round: Duration::from_millis(1) }
        }
    }
}
