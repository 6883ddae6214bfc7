//! The measuring: how often to run in a round, in which order, and what to make of the times.

use std::time::Duration;

use super::{Allocations, Contender, Effort, Measured};

/// Runs a group. The first contender is the baseline of the others.
pub(crate) fn measure(effort: Effort, mut contenders: Vec<Contender<'_>>) -> Vec<Measured> {
    let allocations: Vec<_> = contenders.iter_mut().map(allocations_of_one).collect();
    let times: Vec<_> = contenders.iter_mut().map(|contender| times_in(effort.round, contender)).collect();
    let mut order: Vec<_> = (0..contenders.len()).collect();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut rounds = vec![Vec::with_capacity(effort.rounds); contenders.len()];
    for _ in 0..effort.rounds {
        dice.shuffle(&mut order);
        for &index in &order {
            let taken = (contenders[index].run)(times[index]);
            rounds[index].push(taken.as_secs_f64() * 1e9 / f64::from(times[index]));
        }
    }
    let baseline = rounds[0].clone();
    let ratio = |of: &[f64]| median(of.iter().zip(&baseline).map(|(own, baseline)| own / baseline).collect());
    let names = contenders.iter().map(|contender| contender.name);
    names
        .zip(rounds)
        .zip(allocations)
        .map(|((name, rounds), allocations)| Measured { name, ratio: ratio(&rounds), rounds, allocations })
        .collect()
}

/// Of an operation that ran before, so that what is kept between operations is there.
fn allocations_of_one(contender: &mut Contender<'_>) -> Allocations {
    let _ = (contender.run)(3);
    let allocations = Allocations::of(|| {
        let _ = (contender.run)(1);
    });
    if let Some(expected) = contender.allocates {
        assert_eq!(allocations.calls, expected, "allocations of {}", contender.name);
    }
    allocations
}

/// How often the operation runs in a round of this length.
fn times_in(round: Duration, contender: &mut Contender<'_>) -> u32 {
    let mut times = 1;
    while (contender.run)(times) < round && times < 1 << 24 {
        times *= 2;
    }
    times
}

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Xorshift: orders need no better randomness, and the same ones each time.
struct Dice(u64);

impl Dice {
    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            order.swap(last, self.below(last + 1));
        }
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}
