//! Contenders side by side: every round runs each of them once, in a new order, so that a machine that slows down slows all
//! of them down. What counts are the ratios, each formed within its round.

mod allocations;
mod rounds;
mod table;

use std::{env, hint::black_box, time::Duration};

pub(crate) use allocations::{Allocations, Counting};
pub(crate) use rounds::measure;
pub(crate) use table::print;

/// An operation under a name.
pub(crate) struct Contender<'a> {
    name: &'static str,
    run: Box<dyn FnMut(u32) + 'a>,
}

impl<'a> Contender<'a> {
    /// An operation that runs many times in a row, and whose result counts as used.
    pub(crate) fn new<R>(name: &'static str, mut operation: impl FnMut() -> R + 'a) -> Self {
        let run = move |times: u32| (0..times).for_each(|_| drop(black_box(operation())));
        Self { name, run: Box::new(run) }
    }
}

/// What a contender came to. The first of a group is its baseline.
pub(crate) struct Measured {
    name: &'static str,
    /// The median of the rounds, for one operation.
    nanoseconds: f64,
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
            Self { rounds: 60, round: Duration::from_millis(5) }
        }
    }
}
