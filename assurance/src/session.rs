//! The session type and the keys of these checks.

use hardtack::{Context, Key, Keyring, Policy, Sealer, SessionData, Suite};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) name: String,
    pub(crate) visits: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

pub(crate) const SUITES: [Suite; 2] = [Suite::Xaes256Gcm, Suite::XChaCha20Poly1305];

pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

pub(crate) fn key(suite: Suite, number: u8) -> Key {
    let secret: [u8; 32] = core::array::from_fn(|index| u8::try_from(index).unwrap() ^ number.wrapping_mul(7));
    Key::from_secret(suite, &secret).unwrap()
}

pub(crate) fn sealer(suite: Suite) -> Sealer {
    let context = Context::cookie(Login::COOKIE, "assurance").unwrap();
    Sealer::new(&Keyring::new([key(suite, 1)]).unwrap(), &context, Policy::default()).unwrap()
}

/// The ring that seals with this key and opens with its neighbours.
pub(crate) fn ring(number: u8) -> Keyring {
    let suite = |number: u8| SUITES[usize::from(number % 2)];
    let numbers = [number, number.wrapping_add(1), number.wrapping_sub(1)];
    Keyring::new(numbers.map(|number| key(suite(number), number))).unwrap()
}
