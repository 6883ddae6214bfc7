//! What each verb tells.
//!
//! Sizes: 35 bytes of plaintext are padded to 48; with 29 in front and the tag behind 93 bytes, 124 characters; and 12 of the name.

use hardtack::{Policy, SessionError, SessionManager};
use time::Duration;

use crate::events::{
    Login, NAME,
    common::{OTHER, Plain, SECRET, Told, at, keys, ring},
    good, login, manager, manager_with, read, request, sealed, value,
};

#[test]
fn a_login() {
    let told = Told::default();
    request(&manager(&told), &[], 0, |session| session.begin(login(7)).unwrap());
    assert_eq!(told.take(), ["begun A a65c4d76 replaces -", "sealed A a65c4d76 136 bytes"]);
}

#[test]
fn a_login_over_another_session_names_it() {
    let told = Told::default();
    request(&manager(&told), &[sealed(&good())], 5, |session| session.begin(login(8)).unwrap());
    let lines = ["opened A a65c4d76 issued 0", "begun B a65c4d76 replaces A", "sealed B a65c4d76 136 bytes"];
    assert_eq!(told.take(), lines);
}

#[test]
fn reading_tells_that_it_opened_once() {
    let told = Told::default();
    let manager = manager(&told);
    let session = manager.load([format!("{NAME}={}", sealed(&good())).as_bytes()], at(10));
    assert!(told.take().is_empty(), "nothing is opened before it is used");
    for _ in 0..3 {
        assert!(session.get().is_some());
    }
    assert_eq!(manager.commit(&session, false, at(10)), Ok(vec![]));
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0"]);
}

#[test]
fn without_a_cookie_nothing_is_told() {
    let told = Told::default();
    request(&manager(&told), &[], 0, read);
    assert!(told.take().is_empty());
}

#[test]
fn an_update() {
    let told = Told::default();
    let manager = manager(&told);
    request(&manager, &[sealed(&good())], 10, |session| session.update(|login| login.user = 8).unwrap());
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "sealed A a65c4d76 136 bytes"]);
    request(&manager, &[sealed(&good())], 10, |session| session.update(|login| login.user = 7).unwrap());
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0"], "unchanged is unwritten");
}

#[test]
fn a_renewal_when_it_is_due_and_when_it_is_asked_for() {
    let told = Told::default();
    let manager = manager(&told);
    let due = request(&manager, &[sealed(&good())], 900, read);
    let renewal = ["opened A a65c4d76 issued 0", "renewed A a65c4d76", "sealed A a65c4d76 136 bytes"];
    assert_eq!(told.take(), renewal);
    request(&manager, &[sealed(&good())], 1, |session| session.renew().unwrap());
    assert_eq!(told.take(), renewal);
    request(&manager, &[value(&due)], 901, read);
    assert_eq!(told.take(), ["opened A a65c4d76 issued 900"]);
}

#[test]
fn a_renewal_that_is_not_written_is_not_told() {
    let told = Told::default();
    let manager = manager(&told);
    let session = manager.load([format!("{NAME}={}", sealed(&good())).as_bytes()], at(900));
    read(&session);
    assert_eq!(manager.commit(&session, true, at(900)), Ok(vec![]));
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0"]);
}

#[test]
fn a_new_primary_key_takes_a_session_over() {
    let told = Told::default();
    request(&manager_with(keys(&[OTHER, SECRET]), &told), &[sealed(&good())], 1, read);
    let lines = [
        "opened A a65c4d76 issued 0",
        "renewed A 56631c1a",
        "rekeyed A 56631c1a from a65c4d76",
        "sealed A 56631c1a 136 bytes",
    ];
    assert_eq!(told.take(), lines);
}

#[test]
fn a_cycle() {
    let told = Told::default();
    request(&manager(&told), &[sealed(&good())], 1, |session| session.cycle().unwrap());
    let lines = ["opened A a65c4d76 issued 0", "cycled B a65c4d76 from A", "sealed B a65c4d76 136 bytes"];
    assert_eq!(told.take(), lines);
}

#[test]
fn proving_oneself_again_is_a_beginning() {
    let told = Told::default();
    request(&manager(&told), &[sealed(&good())], 1, |session| session.reauthenticate().unwrap());
    let lines = ["opened A a65c4d76 issued 0", "begun B a65c4d76 replaces A", "sealed B a65c4d76 136 bytes"];
    assert_eq!(told.take(), lines);
}

