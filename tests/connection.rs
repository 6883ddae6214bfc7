//! Sessions whose response has left: in a WebSocket's connection, and in a body that streams.

use crate::common;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU8, Ordering},
};

use axum::{Router, http::StatusCode, routing::post};
use hardtack::{Builder, MemoryDenyList, Policy, Refusal, Session, SessionError, Verdict, tower::SessionLayer};
use time::Duration;

use common::{
    Hands, NOW, Plain, at,
    login::{Login, act, builder, cookie, plain, routes, user_7, whose},
};

/// What a handler does before its session is kept.
type Verb = fn(&Session<Login>);

const READ: Verb = |session| assert!(session.get().is_some());

/// A service that keeps the session of a request at `/` once this was done to it, and the hands of its clock.
struct Service {
    app: Router,
    hands: Hands,
    kept: Arc<Mutex<Option<Session<Login>>>>,
}

impl Service {
    fn new(
        verb: Verb,
        status: u16,
        settings: impl FnOnce(Builder<Login, SessionLayer<Login>>) -> Builder<Login, SessionLayer<Login>>,
    ) -> Self {
        let (hands, kept) = (Hands::default(), Arc::<Mutex<Option<Session<Login>>>>::default());
        let keep = Arc::clone(&kept);
        let handler = async move |session: Session<Login>| {
            verb(&session);
            *keep.lock().unwrap() = Some(session);
            StatusCode::from_u16(status).unwrap()
        };
        let layer = settings(builder(&hands)).build().unwrap();
        Self { app: routes().route("/", post(handler)).layer(layer), hands, kept }
    }

    /// The session of a request with this cookie, whose response has left.
    async fn connected(&self, cookie: &str) -> Session<Login> {
        act(&self.app, "/", cookie).await;
        self.kept.lock().unwrap().take().unwrap()
    }
}

fn refused(refusal: Refusal) -> Result<(), SessionError> {
    Err(SessionError::Refused(refusal))
}

#[tokio::test]
async fn every_look_is_judged_by_the_clock_after_the_response_has_left() {
    for status in [101, 200] {
        let service = Service::new(READ, status, |builder| builder);
        let session = service.connected(&user_7()).await;
        let left = |session: &Session<Login>| {
            let left = session.remaining();
            (left.idle.whole_seconds(), left.absolute.whole_seconds())
        };
        for (seconds, idle) in [(0, 1800), (300, 1500), (1799, 1)] {
            service.hands.set(seconds);
            assert_eq!((session.get().unwrap().user, left(&session)), (7, (idle, 43_200 - seconds)), "{status}");
            let recent = session.require_recent(Duration::minutes(5));
            assert_eq!(recent.is_ok(), seconds <= 300, "{status} {seconds}");
            assert_eq!(session.still_valid().await, Ok(()), "{status} {seconds}");
            assert!(session.csrf_token().is_ok());
        }
        service.hands.set(1800);
        assert_eq!(session.still_valid().await, refused(Refusal::IdleTimeout), "{status}");
        assert_eq!((session.get(), session.claims(), left(&session)), (None, None, (0, 0)), "{status}");
        assert_eq!(session.refusal(), Some(Refusal::IdleTimeout), "{status}");
        assert_eq!(session.require_recent(Duration::days(400)), Err(SessionError::NoSession), "{status}");
        assert_eq!(session.csrf_token().err(), Some(SessionError::NoSession), "{status}");
        // What ended stays so when the clock is set back.
        service.hands.set(0);
        assert_eq!((session.get(), session.still_valid().await), (None, refused(Refusal::IdleTimeout)), "{status}");
    }
}

#[tokio::test]
async fn forty_days_later_the_session_of_a_connection_has_ended() {
    let service = Service::new(READ, 101, |builder| builder);
    let session = service.connected(&cookie(&Plain { flags: 1, ends_at: NOW + 2_592_000, ..plain() })).await;
    service.hands.set(40 * 86_400);
    assert_eq!(session.require_recent(Duration::minutes(5)), Err(SessionError::NoSession));
    assert_eq!((session.get(), session.remaining().idle), (None, Duration::ZERO));
    assert_eq!(session.still_valid().await, refused(Refusal::AbsoluteTimeout));
}

#[tokio::test]
async fn what_the_response_sealed_is_what_the_connection_has() {
    let begin: Verb = |session| session.begin(Login { user: 9, stamp: 1 }).unwrap();
    let cases: [(Verb, i64, u8); 4] = [
        (READ, 1000 + 1800, 7),
        (|session| session.renew().unwrap(), 1000 + 1800, 7),
        (|session| session.idle_within(Duration::minutes(5)).unwrap(), 1000 + 300, 7),
        (begin, 1000 + 1800, 9),
    ];
    for (verb, end, user) in cases {
        let service = Service::new(verb, 200, |builder| builder);
        service.hands.set(1000);
        let session = service.connected(&user_7()).await;
        assert_eq!(session.claims().unwrap().expires_at(), at(end));
        service.hands.set(end - 1);
        assert_eq!(session.get().unwrap().user, user);
        service.hands.set(end);
        assert_eq!((session.get(), session.still_valid().await), (None, refused(Refusal::IdleTimeout)));
    }
}

