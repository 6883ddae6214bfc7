//! Nothing that keys or plaintext decide can be seen from outside but the verdict. Under valgrind, which follows the bytes that are marked
//! as secret: `scripts/assurance constant_time`. The one finding that is declared, accept or refuse, is in `assurance/declared.supp`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use core::{convert::Infallible, hint::black_box};

use hardtack_secret_memory::{findings, is_watched, make_public, make_secret, published};
use rand_core::{TryCryptoRng, TryRng};

use super::{cipher::Cipher, context::Context, csrf::CsrfKey, key::Key, random};
use crate::{id::SessionId, wire::envelope::Suite};

const NONCE: &[u8; 24] = b"ABCDEFGHIJKLMNOPQRSTUVWX";
const AAD: &[u8] = b"the header, which is public";
const SUITES: [Suite; 2] = [Suite::Xaes256Gcm, Suite::XChaCha20Poly1305];
/// Around the ends of blocks, and the largest that a cookie holds.
const LENGTHS: [usize; 8] = [0, 1, 15, 16, 17, 127, 300, 2900];

/// A source whose bytes are secret from the start.
struct Secrets;

impl TryRng for Secrets {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(7)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(7)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.iter_mut().zip(1..).for_each(|(byte, value)| *byte = value);
        make_secret(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Secrets {}

fn key(suite: Suite) -> Key {
    Key::generate_with(suite, &mut Secrets).unwrap()
}

fn context() -> Context {
    Context::cookie("__Host-login", "shop/production").unwrap()
}

/// What `run` adds to valgrind's count. The name goes into its log, in front of what it found.
fn found_in(name: &str, run: impl FnOnce()) -> usize {
    assert!(is_watched(), "run by scripts/assurance constant_time");
    eprintln!("watching: {name}");
    let before = findings();
    run();
    findings() - before
}

fn sealed(cipher: &Cipher, plaintext: &[u8]) -> Vec<u8> {
    let mut buffer = plaintext.to_vec();
    make_secret(&buffer[..]);
    let tag = cipher.seal(NONCE, AAD, &mut buffer).unwrap();
    buffer.extend_from_slice(&tag);
    buffer
}

#[test]
fn deriving_keys_and_ids_depends_on_no_secret() {
    for suite in SUITES {
        let found = found_in("derivation", || {
            let key = key(suite);
            black_box((key.id(), key.cipher(&context()), key.csrf_key(&context()), key.hasher(&context())));
        });
        assert_eq!(found, 0, "{suite:?}");
    }
}

#[test]
fn sealing_depends_on_no_secret() {
    for (suite, length) in SUITES.into_iter().flat_map(|suite| LENGTHS.map(|length| (suite, length))) {
        let cipher = key(suite).cipher(&context());
        let found = found_in("sealing", || {
            black_box(sealed(&cipher, &vec![0x55; length]));
        });
        assert_eq!(found, 0, "{suite:?}, {length} bytes");
    }
}

#[test]
fn opening_depends_on_the_verdict_only() {
    for (suite, length) in SUITES.into_iter().flat_map(|suite| LENGTHS.map(|length| (suite, length))) {
        let cipher = key(suite).cipher(&context());
        let token = sealed(&cipher, &vec![0x55; length]);
        // What the browser sends is public. What opening makes of it is not, before the tag was compared.
        make_public(&token[..]);
        for flipped in [None, Some(0), Some(length), Some(length + 15)] {
            let mut arrived = token.clone();
            if let Some(place) = flipped {
                arrived[place] ^= 1;
            }
            let mut opened = false;
            let found = found_in("opening", || opened = published(cipher.open(NONCE, AAD, &mut arrived).is_ok()));
            assert_eq!(found, 0, "{suite:?}, {length} bytes, {flipped:?}");
            assert_eq!(opened, flipped.is_none());
        }
    }
}

#[test]
fn a_token_of_a_form_depends_on_the_verdict_only() {
    let keys = SUITES.map(|suite| key(suite).csrf_key(&context()));
    let session = SessionId(random::bytes(&mut Secrets).unwrap());
    let mut made = None;
    let found = found_in("a form's token is made", || made = Some(keys[0].token(session, &mut Secrets).unwrap()));
    assert_eq!(found, 0);
    // It goes into the page now. That it is text is looked at, which is the same for every token.
    make_public(made.as_ref().unwrap().as_str());
    let text = made.unwrap().as_str().to_owned();
    let altered = |place: usize| {
        let mut bytes = text.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    for (token, fits) in [(text.clone(), true), (altered(0), false), (altered(41), false)] {
        for keys in [[&keys[0], &keys[1]], [&keys[1], &keys[0]]] {
            let mut verdict = false;
            let found = found_in("a form's token is verified", || {
                verdict = published(CsrfKey::any_fits(keys.into_iter(), session, &token));
            });
            assert_eq!((found, verdict), (0, fits));
        }
    }
}

#[test]
fn a_naive_comparison_is_found() {
    fn naive(one: &[u8], other: &[u8]) -> bool {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| black_box(one) == black_box(other))
    }
    let tag = [3; 16];
    make_secret(&tag);
    let found = found_in("the control", || {
        published(naive(&tag, &[3; 16]));
    });
    assert!(found > 0, "what leaks must be found");
}
