//! What a cookie's times are, by docs/FORMAT.md and not by the crate: sections 2 and 5.

use crate::rotation_simulation::{REMEMBERED, SKEW, TIMEOUTS};

/// The times of a token, in unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) remembered: bool,
    pub(crate) created_at: u64,
    pub(crate) ends_at: u64,
    pub(crate) issued_at: u64,
    pub(crate) expires_at: u64,
}

impl Times {
    /// Of a session that begins now.
    pub(crate) fn begun(remembered: bool, now: u64, cut_off: u64) -> Self {
        let [idle, absolute] = timeouts(remembered);
        let created_at = now.max(cut_off);
        let ends_at = created_at + absolute;
        Self { remembered, created_at, ends_at, issued_at: created_at, expires_at: created_at + idle.min(absolute) }
    }

    /// Of a session that is renewed now; `None` if it is over.
    pub(crate) fn renewed(self, now: u64) -> Option<Self> {
        let [idle, _] = timeouts(self.remembered);
        let issued_at = now.max(self.issued_at);
        let expires_at = self.ends_at.min(issued_at + idle);
        (expires_at > issued_at).then_some(Self { issued_at, expires_at, ..self })
    }

    /// Whether it is within its lifetime: steps 7 to 9, on a node with this clock and this cut-off.
    pub(crate) fn live(&self, now: u64, cut_off: u64) -> bool {
        let come = self.issued_at <= now.max(cut_off) + SKEW;
        come && now < self.end() && self.created_at >= cut_off
    }

    /// From when on it is over.
    pub(crate) fn end(&self) -> u64 {
        self.expires_at.min(self.ends_at)
    }
}

fn timeouts(remembered: bool) -> [u64; 2] {
    if remembered { REMEMBERED } else { TIMEOUTS }
}
