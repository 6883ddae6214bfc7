//! Hooks that fail, panic or never answer, where the application chose to let sessions pass.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::Router;
use hardtack::{Builder, Policy, Verdict, tower::SessionLayer};
use time::Duration;

use crate::hooks::{
    Check, FAILINGS, FailingList, Heard, List,
    common::{
        Hands, NOW, Plain,
        login::{Login, REMOVAL, act, app, builder, cookie, inside, plain, user_7, whose},
        web::{self, send},
    },
};

/// Such a service at 15 minutes.
#[track_caller]
fn open(hands: &Hands, builder: Builder<Login, SessionLayer<Login>>) -> (Router, Heard) {
    let heard = Heard::default();
    let layer = heard.on(builder).insecure_admit_when_hooks_fail().build().unwrap();
    hands.set(900);
    (app(layer), heard)
}

#[tokio::test(start_paused = true)]
async fn the_session_passes_and_the_operator_is_told() {
    for kind in FAILINGS {
        let hands = Hands::default();
        let failure = format!("__Host-login hook: {}", kind.failure());

        // A renewal is due; but it would also put the next check off by 15 minutes.
        let (app, heard) = open(&hands, builder(&hands).check_user(move |_, _| kind.hook()));
        let reply = send(&app, web::get("/who"), &user_7()).await;
        assert_eq!((reply.text(), reply.cookies().len()), ("7", 0), "{kind:?}");
        assert_eq!(heard.take(), std::slice::from_ref(&failure), "{kind:?}");

        // A list is asked at every request, when it comes and before the renewal.
        let list = FailingList { asked: Some(kind), told: None };
        let (app, heard) = open(&hands, builder(&hands).deny_list(list));
        let reply = send(&app, web::get("/who"), &user_7()).await;
        assert_eq!((reply.text(), inside(reply.cookie()).issued_at), ("7", NOW + 900), "{kind:?}");
        assert_eq!(heard.take(), [failure.clone(), failure], "{kind:?}");
    }
}

#[tokio::test]
async fn a_check_that_failed_is_not_remembered_as_passed() {
    let (hands, policy) = (Hands::default(), Policy::default().idle_timeout(Duration::hours(2)));
    let builder = builder(&hands).policy(policy).check_user(|_, _| async { Err("the database is away".into()) });
    let (app, heard) = open(&hands, builder);
    let long = cookie(&Plain { expires_at: NOW + 7200, ..plain() });
    for _ in 0..2 {
        let reply = send(&app, web::get("/who"), &long).await;
        assert_eq!((reply.text(), reply.cookies().len()), ("7", 0), "no new token for 15 minutes more");
        assert_eq!(heard.take(), ["__Host-login hook: the hook failed: the database is away"]);
    }
}

#[tokio::test]
async fn nor_does_a_change_remember_it() {
    let (hands, away) = (Hands::default(), Arc::new(AtomicBool::new(true)));
    let policy = Policy::default().idle_timeout(Duration::hours(2));
    let down = Arc::clone(&away);
    let builder = builder(&hands).policy(policy).check_user(move |_, _| {
        let away = down.load(Ordering::SeqCst);
        async move { if away { Err("the database is away".into()) } else { Ok(Verdict::Revoked) } }
    });
    let (app, _) = open(&hands, builder);
    let long = cookie(&Plain { expires_at: NOW + 7200, ..plain() });
    for path in ["/change", "/cycle"] {
        away.store(true, Ordering::SeqCst);
        let reply = act(&app, path, &long).await;
        let written = inside(reply.cookie());
        assert_eq!((written.issued_at, written.expires_at), (NOW, NOW + 7200), "{path}: as it arrived");
        away.store(false, Ordering::SeqCst);
        assert_eq!(whose(&app, reply.cookie()).await, "nobody", "{path}: the check is asked again");
    }
    away.store(true, Ordering::SeqCst);
    let reply = act(&app, "/login", &long).await;
    assert_eq!(inside(reply.cookie()).issued_at, NOW + 900, "who begins is not asked about");
}

#[tokio::test(start_paused = true)]
async fn a_change_is_written() {
    for kind in FAILINGS {
        let hands = Hands::default();
        let (app, _) = open(&hands, builder(&hands).check_user(move |_, _| kind.hook()));
        hands.set(60);
        let reply = act(&app, "/change", &user_7()).await;
        assert_eq!(
            (inside(reply.cookie()).data(), inside(reply.cookie()).session_id),
            (vec![7, 2], [5; 16]),
            "{kind:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_logout_that_cannot_be_listed_removes_the_cookie_at_least() {
    for kind in FAILINGS {
        let hands = Hands::default();
        let list = FailingList { asked: None, told: Some(kind) };
        let (app, heard) = open(&hands, builder(&hands).deny_list(list));
        assert_eq!(act(&app, "/logout", &user_7()).await.cookies(), [REMOVAL], "{kind:?}");
        assert_eq!(heard.take(), [format!("__Host-login hook: {}", kind.failure())], "{kind:?}");
        assert_eq!(whose(&app, &user_7()).await, "7", "{kind:?}: a copy lives on");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_answers_is_obeyed_although_the_other_fails() {
    for kind in FAILINGS {
        let (hands, check, list) = (Hands::default(), Check::default(), List::default());
        check.revoke();
        let failing = FailingList { asked: Some(kind), told: None };
        let (app, _) = open(&hands, check.on(builder(&hands)).deny_list(failing));
        assert_eq!((whose(&app, &user_7()).await, check.count()), ("nobody".to_owned(), 1), "{kind:?}");

        list.deny_all();
        let (app, _) = open(&hands, builder(&hands).check_user(move |_, _| kind.hook()).deny_list(list));
        assert_eq!(whose(&app, &user_7()).await, "nobody", "{kind:?}");
    }
}
