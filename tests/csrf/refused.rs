//! What is no token of the session at hand.

use hardtack::{Key, Keyring, SessionError, SessionManager, Suite};

use crate::csrf::{
    Cart, ID, Login, PURPOSE, WORKED,
    common::{OTHER, SECRET, at, keys, ring, token},
    cookie, login, manager, session,
};

#[track_caller]
fn refused(text: &str) {
    assert_eq!(session(ring(), ID).verify_csrf(text), Err(SessionError::Csrf), "{text:?}");
}

#[test]
fn every_change_of_one_character() {
    let session = session(ring(), ID);
    assert_eq!(session.verify_csrf(WORKED), Ok(()), "as it is");
    let mut changes = 0;
    for at in 0..WORKED.len() {
        for other in (0..128_u8).filter(|other| *other != WORKED.as_bytes()[at]) {
            let mut text = WORKED.as_bytes().to_vec();
            text[at] = other;
            let text = String::from_utf8(text).unwrap();
            assert_eq!(session.verify_csrf(&text), Err(SessionError::Csrf), "{text:?}");
            changes += 1;
        }
    }
    assert_eq!(changes, 43 * 127);
}

#[test]
fn truncated_extended_and_empty_ones() {
    for length in 0..WORKED.len() {
        refused(&WORKED[..length]);
        refused(&WORKED[length + 1..]);
    }
    for more in ["A", "=", " ", "\n", "\0", "AAAA", WORKED] {
        refused(&format!("{WORKED}{more}"));
        refused(&format!("{more}{WORKED}"));
    }
    refused(&"A".repeat(1 << 20));
}

#[test]
fn what_is_no_base64url() {
    refused(&"é".repeat(21));
    refused(&format!("{}é", &WORKED[..41]));
    refused(&WORKED.replace('_', "/").replace('-', "+"));
    refused(&format!("{}=", &WORKED[..42]));
}

#[test]
fn made_up_ones() {
    for bytes in [[0; 32], [255; 32], std::array::from_fn(|at| at.to_le_bytes()[0])] {
        refused(&token::text(&bytes));
    }
    // The session's id itself, under a mask of zeros, and a code of which all but one bit is right.
    refused(&token::text(&[[0; 16], ID].concat()));
    for bit in 0..128 {
        let mut bytes = token::bytes(WORKED);
        bytes[16 + bit / 8] ^= 1 << (bit % 8);
        refused(&token::text(&bytes));
    }
}

#[test]
fn another_session_s() {
    for bit in 0..128 {
        let mut other = ID;
        other[bit / 8] ^= 1 << (bit % 8);
        refused(session(ring(), other).csrf_token().unwrap().as_str());
    }
}

#[test]
fn another_key_s() {
    refused(session(keys(&[OTHER, SECRET]), ID).csrf_token().unwrap().as_str());
    // The same secret, as a key of the other suite.
    let suite_2 = Keyring::new([
        Key::from_secret(Suite::XChaCha20Poly1305, &SECRET).unwrap(),
        Key::from_secret(Suite::Xaes256Gcm, &OTHER).unwrap(),
    ])
    .unwrap();
    let session = manager::<Login>(suite_2)
        .load([cookie::<Login>(&OTHER, PURPOSE, ID, &crate::common::layout::user(7)).as_bytes()], at(0));
    refused(session.csrf_token().unwrap().as_str());
}

#[test]
fn another_cookie_s_or_purpose_s() {
    let cart = manager::<Cart>(ring())
        .load([cookie::<Cart>(&SECRET, PURPOSE, ID, &crate::common::layout::Value::Unit.payload()).as_bytes()], at(0));
    refused(cart.csrf_token().unwrap().as_str());
    let staging = SessionManager::<Login>::builder(ring()).purpose("shop/staging").build().unwrap();
    let login =
        staging.load([cookie::<Login>(&SECRET, "shop/staging", ID, &crate::common::layout::user(7)).as_bytes()], at(0));
    refused(login.csrf_token().unwrap().as_str());
}

#[test]
fn those_of_before_a_new_id() {
    type Verb = fn(&hardtack::Session<Login>) -> Result<(), SessionError>;
    let verbs: [Verb; 3] =
        [|login| login.cycle(), |login| login.reauthenticate(), |login| login.begin(Login { user: 8 })];
    for verb in verbs {
        let session = session(ring(), ID);
        verb(&session).unwrap();
        assert_eq!(session.verify_csrf(WORKED), Err(SessionError::Csrf), "before the response, too");
        let token = session.csrf_token().unwrap();
        assert_eq!(session.verify_csrf(token.as_str()), Ok(()), "there is a new one");
        refused(token.as_str());
    }
}

#[test]
fn any_without_a_session() {
    let manager = manager::<Login>(ring());
    let ended = session(ring(), ID);
    ended.end();
    let good = login(ID);
    let forged = cookie::<Login>(&OTHER, PURPOSE, ID, &crate::common::layout::user(7));
    let absent = manager.load([], at(0));
    let refused = manager.load([forged.as_bytes()], at(0));
    let over = manager.load([good.as_bytes()], at(1800));
    for session in [absent, refused, over, ended] {
        assert_eq!(session.csrf_token().map(drop), Err(SessionError::NoSession));
        assert_eq!(session.verify_csrf(WORKED), Err(SessionError::Csrf), "and not an error of the server");
    }
}
