//! `Watch`: ids and tokens that come back.

use std::sync::{Arc, Mutex};

use hardtack::{Event, Session, SessionManager, Watch};

use crate::watch::{
    Login,
    common::{NOW, Plain, Told, at, pair, ring},
    cookie, good,
};

#[track_caller]
fn manager(told: &Told, capacity: usize) -> SessionManager<Login> {
    SessionManager::builder(ring()).observer(Watch::new(capacity, told.clone())).build().unwrap()
}

/// A request with this cookie: what a handler does, and `name=value` of what is set.
#[track_caller]
fn visit(
    manager: &SessionManager<Login>,
    cookie: &str,
    seconds: i64,
    handler: impl FnOnce(&Session<Login>),
) -> Vec<String> {
    let session = manager.load([cookie.as_bytes()], at(seconds));
    handler(&session);
    let set_cookies = manager.commit(&session, false, at(seconds)).unwrap();
    set_cookies.iter().map(|set_cookie| pair(set_cookie).to_owned()).collect()
}

type Verb = fn(&Session<Login>);

/// Looks at the session of user 7, who has one.
fn read(session: &Session<Login>) {
    assert_eq!(session.get().as_deref(), Some(&Login { user: 7 }));
}

#[test]
fn an_id_comes_back_after_it_was_cycled_replaced_or_ended() {
    let verbs: [(&str, Verb); 4] = [
        ("cycle", |session| session.cycle().unwrap()),
        ("begin", |session| session.begin(Login { user: 8 }).unwrap()),
        ("reauthenticate", |session| session.reauthenticate().unwrap()),
        ("end", Session::end),
    ];
    for (verb, act) in verbs {
        let told = Told::default();
        let manager = manager(&told, 100);
        visit(&manager, &cookie(&good()), 1, act);
        assert!(!told.take().iter().any(|line| line.starts_with("retired")), "{verb}");
        // Again and again: each time is told.
        for _ in 0..2 {
            assert!(visit(&manager, &cookie(&good()), 2, read).is_empty(), "{verb}: a signal, no gate");
            assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "retired_returned A a65c4d76"], "{verb}");
        }
    }
}

#[test]
fn what_took_its_place_is_in_order() {
    let told = Told::default();
    let manager = manager(&told, 100);
    let cycled = visit(&manager, &cookie(&good()), 1, |session| session.cycle().unwrap()).remove(0);
    told.take();
    visit(&manager, &cycled, 2, read);
    visit(&manager, &cycled, 2, read);
    assert_eq!(told.take(), ["opened B a65c4d76 issued 1"; 2]);
}

#[test]
fn an_older_token_of_a_session_is_told_with_the_difference() {
    let told = Told::default();
    let manager = manager(&told, 100);
    let renewed = visit(&manager, &cookie(&good()), 900, read).remove(0);
    visit(&manager, &cookie(&good()), 900, |session| {
        read(session);
        session.skip_renewal();
    });
    assert!(!told.take().iter().any(|line| line.starts_with("went")), "nobody has seen the newer one arrive");
    visit(&manager, &renewed, 901, read);
    assert_eq!(told.take(), ["opened A a65c4d76 issued 900"]);
    for _ in 0..2 {
        assert_eq!(visit(&manager, &cookie(&good()), 902, read).len(), 1, "renewed as ever: a signal, no gate");
        let lines = ["opened A a65c4d76 issued 0", "went_backwards A a65c4d76 900 s"];
        assert_eq!(told.take()[..2], lines);
    }
    visit(&manager, &renewed, 903, read);
    assert_eq!(told.take(), ["opened A a65c4d76 issued 900"], "the same one again is in order");
}

