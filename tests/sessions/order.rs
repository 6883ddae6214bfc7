//! Verbs in sequence, and which of them a response carries.

use hardtack::{Session, SessionError};

use crate::sessions::{Shop, begun, carried, common::at, manager, plain, sent, shop, user};

/// A verb with the user it leaves.
#[derive(Clone, Copy, Debug)]
enum Verb {
    Begin(u64),
    Remember,
    Update(u64),
    Default(u64),
    Cycle,
    End,
}

/// What a response carries.
#[derive(Debug, PartialEq)]
enum Sent {
    Nothing,
    Removal,
    User(u8),
}

use Verb::{Begin, Cycle, Default, End, Remember, Update};

fn act(session: &Session<Shop>, verb: Verb) -> Result<(), SessionError> {
    match verb {
        Begin(id) => session.begin(user(id)),
        Remember => session.remember(true),
        Update(id) => session.update(|shop| shop.user = id),
        Default(id) => session.update_or_default(|shop| shop.user = id),
        Cycle => session.cycle(),
        End => session.try_end(),
    }
}

/// What these verbs come to on a request of user 1, or of nobody.
#[track_caller]
fn outcome(logged_in: bool, verbs: &[Verb], server_error: bool) -> Sent {
    let manager = manager();
    let cookie = if logged_in { begun(&manager, user(1), 0) } else { String::new() };
    let session = carried(&manager, &cookie, 0);
    for verb in verbs {
        assert_eq!(act(&session, *verb), Ok(()), "{verb:?} of {verbs:?}");
    }
    match &*manager.commit(&session, server_error, at(0)).unwrap() {
        [] => Sent::Nothing,
        [removal] if removal.starts_with("__Host-shop=;") => Sent::Removal,
        [set_cookie] => Sent::User(plain(set_cookie).data()[0]),
        several => panic!("{several:?}"),
    }
}

/// With a status below 500, and with a 5xx.
#[track_caller]
fn both(logged_in: bool, verbs: &[Verb]) -> (Sent, Sent) {
    (outcome(logged_in, verbs, false), outcome(logged_in, verbs, true))
}

#[test]
fn a_change_of_data_is_not_written_on_a_server_error() {
    assert_eq!(both(true, &[]), (Sent::Nothing, Sent::Nothing));
    assert_eq!(both(true, &[Update(5)]), (Sent::User(5), Sent::Nothing));
    assert_eq!(both(true, &[Default(5)]), (Sent::User(5), Sent::Nothing));
    assert_eq!(both(false, &[Default(5)]), (Sent::User(5), Sent::Nothing));
    assert_eq!(both(false, &[Default(5), Update(6)]), (Sent::User(6), Sent::Nothing));
}

#[test]
fn begin_cycle_and_end_are_written_whatever_the_status() {
    for logged_in in [true, false] {
        assert_eq!(both(logged_in, &[Begin(2)]), (Sent::User(2), Sent::User(2)));
        assert_eq!(both(logged_in, &[Begin(2), Remember]), (Sent::User(2), Sent::User(2)));
        assert_eq!(both(logged_in, &[End]), (Sent::Removal, Sent::Removal));
    }
    assert_eq!(both(true, &[Cycle]), (Sent::User(1), Sent::User(1)));
}

#[test]
fn the_last_explicit_verb_wins() {
    for logged_in in [true, false] {
        assert_eq!(both(logged_in, &[Begin(2), End]), (Sent::Removal, Sent::Removal));
        assert_eq!(both(logged_in, &[End, Begin(2)]), (Sent::User(2), Sent::User(2)));
        assert_eq!(both(logged_in, &[Begin(2), Begin(3)]), (Sent::User(3), Sent::User(3)));
        assert_eq!(both(logged_in, &[Begin(2), End, Begin(3)]), (Sent::User(3), Sent::User(3)));
        assert_eq!(both(logged_in, &[End, Begin(2), End]), (Sent::Removal, Sent::Removal));
        assert_eq!(both(logged_in, &[End, End]), (Sent::Removal, Sent::Removal));
    }
    assert_eq!(both(true, &[Cycle, End]), (Sent::Removal, Sent::Removal));
    assert_eq!(both(true, &[Update(5), End]), (Sent::Removal, Sent::Removal));
    assert_eq!(both(true, &[Update(5), Begin(2)]), (Sent::User(2), Sent::User(2)));
}

#[test]
fn a_change_on_top_of_an_explicit_verb_goes_out_with_it() {
    assert_eq!(both(false, &[Begin(2), Update(5)]), (Sent::User(5), Sent::User(5)));
    assert_eq!(both(true, &[Cycle, Update(5)]), (Sent::User(5), Sent::User(5)));
    assert_eq!(both(true, &[Update(5), Cycle]), (Sent::User(5), Sent::User(5)));
    assert_eq!(both(true, &[Begin(2), Update(2)]), (Sent::User(2), Sent::User(2)));
}

#[test]
fn what_begins_after_an_end_replaces_it_whatever_the_status() {
    for logged_in in [true, false] {
        assert_eq!(both(logged_in, &[End, Default(4)]), (Sent::User(4), Sent::User(4)));
        assert_eq!(both(logged_in, &[End, Default(4), Update(5)]), (Sent::User(5), Sent::User(5)));
        assert_eq!(both(logged_in, &[End, Default(4), End]), (Sent::Removal, Sent::Removal));
    }
}

#[test]
fn nothing_can_be_updated_after_an_end_and_the_end_stays() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 0);
    session.end();
    for verb in [Update(5), Cycle] {
        assert_eq!(act(&session, verb), Err(SessionError::NoSession), "{verb:?}");
    }
    assert!(sent(&manager, &session, 0)[0].starts_with("__Host-shop=;"));
}

#[test]
fn a_response_carries_a_session_once() {
    let manager = manager();
    let session = manager.load([], at(0));
    session.begin(shop()).unwrap();
    assert_eq!(sent(&manager, &session, 0).len(), 1);
    assert_eq!(sent(&manager, &session, 0).len(), 0);
    assert_eq!(manager.commit(&session, true, at(0)), Ok(vec![]));
}

#[test]
fn after_the_response_has_left_the_session_is_read_only() {
    let manager = manager();
    let cookie = begun(&manager, shop(), 0);
    for used_before in [true, false] {
        let session = carried(&manager, &cookie, 0);
        assert!(!used_before || session.get().is_some());
        sent(&manager, &session, 0);
        for verb in [Begin(2), Remember, Update(5), Default(5), Cycle, End] {
            assert_eq!(act(&session, verb), Err(SessionError::HeadersSent), "{verb:?}");
        }
        session.end();
        assert_eq!(*session.get().unwrap(), shop());
        assert_eq!(session.claims().unwrap().created_at(), at(0));
        assert!(sent(&manager, &session, 0).is_empty());
    }
}

#[test]
fn what_a_server_error_left_out_cannot_be_sent_later() {
    let manager = manager();
    let session = carried(&manager, &begun(&manager, shop(), 0), 0);
    session.update(|shop| shop.user = 5).unwrap();
    assert_eq!(manager.commit(&session, true, at(0)), Ok(vec![]));
    assert_eq!(manager.commit(&session, false, at(0)), Ok(vec![]));
}
