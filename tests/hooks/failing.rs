//! Hooks that fail, panic or never answer: closed by default.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::Router;
use hardtack::{Builder, Refusal, SessionError, Verdict, tower::SessionLayer};
use tokio::time::Instant;

use crate::hooks::{
    FAILINGS, Failing, FailingList, Heard,
    common::{
        Hands,
        login::{Login, REMOVAL, act, app, builder, fails, inside, user_7, whose},
        web::{self, send},
    },
};

/// Puts a hook that fails like this on a layer: the check of users, or the list when it is asked.
fn put(
    failing: Failing,
    list: bool,
    builder: Builder<Login, SessionLayer<Login>>,
) -> Builder<Login, SessionLayer<Login>> {
    if list {
        builder.deny_list(FailingList { asked: Some(failing), told: None })
    } else {
        builder.check_user(move |_, _| failing.hook())
    }
}

/// All ways to fail, of both hooks.
fn cases() -> Vec<(Failing, bool)> {
    FAILINGS.into_iter().flat_map(|failing| [(failing, true), (failing, false)]).collect()
}

/// A service at 15 minutes, with a hook that fails like this.
#[track_caller]
fn failing(failing: Failing, list: bool) -> (Router, Hands, Heard) {
    let (hands, heard) = (Hands::default(), Heard::default());
    let layer = heard.on(put(failing, list, builder(&hands))).build().unwrap();
    hands.set(900);
    (app(layer), hands, heard)
}

#[tokio::test(start_paused = true)]
async fn the_session_is_refused_like_any_other_and_the_operator_is_told() {
    for (kind, list) in cases() {
        let (app, _, heard) = failing(kind, list);
        let started = Instant::now();
        let reply = send(&app, web::get("/who"), &user_7()).await;
        let waited = if kind == Failing::Never { 2000 } else { 0 };
        assert_eq!(started.elapsed().as_millis(), waited, "{kind:?}");
        assert_eq!(reply, send(&app, web::get("/who"), "").await, "{kind:?}");
        assert_eq!((reply.text(), reply.cookies().len()), ("nobody", 0), "{kind:?}");
        let failure = format!("__Host-login hook: {}", kind.failure());
        assert_eq!(heard.take(), [failure, "__Host-login held: CheckFailed".to_owned()], "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_but_begin_and_end_replaces_its_cookie() {
    for (kind, list) in cases() {
        let (app, ..) = failing(kind, list);
        for path in ["/change", "/default"] {
            let (error, reply) = fails(&app, path, &user_7()).await;
            assert_eq!(error, Some(SessionError::Held(Refusal::CheckFailed)), "{kind:?} {path}");
            assert_eq!((reply.status.as_u16(), reply.cookies().len()), (401, 0), "{kind:?} {path}");
        }
        let login = act(&app, "/login", &user_7()).await;
        assert_eq!(inside(login.cookie()).data(), [7, 1], "{kind:?}");
        assert_eq!(act(&app, "/logout", &user_7()).await.cookies(), [REMOVAL], "{kind:?}");
    }
}

#[tokio::test]
async fn a_check_that_is_not_due_cannot_fail() {
    for kind in FAILINGS {
        let (app, hands, heard) = failing(kind, false);
        hands.set(899);
        assert_eq!((whose(&app, &user_7()).await, heard.take().len()), ("7".to_owned(), 0), "{kind:?}");
    }
}

#[tokio::test]
async fn the_session_is_back_when_the_hook_is() {
    let (hands, away) = (Hands::default(), Arc::new(AtomicBool::new(true)));
    let down = Arc::clone(&away);
    let layer = builder(&hands).check_user(move |_, _| {
        let answer = if down.load(Ordering::SeqCst) { Err("the database is away".into()) } else { Ok(Verdict::Valid) };
        async { answer }
    });
    let app = app(layer.build().unwrap());
    hands.set(900);
    assert_eq!(whose(&app, &user_7()).await, "nobody");
    away.store(false, Ordering::SeqCst);
    assert_eq!(whose(&app, &user_7()).await, "7");
}

#[tokio::test(start_paused = true)]
async fn a_hook_may_take_as_long_as_it_is_given() {
    for (given, took, user) in [
        (None, 1999, "7"),
        (None, 2001, "nobody"),
        (Some(5000), 4999, "7"),
        (Some(5000), 5001, "nobody"),
        (Some(1), 0, "7"),
        (Some(1), 3, "nobody"),
    ] {
        let hands = Hands::default();
        let mut builder = builder(&hands).check_user(move |_, _| async move {
            if took > 0 {
                tokio::time::sleep(Duration::from_millis(took)).await;
            }
            Ok(Verdict::Valid)
        });
        if let Some(given) = given {
            builder = builder.hook_timeout(time::Duration::milliseconds(given));
        }
        hands.set(900);
        let (app, started) = (app(builder.build().unwrap()), Instant::now());
        assert_eq!(whose(&app, &user_7()).await, user, "{given:?} {took}");
        let waited = if user == "7" { took } else { given.map_or(2000, i64::unsigned_abs) };
        assert!(started.elapsed().as_millis().abs_diff(u128::from(waited)) <= 1, "{given:?} {took}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_cannot_be_told_makes_logout_an_error_and_the_session_lives() {
    for kind in FAILINGS {
        let (hands, heard) = (Hands::default(), Heard::default());
        let list = FailingList { asked: None, told: Some(kind) };
        let app = app(heard.on(builder(&hands)).deny_list(list).build().unwrap());
        for path in ["/logout", "/cycle", "/login", "/again"] {
            let started = Instant::now();
            let (error, reply) = fails(&app, path, &user_7()).await;
            assert_eq!(started.elapsed().as_millis(), if kind == Failing::Never { 2000 } else { 0 }, "{kind:?}");
            assert_eq!((error, reply.status.as_u16()), (Some(SessionError::HookFailed), 500), "{kind:?} {path}");
            assert_eq!((reply.text(), reply.cookies().len()), ("", 0), "{kind:?} {path}");
            assert_eq!(heard.take(), [format!("__Host-login hook: {}", kind.failure())], "{kind:?} {path}");
        }
        assert_eq!(whose(&app, &user_7()).await, "7", "{kind:?}");
        assert_eq!(act(&app, "/login", "").await.cookies().len(), 1, "{kind:?}: nothing is replaced");
    }
}
