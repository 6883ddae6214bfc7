//! A session that is revoked while its handler is at work: nothing of it is sealed, and what is lost is not a success.

use std::sync::{Arc, Mutex};

use axum::{Router, http::StatusCode, routing::post};
use hardtack::{Refusal, Session, SessionError};

use crate::hooks::{
    Check, FAILINGS, Heard, List,
    common::{
        Hands,
        login::{Login, REMOVAL, act, builder, fails, inside, routes, user_7, whose},
        web::Reply,
    },
};

/// What a handler does to its session.
type Verb = fn(&Session<Login>);

const UPDATE: Verb = |session| session.update(|login| login.stamp = 2).unwrap();
const CYCLE: Verb = |session| session.cycle().unwrap();

/// A service where a session that arrives at this time is revoked while the handler does this and answers with a status.
#[track_caller]
fn revoking(by_list: bool, seconds: i64, verb: Verb, status: u16) -> (Router, Check, List) {
    let (hands, check, list) = (Hands::default(), Check::default(), List::default());
    let (revoked, denying) = (check.clone(), list.clone());
    let handler = async move |session: Session<Login>| {
        assert_eq!(session.get().unwrap().user, 7);
        verb(&session);
        if by_list {
            denying.deny_all();
        } else {
            revoked.revoke();
        }
        (StatusCode::from_u16(status).unwrap(), "saved")
    };
    let layer = check.on(builder(&hands)).deny_list(list.clone()).build().unwrap();
    hands.set(seconds);
    (routes().route("/", post(handler)).layer(layer), check, list)
}

fn outcome(reply: &Reply) -> (u16, &str, usize) {
    (reply.status.as_u16(), reply.text(), reply.cookies().len())
}

#[tokio::test]
async fn a_change_that_was_asked_for_is_an_error() {
    let idle: Verb = |session| session.idle_within(time::Duration::minutes(5)).unwrap();
    for verb in [UPDATE, CYCLE, idle] {
        for by_list in [true, false] {
            for status in [200, 303, 404] {
                let (app, ..) = revoking(by_list, 60, verb, status);
                let (error, reply) = fails(&app, "/", &user_7()).await;
                assert_eq!(error, Some(SessionError::Refused(Refusal::Revoked)));
                assert_eq!(outcome(&reply), (500, "", 0));
                assert!(reply.headers.keys().all(|name| name == "content-length"), "{:?}", reply.headers);
            }
        }
    }
}

