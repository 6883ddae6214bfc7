//! Sequences of requests: a browser and a thief, two nodes with clocks and rings of their own, hooks, and time that passes, against a
//! [`model`] that shares no code with the crate.

mod model;
mod world;

use model::{Expect, Model, Token};
use world::{Answer, NODES, Task, Verb, World};

/// Acts in one sequence, at most. Each takes two bytes.
const LONGEST: usize = 64;
/// Copies that the thief keeps, at most.
const COPIES: usize = 4;

/// What somebody holds: places among the model's tokens.
#[derive(Default)]
struct Held {
    browser: Option<usize>,
    thief: Vec<usize>,
}

/// Runs a sequence of acts. How many requests were answered, and how many of them showed a session.
///
/// # Panics
/// If an answer is one that the model does not allow.
#[must_use]
pub fn run(data: &[u8]) -> (usize, usize) {
    let mut run = Run { world: World::new(), model: Model::default(), held: Held::default(), requests: 0, opened: 0 };
    for act in data.chunks_exact(2).take(LONGEST) {
        run.act(act[0], act[1]);
    }
    (run.requests, run.opened)
}

struct Run {
    world: World,
    model: Model,
    held: Held,
    requests: usize,
    opened: usize,
}

impl Run {
    fn act(&mut self, kind: u8, operand: u8) {
        self.world.next_act();
        let node = usize::from(operand) % NODES;
        let copy = usize::from(operand >> 1);
        match kind % 20 {
            0 | 1 => self.browser(node, Verb::Login),
            2..=4 => self.browser(node, Verb::Use),
            5 => self.browser(node, Verb::Update),
            6 => self.browser(node, Verb::Cycle),
            7 => self.browser(node, Verb::Reauthenticate),
            8 => self.browser(node, Verb::Logout),
            9 => self.steal(),
            10 => self.thief(node, copy, Verb::Use),
            11 => self.thief(node, copy, Verb::Update),
            12 => self.thief(node, copy, Verb::Cycle),
            13 => self.tamper(node, copy),
            14 => self.world.pass(i64::from(operand) * 20),
            15 => self.world.pass(i64::from(operand) * 900),
            16 => {
                self.world.revoke();
                self.model.revoke(self.world.moment(node));
            }
            17 => self.world.hooks_fail_once(),
            18 => self.world.next_ring(node),
            _ => self.world.set_skew(node, i64::from(operand >> 1) % 61 - 30),
        }
    }

    fn browser(&mut self, node: usize, verb: Verb) {
        let carried = self.held.browser;
        let (answer, made) = self.request(node, verb, carried);
        if made.is_some() || answer.removes {
            self.held.browser = made;
        }
    }

    fn steal(&mut self) {
        if let Some(token) = self.held.browser {
            if self.held.thief.len() == COPIES {
                self.held.thief.remove(0);
            }
            self.held.thief.push(token);
        }
    }

    fn thief(&mut self, node: usize, copy: usize, verb: Verb) {
        if self.held.thief.is_empty() {
            return;
        }
        let place = copy % self.held.thief.len();
        let carried = self.held.thief[place];
        // The copy is kept beside what became of it: thieves forget nothing.
        if let (_, Some(made)) = self.request(node, verb, Some(carried)) {
            if self.held.thief.len() == COPIES {
                self.held.thief.remove(0);
            }
            self.held.thief.push(made);
        }
    }

    /// A character of the browser's cookie is another: there is no session, and nothing is written.
    fn tamper(&mut self, node: usize, place: usize) {
        let Some(token) = self.held.browser else { return };
        let cookie = &self.model.tokens[token].cookie;
        let start = cookie.find('=').unwrap() + 1;
        let place = start + place % (cookie.len() - start);
        let mut altered = cookie.clone().into_bytes();
        altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
        let answer = self.world.send(node, Task { verb: Verb::Update, number: 0 }, str::from_utf8(&altered).ok());
        assert!(
            answer.shown.is_none() && answer.set.is_none() && !answer.removes,
            "a cookie that was altered: {answer:?}"
        );
        assert_ne!(answer.status, 200, "a cookie that was altered was written to");
    }

    /// One request, and the model's judgement of its answer. The token that it made, if it made one.
    fn request(&mut self, node: usize, verb: Verb, carried: Option<usize>) -> (Answer, Option<usize>) {
        let moment = self.world.moment(node);
        let expected = carried.map_or(Expect::Refused, |token| self.model.expect(token, moment));
        let number = u8::try_from(self.requests % 251).unwrap() + 1;
        let cookie = carried.map(|token| self.model.tokens[token].cookie.clone());
        let answer = self.world.send(node, Task { verb, number }, cookie.as_deref());
        self.requests += 1;
        self.opened += usize::from(answer.shown.is_some());
        let story =
            || format!("{verb:?} with {:?}: {expected:?}, {answer:?}", carried.map(|token| &self.model.tokens[token]));
        match (expected, &answer.shown) {
            (Expect::Opens, None) if !self.world.has_failed() => panic!("refused without a reason: {}", story()),
            (Expect::Refused, Some(_)) => panic!("opened: {}", story()),
            _ => {}
        }
        if let (Some(token), Some(shown)) = (carried, &answer.shown) {
            let token = &self.model.tokens[token];
            assert_eq!(shown.written_by, token.written_by, "another's data: {}", story());
            assert!(token.created.contains(&shown.created), "another beginning: {}", story());
        }
        let made = self.made(verb, number, carried, node, &answer);
        (answer, made)
    }

    /// Takes note of what was sent.
    fn made(&mut self, verb: Verb, number: u8, carried: Option<usize>, node: usize, answer: &Answer) -> Option<usize> {
        let moment = self.world.moment(node);
        let opened = answer.shown.is_some();
        let before = carried.map(|token| self.model.tokens[token].clone());
        let done = answer.status == 200;
        match verb {
            Verb::Login => assert!(!done || answer.set.is_some(), "a login without a cookie: {answer:?}"),
            Verb::Logout => {
                assert!(answer.set.is_none() && (!done || !opened || answer.removes), "a logout: {answer:?}");
            }
            _ => assert!(!answer.removes, "{verb:?} removed the cookie: {answer:?}"),
        }
        if let (Verb::Login | Verb::Logout, Some(before)) = (verb, &before) {
            self.model.end(before.family, done && opened);
        }
        let Some(cookie) = answer.set.clone() else {
            assert!(!done || !opened || matches!(verb, Verb::Use | Verb::Logout), "{verb:?} wrote nothing: {answer:?}");
            return None;
        };
        let Some(before) = before.filter(|_| verb != Verb::Login) else {
            assert_eq!(verb, Verb::Login, "a session of nothing: {answer:?}");
            return Some(self.model.begin(cookie, number, moment));
        };
        assert!(opened, "a session that was refused was written: {answer:?}");
        let mut token =
            Token { cookie, issued: *before.issued.start()..=moment.local, key: moment.ring, ..before.clone() };
        match verb {
            Verb::Use => {}
            Verb::Update => token.written_by = number,
            Verb::Cycle => token.id = self.model.replace(&before),
            _ => {
                token.id = self.model.replace(&before);
                token = Token {
                    written_by: number,
                    proved: moment.act,
                    created: moment.local..=moment.local,
                    issued: moment.local..=moment.local,
                    ..token
                };
            }
        }
        Some(self.model.add(token))
    }
}
