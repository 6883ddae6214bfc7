//! What the test crates share: fixed keys, a fixed time, and a second implementation of the format.

#![allow(dead_code, unused_imports, reason = "no test crate uses all of it")]
#![allow(clippy::cast_possible_truncation, reason = "the second implementation of the format cuts bytes off numbers")]

#[cfg(feature = "actix-web")]
pub(crate) mod actix;
#[cfg(feature = "actix-web")]
pub(crate) mod actix_app;
pub(crate) mod browser;
pub(crate) mod jar;
pub(crate) mod layout;
#[cfg(feature = "axum")]
pub(crate) mod login;
pub(crate) mod steps;
pub(crate) mod timed;
pub(crate) mod token;
pub(crate) mod told;
pub(crate) mod web;

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use hardtack::{Clock, Key, Keyring, Suite};
use time::OffsetDateTime;

pub(crate) use token::Plain;
pub(crate) use told::Told;

/// The present, in unix seconds: 2027-01-15 08:00:00 UTC.
pub(crate) const NOW: u64 = 1_800_000_000;

/// The secret of the one key in [`ring`].
pub(crate) const SECRET: [u8; 32] = *b"a secret of thirty-two bytes: A!";
/// The secret of a key that is not in [`ring`].
pub(crate) const OTHER: [u8; 32] = *b"a secret of thirty-two bytes: B!";

/// So many seconds after [`NOW`].
#[track_caller]
pub(crate) fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(i64::try_from(NOW).unwrap() + seconds).unwrap()
}

/// A ring of these secrets, the primary first.
#[track_caller]
pub(crate) fn keys(secrets: &[[u8; 32]]) -> Keyring {
    Keyring::new(secrets.iter().map(|secret| Key::from_secret(Suite::Xaes256Gcm, secret).unwrap())).unwrap()
}

/// A ring of [`SECRET`] only.
#[track_caller]
pub(crate) fn ring() -> Keyring {
    keys(&[SECRET])
}

/// `name=value` of a `Set-Cookie` value, as the browser sends it back.
#[track_caller]
pub(crate) fn pair(set_cookie: &str) -> &str {
    set_cookie.split(';').next().unwrap()
}

/// The value of a `Set-Cookie` value or a pair.
#[track_caller]
pub(crate) fn value(set_cookie: &str) -> &str {
    pair(set_cookie).split_once('=').unwrap().1
}

/// A clock that a test moves, and that counts how often it is read.
#[derive(Clone, Default)]
pub(crate) struct Hands {
    seconds: Arc<AtomicI64>,
    reads: Arc<AtomicU64>,
}

impl Hands {
    pub(crate) fn clock(&self) -> Clock {
        let hands = self.clone();
        Clock::from_fn(move || {
            hands.reads.fetch_add(1, Ordering::SeqCst);
            at(hands.seconds.load(Ordering::SeqCst))
        })
    }

    /// Sets the clock to so many seconds after [`NOW`].
    pub(crate) fn set(&self, seconds: i64) {
        self.seconds.store(seconds, Ordering::SeqCst);
    }

    /// So many seconds after [`NOW`].
    pub(crate) fn seconds(&self) -> i64 {
        self.seconds.load(Ordering::SeqCst)
    }

    pub(crate) fn reads(&self) -> u64 {
        self.reads.load(Ordering::SeqCst)
    }
}
