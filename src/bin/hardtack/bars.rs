//! Keys' lives as bars of characters, on one axis of time.

/// With a key's id and its state on a line of 80 columns.
pub(crate) const WIDTH: u16 = 58;

/// A stretch of time, in unix seconds, and how it is drawn.
pub(crate) struct Phase {
    pub(crate) from: u64,
    pub(crate) until: u64,
    pub(crate) mark: char,
}

/// From when to when is drawn, in unix seconds.
pub(crate) struct Axis {
    start: u64,
    end: u64,
}

impl Axis {
    /// An axis for all these times. Without one, it is of a moment in 1970.
    pub(crate) fn over(times: impl Iterator<Item = u64> + Clone) -> Self {
        let start = times.clone().min().unwrap_or(0);
        Self { start, end: times.max().unwrap_or(0).max(start.saturating_add(1)) }
    }

    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// The column of a time; the first or the last one, if it lies beyond.
    pub(crate) fn column(&self, at: u64) -> usize {
        let length = u128::from(self.end.saturating_sub(self.start)).max(1);
        let passed = u128::from(at.clamp(self.start, self.end).saturating_sub(self.start));
        let column = passed.saturating_mul(u128::from(WIDTH)).checked_div(length).unwrap_or(0);
        usize::try_from(column).unwrap_or(0).min(usize::from(WIDTH))
    }

    /// The phases as a bar; what is short still has a column of its own, and of two on one column the later is seen.
    pub(crate) fn bar(&self, phases: &[Phase]) -> String {
        let mut bar = vec![' '; usize::from(WIDTH)];
        for phase in phases.iter().filter(|phase| phase.from < phase.until) {
            let first = self.column(phase.from).min(usize::from(WIDTH).saturating_sub(1));
            let columns = self.column(phase.until).saturating_sub(first).max(1);
            bar.iter_mut().skip(first).take(columns).for_each(|place| *place = phase.mark);
        }
        bar.into_iter().collect()
    }
}
