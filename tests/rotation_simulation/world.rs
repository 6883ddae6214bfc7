//! Everything that happens, in the order of real time, which is counted in milliseconds.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
    rc::Rc,
};

use hardtack::{KeyId, Keyring, Scratch};

use crate::rotation_simulation::{
    DELAY, NODES, SKEW,
    node::{Cookie, Node},
    operator::{Operator, Rules},
    random::Random,
    tally::Tally,
    traffic::{LATE, SESSIONS, STORMS},
};

/// 2027-01-15 08:00:00.123 UTC.
const START: u64 = 1_800_000_000_123;

/// What happens at one moment. What reaches a node does so before anybody asks something of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Happening {
    /// A ring reaches a node.
    Ring { node: usize, version: usize },
    /// A cut-off reaches a node.
    CutOff { node: usize, cut_off: u64 },
    /// The operator does something.
    Step,
    /// One node logs everybody out.
    EndAll,
    /// It does so as often as it is allowed, just before another key seals everywhere.
    Storm { node: usize },
    /// Sessions begin on this node, and go to others at once.
    Probe { node: usize },
    /// A session comes to this node.
    Visit { node: usize, session: usize },
    /// A session comes to this node, and to none after it.
    LastVisit { node: usize, session: usize },
}

pub(crate) struct World {
    pub(crate) random: Random,
    pub(crate) nodes: Vec<Node>,
    pub(crate) operator: Operator,
    rules: Rules,
    /// Every ring so far.
    rings: Vec<Rc<Keyring>>,
    /// Until when nodes may not know a key that seals.
    pub(crate) at_once: BTreeMap<KeyId, u64>,
    /// Which nodes heard last of the latest ring.
    pub(crate) last_to_hear: Vec<usize>,
    pub(crate) sessions: Vec<Cookie>,
    agenda: BinaryHeap<Reverse<(u64, Happening)>>,
    /// Switches from one key to another that are on the agenda.
    switches: BTreeSet<u64>,
    pub(crate) scratch: [Scratch; 2],
    pub(crate) tally: Tally,
}

impl World {
    pub(crate) fn new(rules: Rules, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let operator = Operator::new(rules, START);
        let ring = Rc::new(operator.ring());
        // The first two have the clocks that differ most.
        let ahead = |node| match node {
            0 => 0,
            1 => SKEW * 1000,
            _ => random.up_to(SKEW * 1000),
        };
        let nodes: Vec<_> = (0..NODES).map(ahead).map(|ahead| Node::new(&ring, ahead)).collect();
        let mut scratch = [Scratch::new(), Scratch::new()];
        let sessions = (0..SESSIONS + LATE * STORMS)
            .map(|index| nodes[index % NODES].begin(false, START, &mut scratch[0]))
            .collect();
        let mut world = Self {
            random,
            nodes,
            operator,
            rules,
            rings: vec![ring],
            at_once: BTreeMap::new(),
            last_to_hear: Vec::new(),
            sessions,
            agenda: BinaryHeap::new(),
            switches: BTreeSet::new(),
            scratch,
            tally: Tally::default(),
        };
        (0..SESSIONS).for_each(|session| world.plan_visit(session, START));
        world.plan(START + 1, Happening::Step);
        world.plan(START + 500_000, Happening::EndAll);
        world
    }

    /// Goes on until so many cookies were sealed.
    pub(crate) fn run(mut self, cookies: u64) -> Tally {
        while self.tally.sealed < cookies {
            let Reverse((real, happening)) = self.agenda.pop().unwrap();
            self.happen(happening, real);
        }
        self.tally
    }

    pub(crate) fn plan(&mut self, real: u64, happening: Happening) {
        self.agenda.push(Reverse((real, happening)));
    }

    fn happen(&mut self, happening: Happening, real: u64) {
        match happening {
            Happening::Ring { node, version } => self.give_ring(node, version, real),
            Happening::CutOff { node, cut_off } => {
                if !self.nodes[node].hear_of(cut_off, real) {
                    self.plan(real + 1000, happening);
                }
            }
            Happening::Step => self.step(real),
            Happening::EndAll => self.end_all(real),
            Happening::Storm { node } => self.storm(node, real),
            Happening::Probe { node } => self.probe(node, real),
            Happening::Visit { node, session } => self.visit(node, session, real),
            Happening::LastVisit { node, session } => {
                self.open(node, session, false, real);
            }
        }
    }

    fn give_ring(&mut self, node: usize, version: usize, real: u64) {
        let (ring, node) = (&self.rings[version], &mut self.nodes[node]);
        // A ring that comes too late is not taken.
        if version <= node.version {
            return;
        }
        node.version = version;
        if self.rules.kept() {
            if let Err(error) = node.replace(ring, real) {
                self.tally.rings_refused += 1;
                println!("a node refused a ring: {error}");
                node.force(ring);
            }
        } else {
            node.force(ring);
        }
    }

    /// The operator acts by some clock of the deployment, and the ring that comes out goes to every node.
    fn step(&mut self, real: u64) {
        let again = real + 1000 + self.random.below(120_000);
        self.plan(again, Happening::Step);
        let now = real + self.random.up_to(SKEW * 1000);
        if !self.operator.step(now, &mut self.random, &mut self.tally) {
            return;
        }
        self.at_once.extend(self.operator.at_once.map(|key| (key, real + DELAY * 1000)));
        self.rings.push(Rc::new(self.operator.ring()));
        let version = self.rings.len() - 1;
        self.last_to_hear.clear();
        for node in 0..NODES {
            let delay = self.random.up_to(DELAY * 1000);
            if delay == DELAY * 1000 {
                self.last_to_hear.push(node);
            }
            self.plan(real + delay, Happening::Ring { node, version });
        }
        self.plan_probes(real);
    }

    /// Around the moment when another key begins to seal, on the first node that knows it and on the last that does not.
    fn plan_probes(&mut self, real: u64) {
        for seconds in self.operator.seals_from() {
            let (first, last) = (self.nodes[1].real(seconds), self.nodes[0].real(seconds));
            if first <= real || !self.switches.insert(seconds) {
                continue;
            }
            for early in [0, 1, 500, 999, 1000, 1001, 2000] {
                self.plan(first - early, Happening::Probe { node: 1 });
                self.plan(last - early, Happening::Probe { node: 0 });
            }
            if self.random.once_in(8) {
                self.plan(last - 600, Happening::Storm { node: 1 });
            }
        }
    }

    fn end_all(&mut self, real: u64) {
        self.tally.cut_offs += 1;
        let again = real + 300_000 + self.random.below(3_000_000);
        self.plan(again, Happening::EndAll);
        let node = self.random.pick(NODES);
        if let Some(cut_off) = self.nodes[node].end_all(real) {
            for node in 0..NODES {
                let delay = self.random.up_to(DELAY * 1000);
                self.plan(real + delay, Happening::CutOff { node, cut_off });
            }
        }
    }
}
