//! What needs a given mask, or a failing source of randomness: the value of docs/CSRF.md, to the character.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

use super::{context::Context, csrf::CsrfKey, key::Key};
use crate::{error::RandomError, id::SessionId, wire::envelope::Suite};

const SESSION: SessionId = SessionId([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

/// `0xa0`, `0xa1` and so on; or nothing.
struct Source<E>(Result<(), E>);

impl<E: core::error::Error + Copy> TryRng for Source<E> {
    type Error = E;

    fn try_next_u32(&mut self) -> Result<u32, E> {
        unreachable!("only bytes are drawn")
    }

    fn try_next_u64(&mut self) -> Result<u64, E> {
        unreachable!("only bytes are drawn")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), E> {
        bytes.iter_mut().zip(0xa0..).for_each(|(byte, value)| *byte = value);
        self.0
    }
}

impl<E: core::error::Error + Copy> TryCryptoRng for Source<E> {}

fn key(suite: Suite) -> CsrfKey {
    let key = Key::from_secret(suite, b"a secret of thirty-two bytes: A!").unwrap();
    key.csrf_key(&Context::cookie("__Host-login", "shop").unwrap())
}

#[test]
fn a_token_is_what_another_implementation_makes_of_it() {
    let tokens = [
        (Suite::Xaes256Gcm, "oKGio6SlpqeoqaqrrK2ur_Y6i65P-Ij053UZRsXxsfg"),
        (Suite::XChaCha20Poly1305, "oKGio6SlpqeoqaqrrK2ur-i8QUEnR_9mU6cwl_74ICo"),
    ];
    for (suite, expected) in tokens {
        let token = key(suite).token(SESSION, &mut Source::<Infallible>(Ok(()))).unwrap();
        assert_eq!(token.as_str(), expected);
        assert!(CsrfKey::any_fits([&key(suite)].into_iter(), SESSION, expected));
        assert!(include_str!("../../docs/CSRF.md").contains(expected), "docs/CSRF.md has it");
    }
}

#[test]
fn without_randomness_there_is_no_token() {
    let failed = key(Suite::Xaes256Gcm).token(SESSION, &mut Source(Err(RandomError)));
    assert_eq!(failed.unwrap_err(), RandomError);
}
