//! In which order things happen: all orders one after the other, or some at random.

/// Chooses who goes next.
pub(crate) trait Order {
    /// One of so many.
    fn choose(&mut self, count: usize) -> usize;
}

/// Every order once: depth first, by what was chosen and out of how many.
#[derive(Default)]
pub(crate) struct Exhaustive {
    chosen: Vec<(usize, usize)>,
    at: usize,
}

impl Exhaustive {
    /// On to the next order, if there is one.
    pub(crate) fn next(&mut self) -> bool {
        self.at = 0;
        while let Some((choice, count)) = self.chosen.pop() {
            if choice + 1 < count {
                self.chosen.push((choice + 1, count));
                return true;
            }
        }
        false
    }
}

impl Order for Exhaustive {
    fn choose(&mut self, count: usize) -> usize {
        if self.at == self.chosen.len() {
            self.chosen.push((0, count));
        }
        let (choice, before) = self.chosen[self.at];
        assert_eq!(before, count, "the same choices lead to the same place");
        self.at += 1;
        choice
    }
}

/// Orders at random, by xorshift64*.
pub(crate) struct Random {
    state: u64,
    order: Vec<u8>,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, order: Vec::new() }
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let drawn = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % count
    }

    pub(crate) fn begin(&mut self) {
        self.order.clear();
    }

    /// What was chosen since.
    pub(crate) fn order(&self) -> &[u8] {
        &self.order
    }
}

impl Order for Random {
    fn choose(&mut self, count: usize) -> usize {
        let choice = self.below(count);
        self.order.push(u8::try_from(choice).unwrap());
        choice
    }
}