#[tokio::test]
async fn a_cycle_that_was_refused_denies_nothing() {
    let (app, _, list) = revoking(true, 60, CYCLE, 200);
    fails(&app, "/", &user_7()).await;
    assert!(list.told.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_renewal_is_left_out_and_the_response_stays() {
    let read: Verb = |_| {};
    let renew: Verb = |session| session.renew().unwrap();
    for (by_list, seconds, verb) in [(true, 900, read), (true, 60, renew), (false, 60, renew)] {
        let (app, ..) = revoking(by_list, seconds, verb, 200);
        assert_eq!(outcome(&act(&app, "/", &user_7()).await), (200, "saved", 0));
    }
}

#[tokio::test]
async fn what_is_not_written_is_not_asked_about() {
    let there_and_back: Verb = |session| {
        session.update(|login| login.stamp = 2).unwrap();
        session.update(|login| login.stamp = 1).unwrap();
    };
    for (verb, status) in [(there_and_back, 200), (UPDATE, 503)] {
        let (app, check, list) = revoking(true, 60, verb, status);
        assert_eq!(outcome(&act(&app, "/", &user_7()).await), (status, "saved", 0));
        assert_eq!((check.count(), list.count()), (0, 1), "when the request came");
    }
}

#[tokio::test]
async fn a_change_that_is_written_despite_an_error_is_asked_about() {
    let despite: Verb = |session| {
        session.write_despite_error();
        UPDATE(session);
    };
    for verb in [despite, CYCLE] {
        let (app, ..) = revoking(false, 60, verb, 503);
        let (error, reply) = fails(&app, "/", &user_7()).await;
        assert_eq!((error, outcome(&reply)), (Some(SessionError::Refused(Refusal::Revoked)), (500, "", 0)));
    }
}

#[tokio::test]
async fn a_session_that_begins_or_ends_meanwhile_does() {
    let begin: Verb = |session| session.begin(Login { user: 9, stamp: 1 }).unwrap();
    let again: Verb = |session| session.reauthenticate().unwrap();
    // One that is proved anew needs no check, but is still the session that somebody logged out.
    for (by_list, verb, user) in [(true, begin, 9), (false, begin, 9), (false, again, 7)] {
        let (app, _, list) = revoking(by_list, 60, verb, 200);
        let reply = act(&app, "/", &user_7()).await;
        assert_eq!((outcome(&reply), inside(reply.cookie()).data()[0]), ((200, "saved", 1), user));
        assert_eq!(list.told.lock().unwrap().len(), 1);
    }
    let (app, ..) = revoking(true, 60, again, 200);
    assert_eq!(fails(&app, "/", &user_7()).await.0, Some(SessionError::Refused(Refusal::Revoked)));
    let (app, ..) = revoking(true, 60, Session::end, 200);
    assert_eq!(act(&app, "/", &user_7()).await.cookies(), [REMOVAL]);
}

#[tokio::test]
async fn a_check_that_just_passed_when_the_request_came_holds_for_its_response() {
    for verb in [CYCLE, |_: &Session<Login>| {}] {
        let (app, check, _) = revoking(false, 900, verb, 200);
        let reply = act(&app, "/", &user_7()).await;
        assert_eq!((outcome(&reply), check.count()), ((200, "saved", 1), 1));
    }
}

/// Within the two seconds a handler could write the stamp of today into a session that was just revoked.
#[tokio::test]
async fn a_change_is_asked_about_after_it_was_made() {
    let (app, check, _) = revoking(false, 900, UPDATE, 200);
    let (error, reply) = fails(&app, "/", &user_7()).await;
    assert_eq!((error, outcome(&reply)), (Some(SessionError::Refused(Refusal::Revoked)), (500, "", 0)));
    assert_eq!(check.count(), 2);
}

#[tokio::test]
async fn an_answer_is_two_seconds_old_at_the_most_when_a_token_is_sealed() {
    // (seconds of recheck_after, seconds that the handler takes, whether what was revoked meanwhile is sealed)
    let cases =
        [(900, 0, true), (900, 2, true), (900, 3, false), (1, 1, true), (1, 2, false), (0, 0, false), (900, -1, false)];
    for (recheck_after, takes, sealed) in cases {
        let (hands, check) = (Hands::default(), Check::default());
        let (clock, revoked) = (hands.clone(), check.clone());
        let slow = async move |session: Session<Login>| {
            revoked.revoke();
            clock.set(900 + takes);
            CYCLE(&session);
        };
        let layer = check.on(builder(&hands)).recheck_after(time::Duration::seconds(recheck_after)).build().unwrap();
        let app = routes().route("/", post(slow)).layer(layer);
        hands.set(900);
        let reply = act(&app, "/", &user_7()).await;
        let expected = if sealed { (200, "", 1) } else { (500, "", 0) };
        assert_eq!((outcome(&reply), check.count()), (expected, 2 - usize::from(sealed)), "{recheck_after} {takes}");
    }
}

/// A hook that another task writes in: whoever spawned it has answered already.
#[tokio::test]
async fn what_a_task_writes_while_the_hooks_are_asked_for_the_last_time_is_refused() {
    let errors = Arc::new(Mutex::new(Vec::new()));
    let held: Arc<Mutex<Option<Session<Login>>>> = Arc::default();
    let (writer, told) = (Arc::clone(&held), Arc::clone(&errors));
    let hands = Hands::default();
    let layer = builder(&hands).check_user(move |_, _| {
        if let Some(session) = &*writer.lock().unwrap() {
            let verbs = [session.update(|login| login.stamp = 9), session.cycle(), session.begin(Login::default())];
            told.lock().unwrap().extend(verbs.into_iter().chain([session.try_end()]).map(Result::unwrap_err));
            session.write_despite_error();
            session.skip_renewal();
        }
        async { Ok(hardtack::Verdict::Valid) }
    });
    let handler = async move |session: Session<Login>| {
        UPDATE(&session);
        *held.lock().unwrap() = Some(session);
    };
    let app = routes().route("/", post(handler)).layer(layer.build().unwrap());
    hands.set(60);
    let reply = act(&app, "/", &user_7()).await;
    assert_eq!(inside(reply.cookie()).data(), [7, 2]);
    assert_eq!(*errors.lock().unwrap(), [SessionError::HeadersSent; 4]);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_fails_before_the_seal_is_an_error_and_the_session_lives() {
    for failing in FAILINGS {
        let (hands, heard) = (Hands::default(), Heard::default());
        let layer = heard.on(builder(&hands)).check_user(move |_, _| failing.hook()).build().unwrap();
        let app = routes().layer(layer);
        hands.set(60);
        for path in ["/change", "/cycle"] {
            let (error, reply) = fails(&app, path, &user_7()).await;
            assert_eq!((error, outcome(&reply)), (Some(SessionError::HookFailed), (500, "", 0)), "{failing:?}");
            let failure = format!("__Host-login hook: {}", failing.failure());
            assert_eq!(heard.take(), [failure, "__Host-login held: CheckFailed".to_owned()], "{failing:?}");
        }
        assert_eq!(outcome(&act(&app, "/renew", &user_7()).await), (200, "", 0), "{failing:?}");
        assert_eq!(whose(&app, &user_7()).await, "7", "{failing:?}");
    }
}
