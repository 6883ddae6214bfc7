//! Cookies and forms of keys in each state.

use hardtack::{Refusal, SessionError, SessionManager, TokenHeader};

use crate::schedule::{
    common::{
        NOW, Plain, Told, at,
        steps::{Login, carried, sent, written},
        timed::{from, from_until, id, letter, revoked, scheduled, secret},
        value,
    },
    manager, three,
};

/// A cookie of user 7, sealed under this key at that time.
#[track_caller]
fn cookie(letter: char, issued: i64) -> String {
    let plain = Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW + u64::try_from(issued).unwrap(),
        expires_at: NOW + u64::try_from(issued).unwrap() + 5000,
        session_id: [5; 16],
        payload: crate::common::layout::user(7),
        extensions: None,
    };
    format!("__Host-login={}", plain.seal(&secret(letter), "__Host-login", ""))
}

/// Why a cookie is refused at this time, if it is.
fn refusal(manager: &SessionManager<Login>, cookie: &str, seconds: i64) -> Option<Refusal> {
    carried(manager, cookie, seconds).refusal()
}

#[test]
fn a_cookie_under_a_key_that_waits_opens_and_is_not_sealed_backwards() {
    let told = Told::default();
    let manager = manager(three(), 0, &told);
    for seconds in [50, 99] {
        let session = carried(&manager, &cookie('B', 60), seconds);
        assert_eq!(session.get().map(|login| login.user), Some(7));
        assert_eq!(sent(&manager, &session, seconds), Vec::<String>::new());
    }
    let opened = format!("opened A {} issued 60", id('B'));
    assert_eq!(told.take(), [opened.as_str(); 2]);
}

#[test]
fn a_cookie_under_a_key_that_made_room_is_sealed_anew_on_that_response() {
    let told = Told::default();
    let manager = manager(three(), 0, &told);
    let session = carried(&manager, &cookie('A', 60), 99);
    assert!(session.get().is_some());
    assert_eq!(sent(&manager, &session, 99), Vec::<String>::new());
    told.take();

    let session = carried(&manager, &cookie('A', 60), 100);
    assert!(session.get().is_some());
    let set_cookie = written(&manager, &session, 100);
    assert_eq!(letter(TokenHeader::read(value(&set_cookie)).unwrap().key_id()), 'B');
    let plain = Plain::open(value(&set_cookie), &secret('B'), "__Host-login", "");
    assert_eq!((plain.session_id, plain.created_at, plain.issued_at), ([5; 16], NOW, NOW + 100));
    let (a, b) = (id('A'), id('B'));
    let size = "__Host-login".len() + value(&set_cookie).len();
    assert_eq!(
        told.take(),
        [
            // The session is named under the key that seals: so by another letter than before.
            format!("opened B {a} issued 60"),
            format!("renewed B {b}"),
            format!("rekeyed B {b} from {a}"),
            format!("sealed B {b} {size} bytes"),
        ]
    );
    // The one that came out of it is left alone.
    let session = carried(&manager, &set_cookie, 199);
    assert!(session.get().is_some());
    assert_eq!(sent(&manager, &session, 199), Vec::<String>::new());
}

#[test]
fn a_cookie_is_sealed_under_the_key_of_the_response_and_not_of_the_request() {
    let manager = manager(three(), 0, &Told::default());
    let session = carried(&manager, &cookie('A', 60), 99);
    session.renew().unwrap();
    let set_cookie = written(&manager, &session, 100);
    assert_eq!(letter(TokenHeader::read(value(&set_cookie)).unwrap().key_id()), 'B');
}

#[test]
fn a_cookie_under_a_key_that_has_gone_is_refused_and_kept() {
    let told = Told::default();
    let manager = manager(three(), 0, &told);
    assert_eq!(refusal(&manager, &cookie('A', 5000), 5280), None);
    told.take();
    let session = carried(&manager, &cookie('A', 5000), 5281);
    assert_eq!((session.get(), session.refusal()), (None, Some(Refusal::KeyNotUsable)));
    assert_eq!(sent(&manager, &session, 5281), Vec::<String>::new());
    assert_eq!(told.take(), [format!("refused - {} KeyNotUsable", id('A'))]);
}

#[test]
fn a_cookie_under_a_revoked_key_is_refused_at_any_time() {
    let ring = || scheduled(&[('A', revoked(from_until(0, 100), 90)), ('B', from(100))]);
    for seconds in [60, 90, 100, 5000] {
        let manager = manager(ring(), 0, &Told::default());
        assert_eq!(refusal(&manager, &cookie('A', 60), seconds), Some(Refusal::KeyNotUsable), "{seconds}");
        assert_eq!(refusal(&manager, &cookie('B', 60), seconds), None, "{seconds}");
        assert_eq!(refusal(&manager, &cookie('D', 60), seconds), Some(Refusal::UnknownKey), "{seconds}");
    }
}

/// The form token of a manager whose only key this is.
fn form_token(letter: char) -> String {
    let manager = manager(scheduled(&[(letter, from(-9000))]), 0, &Told::default());
    carried(&manager, &cookie(letter, 60), 60).csrf_token().unwrap().to_string()
}

#[test]
fn a_form_is_good_under_every_key_that_opens_and_no_other() {
    let verified = |ring, seconds| {
        let manager = manager(ring, 0, &Told::default());
        // A cookie under the key that seals then, so that the session is there.
        let under = letter(three().primary(at(seconds)));
        let session = carried(&manager, &cookie(under, seconds), seconds);
        assert!(session.get().is_some());
        let fits = |letter| match session.verify_csrf(&form_token(letter)) {
            Ok(()) => letter.to_string(),
            Err(error) => {
                assert_eq!(error, SessionError::Csrf);
                String::new()
            }
        };
        ('A'..='D').map(fits).collect::<String>()
    };
    assert_eq!(verified(three(), 50), "ABC");
    assert_eq!(verified(three(), 150), "ABC");
    assert_eq!(verified(three(), 5280), "ABC");
    assert_eq!(verified(three(), 5281), "BC");
    assert_eq!(verified(three(), 5381), "C");
    let revoked = scheduled(&[
        ('A', revoked(from_until(0, 100), 90)),
        ('B', from_until(100, 200)),
        ('C', from_until(200, 100_200)),
    ]);
    assert_eq!(verified(revoked, 150), "BC");
}

#[test]
fn a_form_is_written_under_the_key_that_seals() {
    let written = |seconds| {
        let ring = manager(three(), 0, &Told::default());
        let token = carried(&ring, &cookie('C', 60), seconds).csrf_token().unwrap().to_string();
        let fits = |letter: &char| {
            let manager = manager(scheduled(&[(*letter, from(-9000))]), 0, &Told::default());
            carried(&manager, &cookie(*letter, 60), 60).verify_csrf(&token).is_ok()
        };
        ('A'..='D').filter(fits).collect::<String>()
    };
    assert_eq!([written(99), written(100), written(200)], ["A", "B", "C"]);
}
