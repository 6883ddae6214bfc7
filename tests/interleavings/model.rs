//! The model of docs/MODEL.md: what may be true of a token after all that happened. It knows acts and answers, and nothing of how
//! they come about.

use super::act::Act;

/// A token that somebody was sent.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) cookie: String,
    /// The login that it goes back to.
    family: usize,
    /// Shared by the tokens of one session id.
    id: usize,
    /// When its user last proved who they are, in moments of the run.
    proved: usize,
    /// Which act wrote its data last.
    pub(crate) written_by: u8,
}

#[derive(Default)]
pub(crate) struct Model {
    pub(crate) tokens: Vec<Token>,
    names: usize,
    logged_out: Vec<usize>,
    /// Ids that gave way to others, and families that did to a login.
    replaced: Vec<usize>,
    /// Requests that failed on the way may have been noted, or not.
    unsure: bool,
    revoked: Option<usize>,
}

/// A request that was answered.
pub(crate) struct Answered {
    pub(crate) act: Act,
    pub(crate) number: u8,
    /// Which of the tokens it carried.
    pub(crate) carried: Option<usize>,
    /// When its handler proved its user, in moments of the run.
    pub(crate) proved: Option<usize>,
    pub(crate) status: u16,
    /// What it set: a cookie, or nothing in it.
    pub(crate) set: Vec<Option<String>>,
}

impl Model {
    fn name(&mut self) -> usize {
        self.names += 1;
        self.names
    }

    /// A login that went before all else.
    pub(crate) fn begin(&mut self, cookie: String) {
        let (family, id) = (self.name(), self.name());
        self.tokens.push(Token { cookie, family, id, proved: 0, written_by: 0 });
    }

    /// The user logged out everywhere at this moment.
    pub(crate) fn revoke(&mut self, moment: usize) {
        self.revoked = Some(moment);
    }

    /// Takes an answer note of. The place of the token that it brought, if it did; or what is wrong with it.
    pub(crate) fn answer(&mut self, answered: Answered) -> Result<Option<usize>, String> {
        let Answered { act, number, carried, proved, status, set } = answered;
        let ok = status == 200;
        self.unsure |= status >= 500;
        let carried = carried.map(|index| self.tokens[index].clone());
        match act {
            Act::Logout if ok => {
                if set != [None] {
                    return Err(format!("a logout answered 200 and set {set:?}"));
                }
                self.logged_out.extend(carried.map(|token| token.family));
                return Ok(None);
            }
            Act::Login | Act::Update | Act::Cycle | Act::Reauthenticate if ok && !matches!(&set[..], [Some(_)]) => {
                return Err(format!("{act:?} was answered 200 and set {set:?}"));
            }
            _ if !ok && !set.is_empty() => return Err(format!("{act:?} was answered {status} and set {set:?}")),
            _ => {}
        }
        let Some(Some(cookie)) = set.into_iter().next() else { return Ok(None) };
        let token = match (act, carried) {
            (Act::Login, before) => {
                if let Some(before) = before {
                    self.logged_out.push(before.family);
                }
                let (family, id) = (self.name(), self.name());
                Token { cookie, family, id, proved: proved.unwrap_or(0), written_by: number }
            }
            (_, None) => return Err(format!("{act:?} made a session of nothing")),
            (Act::Cycle | Act::Reauthenticate, Some(before)) => {
                self.replaced.push(before.id);
                let written_by = if act == Act::Cycle { before.written_by } else { number };
                Token { cookie, id: self.name(), proved: proved.unwrap_or(before.proved), written_by, ..before }
            }
            (_, Some(before)) => {
                let written_by = if act == Act::Update { number } else { before.written_by };
                Token { cookie, written_by, ..before }
            }
        };
        self.tokens.push(token);
        Ok(Some(self.tokens.len() - 1))
    }

    /// What is wrong with a token that opens, with a deny-list, after everything was answered.
    pub(crate) fn may_open(&self, token: usize) -> Result<(), String> {
        let token = &self.tokens[token];
        if self.logged_out.contains(&token.family) {
            return Err("a token opens of a session that was logged out, or of what it became".to_owned());
        }
        Ok(())
    }

    /// What is wrong with a token that opens, with a check, `recheck_after` and a bit after everything was answered.
    pub(crate) fn may_open_late(&self, token: usize) -> Result<(), String> {
        let token = &self.tokens[token];
        match self.revoked {
            Some(moment) if token.proved <= moment => {
                Err("a token opens of a user who was revoked, and has not proved themselves since".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// What is wrong with a token that does not open though nobody ended it.
    pub(crate) fn must_open(&self, token: usize, list: bool) -> Result<(), String> {
        let token = &self.tokens[token];
        let ended = self.logged_out.contains(&token.family) || self.replaced.contains(&token.id);
        if self.unsure || self.revoked.is_some() || (list && ended) {
            return Ok(());
        }
        Err("a token does not open, and nobody has ended it".to_owned())
    }
}
