//! What the check of a user said of tokens that nobody sealed anew, such as those of a page that polls.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::id::Fingerprint;

/// How many answers are remembered at most; where there are more, the check is asked again.
const MOST: usize = 4096;

/// Tokens whose users were valid, and when the check was asked, in unix seconds. Bounded; other answers are not remembered.
#[derive(Default)]
pub(super) struct Answers(Mutex<HashMap<Fingerprint, u64>>);

impl Answers {
    /// Whether the check called the user of this token valid within so many seconds. A time ahead of the clock counts for nothing.
    pub(super) fn holds(&self, token: Fingerprint, within: u64, now: u64) -> bool {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(&token).is_some_and(|asked_at| is_recent(*asked_at, within, now))
    }

    /// The check called the user of this token valid, when it was asked now.
    pub(super) fn remember(&self, token: Fingerprint, within: u64, now: u64) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.retain(|_, asked_at| is_recent(*asked_at, within, now));
        }
        if answers.len() < MOST || answers.contains_key(&token) {
            answers.insert(token, now);
        }
    }
}

fn is_recent(asked_at: u64, within: u64, now: u64) -> bool {
    now.checked_sub(asked_at).is_some_and(|age| age < within)
}
