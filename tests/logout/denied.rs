//! The deny-list in the layer: one session is ended, with its copies, and no other.

use std::sync::{Arc, Mutex};

use axum::Router;
use hardtack::{DenyListFull, Event, EventKind, HookFailure, MemoryDenyList, SessionError};

use crate::common::{
    Hands, NOW, Plain,
    login::{Login, REMOVAL, act, app, builder, cookie, fails, inside, plain, user_7, whose},
};

/// A service with a list of this many entries.
#[track_caller]
fn listed(hands: &Hands, capacity: usize) -> (Router, Arc<MemoryDenyList>) {
    let list = Arc::new(MemoryDenyList::new(capacity).clock(hands.clock()));
    (app(builder(hands).deny_list(Arc::clone(&list)).build().unwrap()), list)
}

/// Another session of user 7.
#[track_caller]
fn other(id: u8) -> String {
    cookie(&Plain { session_id: [id; 16], ..plain() })
}

#[tokio::test]
async fn a_copy_is_refused_after_end_and_other_sessions_of_the_user_live() {
    let (app, _) = listed(&Hands::default(), 8);
    let (copy, phone) = (user_7(), other(6));
    let resealed = cookie(&Plain { issued_at: NOW + 1, expires_at: NOW + 1801, ..plain() });
    assert_eq!(act(&app, "/logout", &user_7()).await.cookies(), [REMOVAL]);
    for (cookie, user) in [(copy, "nobody"), (resealed, "nobody"), (phone, "7")] {
        assert_eq!(whose(&app, &cookie).await, user);
    }
}

#[tokio::test]
async fn what_replaces_a_session_denies_it() {
    for (verb, entries) in [("/cycle", 1), ("/login", 2), ("/again", 1)] {
        let (app, list) = listed(&Hands::default(), 8);
        let new = act(&app, verb, &user_7()).await.cookie().to_owned();
        assert_ne!(inside(&new).session_id, [5; 16], "{verb}");
        assert_eq!((whose(&app, &user_7()).await, whose(&app, &new).await), ("nobody".into(), "7".into()), "{verb}");
        assert_eq!(list.len(), entries, "{verb}");
    }
}

#[tokio::test]
async fn what_keeps_a_session_denies_nothing() {
    let (app, list) = listed(&Hands::default(), 8);
    for verb in ["/change", "/renew", "/default"] {
        let new = act(&app, verb, &user_7()).await.cookie().to_owned();
        assert_eq!(inside(&new).session_id, [5; 16], "{verb}");
        assert_eq!((whose(&app, &user_7()).await, whose(&app, &new).await), ("7".into(), "7".into()), "{verb}");
    }
    // Nor is there anything to deny where no session arrived.
    for verb in ["/login", "/logout"] {
        act(&app, verb, "").await;
        act(&app, verb, "__Host-login=garbage").await;
    }
    assert!(list.is_empty());
}

#[tokio::test]
async fn a_session_that_is_replaced_and_then_ended_in_one_request_is_denied() {
    let (hands, list) = (Hands::default(), Arc::new(MemoryDenyList::new(8)));
    let handler = async |session: hardtack::Session<Login>| {
        session.cycle().unwrap();
        session.begin(Login { user: 9, stamp: 1 }).unwrap();
        session.end();
    };
    let layer = builder(&hands).deny_list(Arc::clone(&list)).build().unwrap();
    let app = crate::common::login::routes().route("/", axum::routing::post(handler)).layer(layer);
    assert_eq!(act(&app, "/", &user_7()).await.cookies(), [REMOVAL]);
    assert_eq!((whose(&app, &user_7()).await, list.len()), ("nobody".to_owned(), 2));
}

#[tokio::test]
async fn layers_may_share_a_list() {
    let hands = Hands::default();
    let (first, list) = listed(&hands, 8);
    let second = app(builder(&hands).deny_list(list).build().unwrap());
    act(&first, "/logout", &user_7()).await;
    assert_eq!(whose(&second, &user_7()).await, "nobody");
}

#[tokio::test]
async fn an_entry_makes_room_when_no_token_of_its_session_opens_and_not_before() {
    let hands = Hands::default();
    let (app, list) = listed(&hands, 2);
    act(&app, "/cycle", &user_7()).await; // ends at 43,200, and 240 s later by any clock
    act(&app, "/cycle", &other(6)).await;
    for (seconds, status) in [(43_439, 500), (43_440, 200)] {
        hands.set(seconds);
        let login = act(&app, "/login", "").await.cookie().to_owned();
        assert_eq!(act(&app, "/logout", &login).await.status.as_u16(), status, "{seconds}");
        assert_eq!(whose(&app, &login).await, if status == 200 { "nobody" } else { "7" }, "{seconds}");
        assert_eq!(list.len(), 2);
    }
}

#[tokio::test]
async fn a_full_list_makes_logout_an_error_and_the_session_lives() {
    let failures = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&failures);
    let list = Arc::new(MemoryDenyList::new(2));
    let layer = builder(&Hands::default())
        .deny_list(Arc::clone(&list))
        .observer(move |event: &Event<'_>| {
            if let EventKind::HookFailed(HookFailure::Failed(error)) = event.kind {
                heard.lock().unwrap().push((event.cookie.to_owned(), error.is::<DenyListFull>()));
            }
        })
        .build()
        .unwrap();
    let app = app(layer);
    act(&app, "/logout", &user_7()).await;
    for verb in ["/logout", "/cycle", "/login", "/again"] {
        let (error, reply) = fails(&app, verb, &other(6)).await;
        assert_eq!((error, reply.status.as_u16()), (Some(SessionError::HookFailed), 500), "{verb}");
        assert_eq!((reply.text(), reply.cookies().len()), ("", 0), "{verb}");
        assert_eq!(failures.lock().unwrap().pop(), Some(("__Host-login".to_owned(), true)), "{verb}");
        assert_eq!(whose(&app, &other(6)).await, "7", "{verb}");
    }
    // What is in the list already needs no room, and nobody needs a list to log in.
    assert_eq!(act(&app, "/logout", &user_7()).await.cookies(), [REMOVAL]);
    assert_eq!(act(&app, "/login", "").await.cookies().len(), 1);
    assert!(failures.lock().unwrap().is_empty());
}
