//! What may be true of a token after all that happened.

use core::ops::RangeInclusive;
use std::collections::HashSet;

/// The default policy, in seconds, written out once more.
const IDLE: i64 = 1800;
const ABSOLUTE: i64 = 43_200;
const SKEW: i64 = 60;
/// How long the check of a user may be out of date: its interval, the age of an answer, a hook's timeout, three skews, a second.
const BOUND: i64 = 900 + 2 + 2 + 3 * SKEW + 1;

/// When and where a request is answered.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// The number of the act.
    pub(super) act: usize,
    /// The true time.
    pub(super) now: i64,
    /// The node's.
    pub(super) local: i64,
    /// The number of the key that the node seals with. It opens with its neighbours too.
    pub(super) ring: u8,
}

/// A token that somebody was sent.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) cookie: String,
    /// The login that it goes back to.
    pub(super) family: usize,
    /// Shared by the tokens of one session id.
    pub(super) id: usize,
    /// The number of the request that wrote its data.
    pub(super) written_by: u8,
    /// The act by which its user last proved who they are.
    pub(super) proved: usize,
    /// By the clocks of nodes, the earliest and the latest that is possible.
    pub(super) created: RangeInclusive<i64>,
    pub(super) issued: RangeInclusive<i64>,
    /// The number of the key.
    pub(super) key: u8,
}

/// What a request's cookie is to be taken for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Expect {
    Opens,
    Either,
    Refused,
}

#[derive(Default)]
pub(super) struct Model {
    pub(super) tokens: Vec<Token>,
    names: usize,
    ended: HashSet<usize>,
    /// Families that a request named which did not open them, or failed: ended or not.
    perhaps_ended: HashSet<usize>,
    /// Ids that gave way to others.
    replaced: HashSet<usize>,
    /// The act, and its time.
    revoked: Option<(usize, i64)>,
}

impl Model {
    /// The user logged out everywhere.
    pub(super) fn revoke(&mut self, moment: Moment) {
        self.revoked = Some((moment.act, moment.now));
    }

    pub(super) fn end(&mut self, family: usize, surely: bool) {
        if surely {
            self.ended.insert(family)
        } else {
            self.perhaps_ended.insert(family)
        };
    }

    /// The id that takes this token's place.
    pub(super) fn replace(&mut self, token: &Token) -> usize {
        self.replaced.insert(token.id);
        self.name()
    }

    pub(super) fn begin(&mut self, cookie: String, written_by: u8, moment: Moment) -> usize {
        let (family, id) = (self.name(), self.name());
        let times = moment.local..=moment.local;
        let (created, issued) = (times.clone(), times);
        self.add(Token { cookie, family, id, written_by, proved: moment.act, created, issued, key: moment.ring })
    }

    pub(super) fn add(&mut self, token: Token) -> usize {
        self.tokens.push(token);
        self.tokens.len() - 1
    }

    pub(super) fn expect(&self, token: usize, moment: Moment) -> Expect {
        let token = &self.tokens[token];
        let keyless = token.key.abs_diff(moment.ring) > 1;
        let over =
            moment.local > token.created.end() + ABSOLUTE + SKEW || moment.local > token.issued.end() + IDLE + SKEW;
        let revoked = self.revoked.filter(|(act, _)| token.proved < *act);
        if keyless
            || over
            || self.ended.contains(&token.family)
            || revoked.is_some_and(|(_, at)| moment.now > at + BOUND)
        {
            return Expect::Refused;
        }
        let nearly = moment.local > token.created.start() + ABSOLUTE - 2 * SKEW
            || moment.local > token.issued.start() + IDLE - 2 * SKEW;
        let doubtful = self.perhaps_ended.contains(&token.family) || self.replaced.contains(&token.id);
        if nearly || doubtful || revoked.is_some() { Expect::Either } else { Expect::Opens }
    }

    fn name(&mut self) -> usize {
        self.names += 1;
        self.names
    }
}