#[test]
fn other_sessions_are_not_mixed_up() {
    let told = Told::default();
    let manager = manager(&told, 6400);
    for id in 0..100 {
        let issued_at = NOW + 200 - u64::from(id);
        let plain = Plain { session_id: [id; 16], issued_at, expires_at: issued_at + 1800, ..good() };
        visit(&manager, &cookie(&plain), 300, read);
    }
    let lines = told_kinds(&told);
    assert_eq!(lines, vec!["opened"; 100]);
}

/// The names of what was told.
fn told_kinds(told: &Told) -> Vec<String> {
    let name = |line: &String| line.split(' ').next().unwrap().to_owned();
    told.take().iter().map(name).collect()
}

/// How many of 500 ended sessions a watch of this capacity knows again, the last ended first.
#[track_caller]
fn known_again(capacity: usize) -> usize {
    let known = Arc::new(Mutex::new(0));
    let count = Arc::clone(&known);
    let watch = Watch::new(capacity, move |event: &Event<'_>| {
        if event.kind.name() == "retired_returned" {
            *count.lock().unwrap() += 1;
        }
    });
    let manager = SessionManager::<Login>::builder(ring()).observer(watch).build().unwrap();
    let of = |number: u16| {
        let mut session_id = [5; 16];
        session_id[..2].copy_from_slice(&number.to_be_bytes());
        cookie(&Plain { session_id, ..good() })
    };
    for number in 0..500 {
        visit(&manager, &of(number), 1, Session::end);
    }
    for number in (0..500).rev() {
        visit(&manager, &of(number), 2, |session| assert!(session.get().is_some(), "a signal, no gate"));
    }
    *known.lock().unwrap()
}

#[test]
fn it_remembers_so_many_sessions_as_it_is_given_room_for() {
    // The parts fill unevenly, so what is promised is a bound, and with ample room that nothing is forgotten.
    assert_eq!(known_again(6400), 500);
    for capacity in [0, 1, 64] {
        // One place in each of 64 parts.
        let known = known_again(capacity);
        assert!((1..=64).contains(&known), "{capacity}: {known}");
    }
    let known = known_again(320);
    assert!((65..=320).contains(&known), "{known}");
}

#[test]
fn an_id_that_was_ended_stays_so_when_an_older_token_arrives() {
    let told = Told::default();
    let manager = manager(&told, 100);
    visit(&manager, &cookie(&good()), 1, Session::end);
    told.take();
    let later = Plain { issued_at: NOW + 5, expires_at: NOW + 1805, ..good() };
    visit(&manager, &cookie(&later), 6, read);
    visit(&manager, &cookie(&good()), 6, read);
    let lines = [
        "opened A a65c4d76 issued 5",
        "retired_returned A a65c4d76",
        "opened A a65c4d76 issued 0",
        "retired_returned A a65c4d76",
    ];
    assert_eq!(told.take(), lines);
}

#[test]
fn an_end_without_a_session_and_refused_cookies_are_passed_on_and_not_remembered() {
    let told = Told::default();
    let manager = manager(&told, 100);
    visit(&manager, "", 1, Session::end);
    visit(&manager, "__Host-login=garbage!", 1, |session| assert!(session.get().is_none()));
    visit(&manager, "", 1, |session| session.begin(Login { user: 7 }).unwrap());
    let lines = ["ended - -", "refused - - Encoding", "begun A a65c4d76 replaces -", "sealed A a65c4d76 136 bytes"];
    assert_eq!(told.take(), lines);
}

#[test]
fn it_remembers_although_its_observer_panics() {
    let told = Told::default();
    let tells = told.clone();
    let panics_once = move |event: &Event<'_>| {
        assert_ne!(event.kind.name(), "cycled", "on purpose");
        hardtack::Observer::observe(&tells, event);
    };
    let manager = SessionManager::builder(ring()).observer(Watch::new(100, panics_once)).build().unwrap();
    visit(&manager, &cookie(&good()), 0, |session| session.cycle().unwrap());
    told.take();
    visit(&manager, &cookie(&good()), 1, read);
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "retired_returned A a65c4d76"]);
}
