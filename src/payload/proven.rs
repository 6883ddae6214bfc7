//! Layouts whose values came back as they were written, so that the next value of such a layout need not be read back.

use core::{
    array,
    sync::atomic::{AtomicU64, Ordering},
};

/// How many shelves there are; a power of two.
const SHELVES: usize = 16;

/// The layouts of one type that are proven in this process: 64 at the most. Each has its shelf, and a layout that finds its shelf full
/// takes the place of another. So a type with endless layouts takes no more room, and its values are read back more often.
pub(crate) struct Proven {
    shelves: [[AtomicU64; 4]; SHELVES],
}

/// What no layout is remembered as.
const NOTHING: u64 = 0;

impl Proven {
    pub(crate) fn new() -> Self {
        Self { shelves: array::from_fn(|_| array::from_fn(|_| AtomicU64::new(NOTHING))) }
    }

    // Each place is complete in itself, so no order among them is needed.
    pub(super) fn has(&self, state: u64) -> bool {
        state != NOTHING && self.shelf(state).iter().any(|place| place.load(Ordering::Relaxed) == state)
    }

    pub(super) fn add(&self, state: u64) {
        let [first, second, third, fourth] = self.shelf(state);
        let is_free = |place: &&AtomicU64| place.load(Ordering::Relaxed) == NOTHING;
        let taken = match state & 3 {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        };
        let place = [first, second, third, fourth].into_iter().find(is_free).unwrap_or(taken);
        place.store(state, Ordering::Relaxed);
    }

    /// By the top bits, which every word of a layout changes.
    fn shelf(&self, state: u64) -> &[AtomicU64; 4] {
        let top = state.wrapping_shr(u64::BITS.wrapping_sub(SHELVES.trailing_zeros()));
        let [first, ..] = &self.shelves;
        usize::try_from(top).ok().and_then(|top| self.shelves.get(top)).unwrap_or(first)
    }
}
