//! The sessions: they begin somewhere, come back somewhere else, and are held against their lifetime there.

use hardtack::{Refusal, TokenHeader};

use crate::rotation_simulation::{
    NODES,
    world::{Happening, World},
};

/// Sessions at a time that come and go.
pub(crate) const SESSIONS: usize = 1500;
/// Beside them, those that begin in a storm of cut-offs: so many each time, and room for so many storms.
pub(crate) const LATE: usize = 8;
pub(crate) const STORMS: usize = 16;

impl World {
    /// Cut-offs as fast as they are allowed. Each reaches the other nodes at once, and they take what is not too far ahead.
    pub(crate) fn storm(&mut self, node: usize, real: u64) {
        self.tally.storms += 1;
        while let Some(cut_off) = self.nodes[node].end_all(real) {
            for other in (0..NODES).filter(|other| *other != node) {
                if !self.nodes[other].hear_of(cut_off, real) {
                    self.plan(real + 1000, Happening::CutOff { node: other, cut_off });
                }
            }
        }
        // Sessions that begin on this node go to the slowest, which renews them under the old key, and come back at their end.
        let storm = usize::try_from(self.tally.storms).unwrap() % STORMS;
        for session in (SESSIONS + storm * LATE..).take(LATE) {
            self.begin(node, true, session, real);
            self.open(0, session, true, real);
            let last = self.random.pick(NODES);
            let end = self.nodes[last].real(self.sessions[session].times.end());
            self.plan(end - 1, Happening::LastVisit { node: last, session });
        }
    }

    pub(crate) fn probe(&mut self, node: usize, real: u64) {
        for _ in 0..8 {
            let (session, remembered) = (self.random.pick(SESSIONS), self.random.once_in(2));
            self.begin(node, remembered, session, real);
            let other = match self.random.pick(self.last_to_hear.len() + 1) {
                0 => self.random.pick(NODES),
                index => self.last_to_hear[index - 1],
            };
            self.open(other, session, false, real);
        }
    }

    fn begin(&mut self, node: usize, remembered: bool, session: usize, real: u64) {
        self.sessions[session] = self.nodes[node].begin(remembered, real, &mut self.scratch[0]);
        self.tally.sealed += 1;
    }

    /// A session comes to a node, and then to another; one that is over begins anew.
    pub(crate) fn visit(&mut self, node: usize, session: usize, real: u64) {
        let renew = self.random.once_in(2);
        if !self.open(node, session, renew, real) || self.random.once_in(16) {
            let remembered = self.random.once_in(2);
            self.begin(node, remembered, session, real);
        }
        self.plan_visit(session, real);
    }

    /// Whether it opened.
    pub(crate) fn open(&mut self, node: usize, session: usize, renew: bool, real: u64) -> bool {
        let (cookie, node) = (&self.sessions[session], &self.nodes[node]);
        let may_open = node.may_open(cookie, real);
        match node.visit(cookie, renew, real, &mut self.scratch) {
            Ok(next) => {
                assert!(may_open, "opened after its time");
                self.tally.opened += 1;
                self.tally.sealed += u64::from(next.token != cookie.token);
                self.sessions[session] = next;
                true
            }
            Err(refusal) => {
                let key = TokenHeader::read(&cookie.token).unwrap().key_id();
                let waits = self.at_once.get(&key).is_some_and(|until| real <= *until);
                let count = match refusal {
                    _ if !may_open => &mut self.tally.over,
                    _ if self.operator.revoked.contains(&key) => &mut self.tally.ended,
                    Refusal::UnknownKey if waits => &mut self.tally.waiting,
                    _ => &mut self.tally.lost,
                };
                *count += 1;
                false
            }
        }
    }

    /// Often at once, and often in the last millisecond.
    pub(crate) fn plan_visit(&mut self, session: usize, real: u64) {
        let node = self.random.pick(NODES);
        let last = self.nodes[node].real(self.sessions[session].times.end()).saturating_sub(1);
        let left = last.saturating_sub(real);
        let wait = match self.random.below(8) {
            0 => 0,
            1 | 2 => left,
            _ => self.random.below(left + 1),
        };
        self.plan(real + wait, Happening::Visit { node, session });
    }
}
