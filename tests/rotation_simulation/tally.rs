//! What a run came to.

use core::{fmt, ops::Add};

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Cookies sealed, and how often one was opened.
    pub(crate) sealed: u64,
    pub(crate) opened: u64,
    /// Cookies that were refused within their lifetime.
    pub(crate) lost: u64,
    /// Cookies that were refused, and had to be: after their lifetime, and under a key that was revoked.
    pub(crate) over: u64,
    pub(crate) ended: u64,
    /// Cookies under a key that had to seal at once, on nodes that had not heard of it.
    pub(crate) waiting: u64,
    pub(crate) rotated: u64,
    pub(crate) promoted: u64,
    pub(crate) withdrawn: u64,
    pub(crate) pruned: u64,
    /// Keys revoked, and how often another had to seal at once.
    pub(crate) revoked: u64,
    pub(crate) at_once: u64,
    /// Steps that the operator asked for and that were refused.
    pub(crate) not_now: u64,
    /// Rings that a node was given and refused.
    pub(crate) rings_refused: u64,
    pub(crate) cut_offs: u64,
    /// Series of cut-offs, as fast as they are allowed.
    pub(crate) storms: u64,
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            sealed: self.sealed + other.sealed,
            opened: self.opened + other.opened,
            lost: self.lost + other.lost,
            over: self.over + other.over,
            ended: self.ended + other.ended,
            waiting: self.waiting + other.waiting,
            rotated: self.rotated + other.rotated,
            promoted: self.promoted + other.promoted,
            withdrawn: self.withdrawn + other.withdrawn,
            pruned: self.pruned + other.pruned,
            revoked: self.revoked + other.revoked,
            at_once: self.at_once + other.at_once,
            not_now: self.not_now + other.not_now,
            rings_refused: self.rings_refused + other.rings_refused,
            cut_offs: self.cut_offs + other.cut_offs,
            storms: self.storms + other.storms,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sealed, opened, lost, over, ended, waiting, .. } = self;
        let Self { rotated, promoted, withdrawn, pruned, revoked, at_once, .. } = self;
        let Self { not_now, rings_refused, cut_offs, storms, .. } = self;
        write!(
            f,
            "{lost} refused within their lifetime, of {sealed} cookies opened {opened} times ({over} refused after it, {ended} \
             under revoked keys, {waiting} for the time being); {rotated} rotations, {promoted} promotions, {withdrawn} \
             withdrawals, {pruned} prunings, {revoked} revocations, {at_once} with a key that seals at once, {not_now} steps \
             not allowed, {rings_refused} rings refused, {cut_offs} cut-offs, {storms} series of them"
        )
    }
}
