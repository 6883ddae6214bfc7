//! The sessions that are sealed, and what is asked of a contender.

use std::fmt::Debug;

use hardtack::SessionData;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    NAME,
    login::{BorrowedLogin, Login},
};

/// A type of session that every contender can carry.
pub(crate) trait Sample: Clone + Debug + PartialEq + Serialize + DeserializeOwned + SessionData {
    /// The same, with its text left where it was decrypted.
    type Borrowed<'a>: Deserialize<'a>;

    /// A number that handlers read.
    fn number(&self) -> u64;

    /// Changes the number, but not the session's length.
    fn change(&mut self);
}

/// A login of 45 bytes in postcard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SmallLogin {
    user: u64,
    tenant: String,
    roles: Vec<String>,
    token: String,
    level: u8,
}

/// The same, with the text left where it was decrypted.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoded, and then dropped")]
pub(crate) struct BorrowedSmallLogin<'a> {
    user: u64,
    tenant: &'a str,
    #[serde(borrow)]
    roles: Vec<&'a str>,
    token: &'a str,
    level: u8,
}

impl SmallLogin {
    pub(crate) fn new() -> Self {
        let login = Self {
            user: 90_210,
            tenant: "example".into(),
            roles: vec!["editor".into(), "billing".into()],
            token: "dGhlIHRva2VuISEh".into(),
            level: 3,
        };
        assert_eq!(postcard::to_allocvec(&login).unwrap().len(), 45);
        login
    }
}

impl SessionData for SmallLogin {
    const COOKIE: &'static str = NAME;
}

impl Sample for SmallLogin {
    type Borrowed<'a> = BorrowedSmallLogin<'a>;

    fn number(&self) -> u64 {
        self.level.into()
    }

    fn change(&mut self) {
        self.level = self.level.wrapping_add(1);
    }
}

impl SessionData for Login {
    const COOKIE: &'static str = NAME;
}

impl Sample for Login {
    type Borrowed<'a> = BorrowedLogin<'a>;

    fn number(&self) -> u64 {
        self.last_seen
    }

    fn change(&mut self) {
        // The number takes as many bytes as before.
        self.last_seen ^= 1;
    }
}

/// A way to seal sessions of one type.
pub(crate) trait Peer<S: Sample> {
    /// A session as text: a token, or a `Set-Cookie` value.
    fn seal(&mut self, session: &S) -> String;

    /// What was sealed, from a token or a `Cookie` value.
    fn open(&mut self, text: &str) -> S;

    /// The same with the text left where it was decrypted. False where there is no such way.
    fn open_borrowed(&mut self, _: &str) -> bool {
        false
    }
}

/// What a browser sends back of a `Set-Cookie` value; of a token, all of it.
pub(crate) fn sent_back(sealed: &str) -> &str {
    sealed.split_once(';').map_or(sealed, |(pair, _)| pair)
}

/// The cookie's value in what is sent back.
pub(crate) fn value(sent_back: &str) -> &str {
    sent_back.strip_prefix(NAME).and_then(|rest| rest.strip_prefix('=')).unwrap_or(sent_back)
}
