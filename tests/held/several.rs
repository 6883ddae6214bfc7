//! Several cookies of our name.

use hardtack::{Refusal, SessionError};

use crate::held::{
    NAME, at, carrying, cart,
    common::{NOW, Plain},
    foreign, good, manager, sealed, sent, written,
};

/// Our good session, sealed so many seconds ago, with this item.
fn issued(seconds: u64, item: u8) -> String {
    let past = NOW - seconds;
    let times =
        Plain { created_at: NOW - 600, ends_at: NOW + 42_600, issued_at: past, expires_at: past + 1800, ..good() };
    sealed(&Plain { payload: crate::common::layout::items(&[item.into()]), ..times })
}

/// Another session.
fn another() -> String {
    sealed(&Plain { session_id: [6; 16], ..good() })
}

fn expired() -> String {
    sealed(&Plain {
        created_at: NOW - 9000,
        ends_at: NOW + 34_200,
        issued_at: NOW - 9000,
        expires_at: NOW - 7200,
        ..good()
    })
}

fn garbage() -> String {
    "garbage!".to_owned()
}

/// The items of a request with these values, or why there are none; the other way round it must be the same.
#[track_caller]
fn outcome(values: &[String]) -> Result<Vec<u32>, Refusal> {
    let manager = manager();
    let read = |values: &[String]| {
        let session = carrying(&manager, values);
        let outcome = match session.get() {
            Some(cart) => {
                assert_eq!(session.refusal(), None);
                Ok(cart.items.clone())
            }
            None => Err(session.refusal().expect("a reason")),
        };
        assert!(sent(&manager, &session).is_empty(), "{values:?}");
        outcome
    };
    let turned: Vec<String> = values.iter().rev().cloned().collect();
    let outcome = read(values);
    assert_eq!(read(&turned), outcome, "the other way round");
    outcome
}

#[test]
fn four_are_looked_at_and_five_are_not() {
    assert_eq!(outcome(&vec![issued(0, 7); 4]), Ok(vec![7]));
    assert_eq!(outcome(&vec![issued(0, 7); 5]), Err(Refusal::TooManyCookies));
    assert_eq!(outcome(&[garbage(), garbage(), garbage(), issued(0, 7)]), Ok(vec![7]));
    assert_eq!(outcome(&[garbage(), garbage(), garbage(), garbage(), issued(0, 7)]), Err(Refusal::TooManyCookies));
}

#[test]
fn of_one_session_the_latest_wins() {
    assert_eq!(outcome(&[issued(20, 1), issued(10, 2)]), Ok(vec![2]));
    assert_eq!(outcome(&[issued(20, 1), issued(5, 3), issued(10, 2), issued(30, 4)]), Ok(vec![3]));
}

#[test]
fn of_equals_the_first_wins() {
    let manager = manager();
    for (first, second) in [(1, 2), (2, 1)] {
        let session = carrying(&manager, &[issued(10, first), issued(10, second)]);
        assert_eq!(session.get().unwrap().items, [u32::from(first)]);
    }
}

#[test]
fn of_two_sessions_there_is_none() {
    assert_eq!(outcome(&[issued(0, 7), another()]), Err(Refusal::ConflictingCookies));
    assert_eq!(outcome(&[issued(10, 7), another(), issued(0, 7)]), Err(Refusal::ConflictingCookies));
    assert_eq!(outcome(&[issued(10, 7), garbage(), issued(0, 7), another()]), Err(Refusal::ConflictingCookies));
    assert_eq!(outcome(&[foreign(), issued(10, 7), another()]), Err(Refusal::ConflictingCookies));
}

#[test]
fn two_sessions_are_not_held() {
    let manager = manager();
    let session = carrying(&manager, &[issued(0, 7), another()]);
    assert_eq!(session.update(|_| ()), Err(SessionError::NoSession));
    session.update_or_default(|cart| cart.items.push(3)).unwrap();
    assert_eq!(written(&manager, &session).data(), [1, 3]);
}

#[test]
fn a_valid_one_is_found_beside_others() {
    for other in [garbage(), foreign(), expired(), String::new()] {
        assert_eq!(outcome(&[other.clone(), issued(0, 7)]), Ok(vec![7]));
        assert_eq!(outcome(&[other.clone(), issued(0, 7), other]), Ok(vec![7]));
    }
}

#[test]
fn a_valid_one_beside_a_held_one_can_be_written_to() {
    let manager = manager();
    let session = carrying(&manager, &[foreign(), issued(0, 7)]);
    session.update(|cart| cart.items.push(8)).unwrap();
    assert_eq!(written(&manager, &session).data(), [2, 7, 8]);
}

#[test]
fn where_none_is_valid_a_held_one_counts() {
    assert_eq!(outcome(&[garbage(), foreign()]), Err(Refusal::UnknownKey));
    assert_eq!(outcome(&[expired(), foreign(), garbage()]), Err(Refusal::UnknownKey));
    let session = carrying(&manager(), &[garbage(), foreign()]);
    assert_eq!(session.update_or_default(|_| ()), Err(SessionError::Held(Refusal::UnknownKey)));
}

#[test]
fn where_none_is_valid_or_held_the_first_reason_counts() {
    let manager = manager();
    let reason = |values: &[String]| carrying(&manager, values).refusal();
    assert_eq!(reason(&[garbage(), expired()]), Some(Refusal::Encoding));
    assert_eq!(reason(&[expired(), garbage()]), Some(Refusal::IdleTimeout));
    assert_eq!(reason(&["A".repeat(5120), garbage()]), Some(Refusal::TooLong));
}

#[test]
fn several_headers_are_as_one() {
    let manager = manager();
    let load = |values: &[String]| {
        let headers: Vec<String> = values.iter().map(|value| format!("a=b; {NAME}={value}; c=d")).collect();
        manager.load(headers.iter().map(String::as_bytes), at(0))
    };
    assert_eq!(load(&[issued(20, 1), issued(10, 2)]).get().as_deref(), Some(&cart(&[2])));
    assert_eq!(load(&[issued(0, 7), another()]).refusal(), Some(Refusal::ConflictingCookies));
    assert_eq!(load(&vec![issued(0, 7); 5]).refusal(), Some(Refusal::TooManyCookies));
}

#[test]
fn begin_and_end_act_on_several() {
    let manager = manager();
    let values = [issued(0, 7), another()];
    let begun = carrying(&manager, &values);
    begun.begin(cart(&[1])).unwrap();
    assert_eq!(written(&manager, &begun).data(), [1, 1]);
    let ended = carrying(&manager, &values);
    ended.end();
    assert!(sent(&manager, &ended)[0].starts_with("__Host-cart=; Path=/; Max-Age=0;"));
}
