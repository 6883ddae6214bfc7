//! A limit by the minute, without a lock.

use core::sync::atomic::{AtomicU64, Ordering};

/// Where the minute stands in the number that counts.
const MINUTE: u32 = 32;

/// Counts what happens in a minute: the minute, and in the lower half how often.
#[derive(Debug, Default)]
pub(super) struct PerMinute(AtomicU64);

/// What becomes of one that happens.
pub(super) struct Admission {
    /// It is within the limit.
    pub(super) admitted: bool,
    /// How many were beyond the limit in the minute that this one ends.
    pub(super) left_out: u64,
}

impl PerMinute {
    /// Counts one at this time, in unix seconds; `most` are admitted in a minute.
    pub(super) fn count(&self, now: u64, most: u64) -> Admission {
        let minute = now.div_euclid(60);
        let next = |counted| {
            let (of, count) = split(counted);
            let count = if of == minute { count.saturating_add(1).min(u32::MAX.into()) } else { 1 };
            Some((minute << MINUTE) | count)
        };
        // It never declines, so what stood there before is in both.
        let (Ok(before) | Err(before)) = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        let (of, count) = split(before);
        if of == minute {
            Admission { admitted: count < most, left_out: 0 }
        } else {
            Admission { admitted: true, left_out: count.saturating_sub(most) }
        }
    }
}

/// The minute, and how often in it.
fn split(counted: u64) -> (u64, u64) {
    (counted >> MINUTE, counted & u64::from(u32::MAX))
}
