//! A form's token is good for the session it was written for, and for nothing else.

use crate::common;

#[cfg(feature = "axum")]
#[path = "csrf/login.rs"]
mod login_form;
#[path = "csrf/refused.rs"]
mod refused;
#[cfg(all(feature = "actix-web", feature = "axum"))]
#[path = "csrf/web.rs"]
mod web;

use std::collections::BTreeSet;

use common::{NOW, OTHER, Plain, SECRET, at, keys, pair, ring, token};
use hardtack::{CsrfToken, Keyring, Session, SessionData, SessionError, SessionManager};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[derive(Serialize, Deserialize)]
struct Cart;

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

const PURPOSE: &str = "shop";

/// The session id of the worked value.
const ID: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/// The code of the worked value: what every token for [`ID`] says once it is unmasked.
const CODE: &str = "569b290deb5d2e534fdcb3ed695c1f57";
/// The token of the worked value.
const WORKED: &str = "oKGio6SlpqeoqaqrrK2ur_Y6i65P-Ij053UZRsXxsfg";

#[track_caller]
fn manager<T: SessionData>(keyring: Keyring) -> SessionManager<T> {
    SessionManager::builder(keyring).purpose(PURPOSE).build().unwrap()
}

/// The cookie of a session with this id, begun at [`NOW`].
#[track_caller]
fn cookie<T: SessionData>(secret: &[u8; 32], purpose: &str, session_id: [u8; 16], payload: &[u8]) -> String {
    let plain = Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id,
        payload: payload.to_vec(),
        extensions: None,
    };
    format!("{}={}", T::COOKIE, plain.seal(secret, T::COOKIE, purpose))
}

/// The cookie of user 7's session with this id.
#[track_caller]
fn login(session_id: [u8; 16]) -> String {
    cookie::<Login>(&SECRET, PURPOSE, session_id, &common::layout::user(7))
}

/// The session of user 7 under this id, in a request to a service with these keys.
#[track_caller]
fn session(keyring: Keyring, id: [u8; 16]) -> Session<Login> {
    let session = manager(keyring).load([login(id).as_bytes()], at(0));
    assert!(session.get().is_some(), "the session opens");
    session
}

/// The code in a token, in hexadecimal.
#[track_caller]
fn code(token: &CsrfToken) -> String {
    let bytes = token::bytes(token.as_str());
    assert_eq!(bytes.len(), 32);
    let half = |at: usize| u128::from_be_bytes(bytes[at..at + 16].try_into().unwrap());
    format!("{:032x}", half(0) ^ half(16))
}

#[test]
fn a_token_comes_back() {
    let session = session(ring(), ID);
    let token = session.csrf_token().unwrap();
    assert_eq!(token.as_str().len(), 43);
    assert!(token.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
    assert_eq!(session.verify_csrf(token.as_str()), Ok(()));
    assert_eq!(session.verify_csrf(token.as_str()), Ok(()), "as often as it is sent");
}

#[test]
fn the_worked_value_of_the_specification_holds() {
    let page = include_str!("../docs/CSRF.md");
    assert!([CODE, WORKED].iter().all(|value| page.contains(value)), "docs/CSRF.md has it");
    let session = session(ring(), ID);
    assert_eq!(session.verify_csrf(WORKED), Ok(()));
    assert_eq!(code(&session.csrf_token().unwrap()), CODE);
}

#[test]
fn each_call_masks_anew() {
    let session = session(ring(), ID);
    let tokens: Vec<_> = (0..1000).map(|_| session.csrf_token().unwrap()).collect();
    let distinct = |part: fn(&str) -> &str| tokens.iter().map(|token| part(token.as_str())).collect::<BTreeSet<_>>();
    assert_eq!(distinct(|text| &text[..21]).len(), 1000, "masks");
    assert_eq!(distinct(|text| &text[22..]).len(), 1000, "masked codes");
    assert!(tokens.iter().all(|token| code(token) == CODE && session.verify_csrf(token.as_str()).is_ok()));
}

#[test]
fn a_renewal_and_another_node_accept_it() {
    let first = manager::<Login>(ring());
    let session = first.load([login(ID).as_bytes()], at(1700));
    let token = session.csrf_token().unwrap();
    let renewed = first.commit(&session, false, at(1700)).unwrap().remove(0);
    let session = manager::<Login>(ring()).load([pair(&renewed).as_bytes()], at(3400));
    assert_eq!(session.verify_csrf(token.as_str()), Ok(()));
}

#[test]
fn a_session_that_begins_has_one_for_the_page_that_answers() {
    let manager = manager::<Login>(ring());
    let session = manager.load([], at(0));
    session.begin(Login { user: 7 }).unwrap();
    let token = session.csrf_token().unwrap();
    let begun = manager.commit(&session, false, at(0)).unwrap().remove(0);
    assert_eq!(manager.load([pair(&begun).as_bytes()], at(1)).verify_csrf(token.as_str()), Ok(()));
}

#[test]
fn a_rotation_breaks_no_open_form() {
    let token = session(ring(), ID).csrf_token().unwrap();
    let promoted = session(keys(&[OTHER, SECRET]), ID);
    assert_eq!(promoted.verify_csrf(token.as_str()), Ok(()), "of the former primary");
    let fresh = promoted.csrf_token().unwrap();
    assert_ne!(code(&fresh), CODE, "made under the new primary");
    let waiting = session(keys(&[SECRET, OTHER]), ID);
    assert_eq!(
        waiting.verify_csrf(fresh.as_str()),
        Ok(()),
        "on a node that has the key but does not seal under it yet"
    );
    let before = session(ring(), ID);
    assert_eq!(before.verify_csrf(fresh.as_str()), Err(SessionError::Csrf), "on a node that does not have the key");
}

#[test]
fn every_key_of_a_full_ring_is_tried() {
    let secrets: Vec<[u8; 32]> = (0..32).map(|number| SECRET.map(|byte| byte ^ number)).collect();
    assert_eq!((secrets.len(), secrets[0]), (32, SECRET));
    let mut turned = secrets.clone();
    for _ in 0..secrets.len() {
        turned.rotate_left(1);
        let token = session(keys(&turned), ID).csrf_token().unwrap();
        assert_eq!(session(keys(&secrets), ID).verify_csrf(token.as_str()), Ok(()));
    }
}

#[test]
fn a_token_shows_itself_on_pages_only() {
    let token = session(ring(), ID).csrf_token().unwrap();
    assert_eq!(format!("<{token}>"), format!("<{}>", token.as_str()));
    assert_eq!(format!("{token:?}"), "CsrfToken(..)");
    assert!(core::mem::needs_drop::<CsrfToken>(), "wiped");
}
