//! What refused cookies tell, and which of them name a key.

use hardtack::{Policy, SessionManager};

use crate::events::{
    Login, NAME,
    common::{NOW, OTHER, Plain, SECRET, Told, at, ring, token},
    good, login, manager, read, request, sealed,
};

fn altered(change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = token::bytes(&sealed(&good()));
    change(&mut bytes);
    token::text(&bytes)
}

fn ahead(seconds: u64) -> String {
    let now = NOW + seconds;
    sealed(&Plain { created_at: now, ends_at: now + 43_200, issued_at: now, expires_at: now + 1800, ..good() })
}

/// A value for each reason, and what is told of it. A key is named where the value names one of ours, and no other.
#[track_caller]
fn cases() -> Vec<(String, &'static str)> {
    let idle =
        Plain { created_at: NOW - 1800, ends_at: NOW + 41_400, issued_at: NOW - 1800, expires_at: NOW, ..good() };
    let ended = Plain { created_at: NOW - 43_200, ends_at: NOW, issued_at: NOW - 1, expires_at: NOW, ..good() };
    let early = NOW - 100_001;
    let revoked = Plain { flags: 1, created_at: early, ends_at: early + 2_592_000, ..good() };
    let critical = Plain { flags: 2, extensions: Some(vec![1, 0]), ..good() };
    vec![
        ("A".repeat(4096), "refused - - TooLong"),
        ("garbage!".to_owned(), "refused - - Encoding"),
        (format!("{}!", sealed(&good())), "refused - a65c4d76 Encoding"),
        (String::new(), "refused - - TooShort"),
        (altered(|bytes| bytes.truncate(5)), "refused - - TooShort"),
        (altered(|bytes| bytes.truncate(67)), "refused - a65c4d76 TooShort"),
        (altered(|bytes| bytes[0] = 0x21), "held - a65c4d76 Version"),
        (altered(|bytes| bytes[0] = 0x13), "held - a65c4d76 Suite"),
        (altered(|bytes| bytes[1] ^= 1), "held - - UnknownKey"),
        (good().seal(&OTHER, NAME, ""), "held - - UnknownKey"),
        (altered(|bytes| bytes[0] = 0x12), "refused - a65c4d76 Authentication"),
        (altered(|bytes| bytes[40] ^= 1), "refused - a65c4d76 Authentication"),
        (good().seal(&SECRET, "__Host-cart", ""), "refused - a65c4d76 Authentication"),
        (sealed(&Plain { flags: 4, ..good() }), "held - a65c4d76 Flags"),
        (sealed(&Plain { expires_at: NOW, ..good() }), "refused - a65c4d76 Format"),
        (sealed(&critical), "held - a65c4d76 Extension"),
        (ahead(61), "held - a65c4d76 NotYetValid { seconds_ahead: 61 }"),
        (ahead(3601), "refused - a65c4d76 NotYetValid { seconds_ahead: 3601 }"),
        (sealed(&ended), "refused - a65c4d76 AbsoluteTimeout"),
        (sealed(&idle), "refused - a65c4d76 IdleTimeout"),
        (sealed(&revoked), "refused - a65c4d76 Revoked"),
        (sealed(&Plain { schema: 2, ..good() }), "held - a65c4d76 Schema"),
        (sealed(&Plain { payload: [good().payload, vec![0]].concat(), ..good() }), "refused - a65c4d76 Payload"),
    ]
}

#[test]
fn each_reason_is_told_once() {
    let told = Told::default();
    let policy = Policy::default().valid_after(at(-100_000));
    let builder = SessionManager::<Login>::builder(ring()).policy(policy);
    let manager = builder.clock(hardtack::Clock::from_fn(|| at(0))).observer(told.clone()).build().unwrap();
    let cases = cases();
    assert_eq!(cases.len(), 23);
    for (value, line) in cases {
        let set_cookies = request(&manager, &[value], 0, |session| {
            assert!(session.get().is_none());
            let _ = (session.refusal(), session.claims());
        });
        assert!(set_cookies.is_empty(), "{line}");
        assert_eq!(told.take(), [line]);
    }
    // The control: what they were made from.
    request(&manager, &[sealed(&good())], 0, read);
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0"]);
}

#[test]
fn a_beginning_over_a_held_cookie_names_no_session() {
    let told = Told::default();
    request(&manager(&told), &[good().seal(&OTHER, NAME, "")], 0, |session| session.begin(login(7)).unwrap());
    let lines = ["begun A a65c4d76 replaces -", "sealed A a65c4d76 136 bytes"];
    assert_eq!(told.take(), [&["held - - UnknownKey"][..], &lines].concat());
}

#[test]
fn headers_that_are_too_long() {
    let told = Told::default();
    let manager = manager(&told);
    let session = manager.load([&*vec![b'x'; 65_537]], at(0));
    read(&session);
    assert_eq!(told.take(), ["refused - - HeaderTooLong"]);
}

#[test]
fn several_cookies() {
    let told = Told::default();
    let manager = manager(&told);
    let of = |session_id: u8, issued_at: u64| {
        sealed(&Plain { session_id: [session_id; 16], issued_at, expires_at: issued_at + 1800, ..good() })
    };
    request(&manager, &[of(5, NOW), of(5, NOW + 3), of(5, NOW + 1)], 10, read);
    assert_eq!(told.take(), ["several_cookies - - 3", "opened A a65c4d76 issued 3"], "the latest of one session");
    request(&manager, &["garbage!".to_owned(), of(5, NOW)], 10, read);
    assert_eq!(told.take(), ["several_cookies - - 2", "opened A a65c4d76 issued 0"]);
    request(&manager, &[of(5, NOW), of(6, NOW)], 10, read);
    assert_eq!(told.take(), ["several_cookies - - 2", "refused - - ConflictingCookies"]);
    request(&manager, &["garbage!".to_owned(), good().seal(&OTHER, NAME, "")], 10, read);
    assert_eq!(told.take(), ["several_cookies - - 2", "held - - UnknownKey"]);
    request(&manager, &vec![of(5, NOW); 5], 10, read);
    assert_eq!(told.take(), ["refused - - TooManyCookies"]);
}