#[tokio::test]
async fn a_logout_elsewhere_ends_the_connection_of_each_successor() {
    let cycle: Verb = |session| session.cycle().unwrap();
    let again: Verb = |session| session.reauthenticate().unwrap();
    for verb in [READ, cycle, again] {
        let service = Service::new(verb, 200, |builder| builder.deny_list(MemoryDenyList::new(8)));
        let session = service.connected(&user_7()).await;
        assert_eq!(session.still_valid().await, Ok(()));
        act(&service.app, "/logout", &user_7()).await;
        assert!(session.get().is_some(), "the clock does not know of it");
        assert_eq!(session.still_valid().await, refused(Refusal::Revoked));
        assert_eq!((session.get(), session.refusal()), (None, Some(Refusal::Revoked)));
    }
    // One that began with the connection ends by its own id.
    let begin: Verb = |session| session.begin(Login { user: 7, stamp: 1 }).unwrap();
    let service = Service::new(begin, 200, |builder| builder.deny_list(MemoryDenyList::new(8)));
    let reply = act(&service.app, "/", "").await;
    let session = service.kept.lock().unwrap().take().unwrap();
    assert_eq!(session.still_valid().await, Ok(()));
    act(&service.app, "/logout", reply.cookie()).await;
    assert_eq!(session.still_valid().await, refused(Refusal::Revoked));
    assert_eq!(whose(&service.app, reply.cookie()).await, "nobody");
}

#[tokio::test]
async fn the_check_says_which_end_came_and_one_that_fails_ends_nothing() {
    // 0: valid, 1: revoked, 2: fails.
    let says = Arc::new(AtomicU8::new(0));
    let answer = Arc::clone(&says);
    let service = Service::new(READ, 101, |builder| {
        builder.check_user(move |_, _| {
            let says = answer.load(Ordering::SeqCst);
            async move { if says == 2 { Err("the database is away".into()) } else { Ok(Verdict::valid_if(says == 0)) } }
        })
    });
    let session = service.connected(&user_7()).await;
    for (answer, result) in
        [(0, Ok(())), (2, refused(Refusal::CheckFailed)), (0, Ok(())), (1, refused(Refusal::Revoked))]
    {
        says.store(answer, Ordering::SeqCst);
        assert_eq!(session.still_valid().await, result, "{answer}");
        assert_eq!(session.get().is_some(), answer != 1, "{answer}");
    }
    says.store(0, Ordering::SeqCst);
    assert_eq!(session.still_valid().await, refused(Refusal::Revoked), "it has ended");
}

#[tokio::test]
async fn the_deployments_cut_off_ends_connections() {
    let hands = Hands::default();
    let kept: Arc<Mutex<Option<Session<Login>>>> = Arc::default();
    let keep = Arc::clone(&kept);
    let layer = builder(&hands).policy(Policy::default()).build().unwrap();
    let handler = async move |session: Session<Login>| *keep.lock().unwrap() = Some(session);
    let app = routes().route("/", post(handler)).layer(layer.clone());
    act(&app, "/", &user_7()).await;
    let session = kept.lock().unwrap().take().unwrap();
    layer.manager().end_all(at(10)).unwrap();
    hands.set(10);
    assert_eq!((session.get(), session.still_valid().await), (None, refused(Refusal::Revoked)));
}

#[tokio::test]
async fn without_a_session_there_is_nothing_valid() {
    let service = Service::new(|_| {}, 200, |builder| builder.deny_list(MemoryDenyList::new(8)));
    assert_eq!(service.connected("").await.still_valid().await, Err(SessionError::NoSession));
    assert_eq!(service.connected("__Host-login=garbage").await.still_valid().await, refused(Refusal::Encoding));
    let ended = Service::new(Session::end, 200, |builder| builder);
    assert_eq!(ended.connected(&user_7()).await.still_valid().await, Err(SessionError::NoSession));
}

#[tokio::test]
async fn it_can_be_asked_by_a_task_of_its_own() {
    let service = Service::new(READ, 101, |builder| builder.deny_list(MemoryDenyList::new(8)));
    let session = service.connected(&user_7()).await;
    assert_eq!(tokio::spawn(async move { session.still_valid().await }).await.unwrap(), Ok(()));
}
