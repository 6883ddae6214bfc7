//! One cookie, for each reason.

use hardtack::{Refusal, SessionError};

use crate::held::{
    Cart, NAME, ahead, at, carrying, cart,
    common::{NOW, Plain, SECRET, token},
    foreign, good, manager, marked, sealed, sent, written,
};

const REMOVAL: &str = "__Host-cart=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";

/// A value for each reason to hold it.
#[track_caller]
fn held() -> Vec<(String, Refusal)> {
    let critical = Plain { flags: 2, extensions: Some(vec![0x7f, 0]), ..good() };
    vec![
        (marked(0x21), Refusal::Version),
        (token::text(&[0xf1]), Refusal::Version),
        (marked(0x13), Refusal::Suite),
        (foreign(), Refusal::UnknownKey),
        (sealed(&Plain { flags: 4, ..good() }), Refusal::Flags),
        (sealed(&critical), Refusal::Extension),
        (sealed(&Plain { schema: 2, ..good() }), Refusal::Schema),
        (sealed(&Plain { schema: 0, ..good() }), Refusal::Schema),
        (sealed(&ahead(61)), Refusal::NotYetValid { seconds_ahead: 61 }),
        (sealed(&ahead(3600)), Refusal::NotYetValid { seconds_ahead: 3600 }),
    ]
}

/// A value for each other reason.
#[track_caller]
fn refused() -> Vec<(String, Refusal)> {
    let mut altered = token::bytes(&sealed(&good()));
    altered[40] ^= 1;
    let idle =
        Plain { created_at: NOW - 1800, ends_at: NOW + 41_400, issued_at: NOW - 1800, expires_at: NOW, ..good() };
    let ended = Plain { created_at: NOW - 43_200, ends_at: NOW, issued_at: NOW - 1, expires_at: NOW, ..good() };
    let early = NOW - 100_001;
    // Remembered, or it would have ended first.
    let revoked = Plain { flags: 1, created_at: early, ends_at: early + 2_592_000, ..good() };
    vec![
        ("A".repeat(4096), Refusal::TooLong),
        (format!("{}=", sealed(&good())), Refusal::Encoding),
        (String::new(), Refusal::TooShort),
        (token::text(&token::bytes(&sealed(&good()))[..67]), Refusal::TooShort),
        (token::text(&altered), Refusal::Authentication),
        (good().seal(&SECRET, "__Host-login", ""), Refusal::Authentication),
        (good().seal(&SECRET, NAME, "other"), Refusal::Authentication),
        (sealed(&Plain { expires_at: NOW, ..good() }), Refusal::Format),
        (sealed(&ahead(3601)), Refusal::NotYetValid { seconds_ahead: 3601 }),
        (sealed(&ended), Refusal::AbsoluteTimeout),
        (sealed(&idle), Refusal::IdleTimeout),
        (sealed(&revoked), Refusal::Revoked),
        (sealed(&Plain { payload: [good().payload, vec![0]].concat(), ..good() }), Refusal::Payload),
    ]
}

#[test]
fn the_good_one_they_are_made_from_is_accepted() {
    let manager = manager();
    for plain in [good(), ahead(60)] {
        let session = carrying(&manager, &[sealed(&plain)]);
        assert_eq!((session.get().as_deref(), session.refusal()), (Some(&cart(&[7])), None));
    }
}

#[test]
fn a_held_cookie_reads_as_no_session_and_says_why() {
    let manager = manager();
    for (value, reason) in held() {
        let session = carrying(&manager, &[value]);
        assert_eq!(session.refusal(), Some(reason));
        assert!(reason.is_held(), "{reason}");
        assert!(session.get().is_none() && session.claims().is_none() && session.key_id().is_none(), "{reason}");
        assert!(sent(&manager, &session).is_empty(), "{reason}");
    }
}

#[test]
fn a_held_cookie_is_not_replaced_by_a_change_of_data() {
    let manager = manager();
    for (value, reason) in held() {
        let session = carrying(&manager, &[value]);
        let held = Err(SessionError::Held(reason));
        assert_eq!(session.update_or_default(|cart| cart.items.push(1)), held);
        assert_eq!(session.update(|cart| cart.items.push(1)), held);
        assert!(session.cycle().is_err() && session.remember(true).is_err(), "{reason}");
        assert!(session.get().is_none(), "{reason}");
        assert!(sent(&manager, &session).is_empty(), "{reason}");
    }
}