#[test]
fn an_end_with_a_session_and_without() {
    let told = Told::default();
    let manager = manager(&told);
    request(&manager, &[sealed(&good())], 1, hardtack::Session::end);
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "ended A -"]);
    request(&manager, &[], 1, hardtack::Session::end);
    assert_eq!(told.take(), ["ended - -"]);
    request(&manager, &["garbage!".to_owned()], 1, hardtack::Session::end);
    assert_eq!(told.take(), ["refused - - Encoding", "ended - -"]);
}

#[test]
fn the_last_verb_is_told() {
    let told = Told::default();
    let manager = manager(&told);
    request(&manager, &[sealed(&good())], 1, |session| {
        session.cycle().unwrap();
        session.end();
    });
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "ended A -"]);
    request(&manager, &[sealed(&good())], 1, |session| {
        session.end();
        session.begin(login(9)).unwrap();
        session.cycle().unwrap();
    });
    let lines = ["opened A a65c4d76 issued 0", "begun B a65c4d76 replaces A", "sealed B a65c4d76 136 bytes"];
    assert_eq!(told.take(), lines);
}

/// User 7 with a name of so many letters; from 128 on, two bytes count them.
fn long(name: usize) -> Login {
    Login { user: 7, name: "x".repeat(name) }
}

#[test]
fn a_large_cookie_from_2049_bytes_on() {
    let told = Told::default();
    let manager = manager(&told);
    // 31 bytes around the payload, 3 of its layout, 3 in front of the name: 1472 of plaintext are 1517 of token, 2023 characters.
    request(&manager, &[], 0, |session| session.begin(long(1472 - 37)).unwrap());
    assert_eq!(told.take(), ["begun A a65c4d76 replaces -", "sealed A a65c4d76 2035 bytes"]);
    request(&manager, &[], 0, |session| session.begin(long(1473 - 37)).unwrap());
    let lines = ["begun B a65c4d76 replaces -", "sealed B a65c4d76 2056 bytes", "large_cookie B a65c4d76 2056 bytes"];
    assert_eq!(told.take(), lines);
}

#[test]
fn a_session_that_does_not_fit() {
    let told = Told::default();
    let manager = manager(&told);
    let set_cookies = request(&manager, &[sealed(&good())], 1, |session| {
        let error = session.update(|login| login.name = "x".repeat(4000)).unwrap_err();
        assert_eq!(error, SessionError::TooLarge { size: 5470, limit: 4096 });
    });
    assert!(set_cookies.is_empty());
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "too_large A - 5470 bytes"]);
}

#[test]
fn a_renewal_that_no_longer_fits_is_told() {
    let told = Told::default();
    let padded = SessionManager::<Login>::builder(ring()).padding_block(1024).observer(told.clone()).build().unwrap();
    // 2994 bytes of plaintext fit in blocks of 16; in blocks of 1024 they are 3072.
    let payload = crate::common::layout::named(7, &"x".repeat(2957));
    let plain = Plain { payload, ..good() };
    assert!(request(&padded, &[sealed(&plain)], 900, read).is_empty());
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "too_large A a65c4d76 4168 bytes"]);
}

#[test]
fn a_write_that_fails_at_the_end_is_not_told_as_made() {
    let told = Told::default();
    let policy = Policy::default().idle_timeout(Duration::hours(12));
    let manager = SessionManager::<Login>::builder(ring()).policy(policy).observer(told.clone()).build().unwrap();
    let last = Plain { expires_at: good().ends_at, ..good() };
    let session = manager.load([format!("{NAME}={}", sealed(&last)).as_bytes()], at(43_199));
    session.update(|login| login.user = 8).unwrap();
    assert_eq!(manager.commit(&session, false, at(43_200)), Err(SessionError::Over));
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0"]);
}

#[test]
fn a_former_name_is_told_under_the_present_one() {
    let told = Told::default();
    let builder =
        SessionManager::<Login>::builder(ring()).former_cookie(hardtack::KnownCookie::named("__Host-id"), at(1000));
    let manager = builder.observer(told.clone()).build().unwrap();
    let cookie = format!("__Host-id={}", good().seal(&SECRET, "__Host-id", ""));
    let session = manager.load([cookie.as_bytes()], at(1));
    read(&session);
    assert_eq!(manager.commit(&session, false, at(1)).unwrap().len(), 2);
    let lines = ["opened A a65c4d76 issued 0", "renewed A a65c4d76", "sealed A a65c4d76 136 bytes"];
    assert_eq!(told.take(), lines);
    assert!(told.debug().lines().all(|event| event.contains("cookie: \"__Host-login\"")), "{}", told.debug());
}