#[test]
fn the_closure_does_not_run_on_a_held_cookie() {
    let session = carrying(&manager(), &[foreign()]);
    let mut ran = false;
    assert!(session.update_or_default(|_| ran = true).is_err());
    assert!(!ran);
}

#[test]
fn begin_replaces_a_held_cookie() {
    let manager = manager();
    for (value, reason) in held() {
        let session = carrying(&manager, &[value]);
        session.begin(cart(&[1])).unwrap();
        session.update(|cart| cart.items.push(2)).unwrap();
        assert_eq!(session.get().as_deref(), Some(&cart(&[1, 2])), "{reason}");
        let written = written(&manager, &session);
        assert_eq!((written.data(), written.created_at), (vec![2, 1, 2], NOW), "{reason}");
    }
}

#[test]
fn end_removes_a_held_cookie_and_then_a_session_can_begin_anew() {
    let manager = manager();
    for (value, reason) in held() {
        let session = carrying(&manager, std::slice::from_ref(&value));
        session.end();
        assert_eq!(sent(&manager, &session), [REMOVAL], "{reason}");

        let session = carrying(&manager, &[value]);
        session.end();
        assert_eq!(session.update(|_| ()), Err(SessionError::NoSession), "{reason}");
        assert_eq!(session.update_or_default(|cart| cart.items.push(3)), Ok(()), "{reason}");
        assert_eq!(written(&manager, &session).data(), [1, 3], "{reason}");
    }
}

#[test]
fn begin_and_end_act_on_a_held_cookie_with_a_server_error_too() {
    let manager = manager();
    let begun = carrying(&manager, &[foreign()]);
    begun.begin(cart(&[1])).unwrap();
    assert_eq!(manager.commit(&begun, true, at(0)).unwrap().len(), 1);
    let ended = carrying(&manager, &[foreign()]);
    ended.end();
    assert_eq!(manager.commit(&ended, true, at(0)).unwrap(), [REMOVAL]);
}

#[test]
fn any_other_refused_cookie_is_left_alone_too_unless_somebody_writes() {
    let manager = manager();
    for (value, reason) in refused() {
        let session = carrying(&manager, &[value]);
        assert_eq!(session.refusal(), Some(reason));
        assert!(!reason.is_held(), "{reason}");
        assert!(session.get().is_none() && session.claims().is_none(), "{reason}");
        assert_eq!(session.update(|_| ()), Err(SessionError::NoSession), "{reason}");
        assert!(sent(&manager, &session).is_empty(), "{reason}");
    }
}

#[test]
fn any_other_refused_cookie_is_replaced_by_default_data() {
    let manager = manager();
    for (value, reason) in refused() {
        let session = carrying(&manager, &[value]);
        assert_eq!(session.update_or_default(|cart| cart.items.push(3)), Ok(()), "{reason}");
        assert_eq!(session.get().as_deref(), Some(&cart(&[3])), "{reason}");
        let written = written(&manager, &session);
        assert_eq!((written.data(), written.created_at), (vec![1, 3], NOW), "{reason}");
        assert_ne!(written.session_id, [5; 16], "{reason}");
    }
}

#[test]
fn headers_that_are_too_long_are_not_looked_at() {
    let manager = manager();
    let cookie = format!("{NAME}={}", sealed(&good()));
    let padding = "x".repeat(65_536 - cookie.len() - "; y=".len());
    let fitting = format!("{cookie}; y={padding}");
    assert!(manager.load([fitting.as_bytes()], at(0)).get().is_some());
    for headers in [vec![format!("{fitting}x")], vec![fitting, "z".to_owned()]] {
        let session = manager.load(headers.iter().map(String::as_bytes), at(0));
        assert_eq!((session.get(), session.refusal()), (None, Some(Refusal::HeaderTooLong)));
        session.update_or_default(|cart: &mut Cart| cart.items.push(3)).unwrap();
        assert_eq!(written(&manager, &session).data(), [1, 3]);
    }
}
