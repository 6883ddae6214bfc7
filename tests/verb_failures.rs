//! What an operator sees of a verb that fails in a handler, and what anybody sees of an error that `main` returns.

use crate::common;

use std::error::Error;

use common::{
    Told, at, ring,
    steps::{Login, begun, login, logins},
};
use hardtack::{
    ConfigError, KeyError, ReturnError, RotationError, SealError, Session, SessionData, SessionError, SessionManager,
};
use serde::{Deserialize, Serialize};

/// Cannot be read back: the encoding has no place for a field that is left out.
#[derive(Serialize, Deserialize)]
struct Odd {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<u8>,
    user: u64,
}

impl SessionData for Odd {
    const COOKIE: &'static str = "__Host-odd";
}

fn manager<T: SessionData>(told: &Told) -> SessionManager<T> {
    let clock = common::Hands::default().clock();
    SessionManager::builder(ring()).clock(clock).observer(told.clone()).build().unwrap()
}

type Act = fn(&Session<Login>) -> Result<(), SessionError>;

/// What is told of a request without a cookie, and of one that is logged in, in which this is done.
fn failing(act: Act) -> [Vec<String>; 2] {
    let cookie = begun(&logins(), login(7), 0);
    [String::new(), cookie].map(|cookie| {
        let told = Told::default();
        let session = manager::<Login>(&told).load([cookie.as_bytes()], at(0));
        let _ = act(&session);
        let mut lines = told.take();
        lines.retain(|line| !line.starts_with("opened"));
        lines
    })
}

const NOT_BEGUN: &str = "this applies to a session begun in this request: call begin or reauthenticate first";

#[test]
fn a_type_that_cannot_be_read_back_is_told_with_its_reason() {
    let told = Told::default();
    let session = manager::<Odd>(&told).load([], at(0));
    assert_eq!(session.begin(Odd { note: None, user: 7 }), Err(SessionError::NotReadable));
    let reason = "the session's data cannot be read back: its type must not use skip_serializing_if, tag, untagged, flatten or \
                  serde_json::Value";
    assert_eq!(told.take(), [format!("verb_failed - - begin: {reason}")]);
}

#[test]
fn a_verb_that_needs_a_begin_is_told() {
    for (verb, told) in [
        ("remember", failing(|login| login.remember(true))),
        ("outlive", failing(|login| login.outlive(at(0)))),
        ("end_by", failing(|login| login.end_by(at(60)))),
    ] {
        let line = format!("verb_failed - - {verb}: {NOT_BEGUN}");
        assert_eq!(told, [vec![line.clone()], vec![line]], "{verb}");
    }
}

#[test]
fn a_change_within_a_change_is_told() {
    let told = failing(|login| {
        login.update_or_default(|_| {
            let _ = login.begin(Login { user: 8 });
        })
    });
    let line = "verb_failed - - update_or_default: another verb wrote the session while update's closure ran; call update again";
    assert_eq!(told, [[line], [line]]);
}

#[test]
fn a_write_after_the_response_is_told() {
    let told = Told::default();
    let manager = manager::<Login>(&told);
    let session = manager.load([], at(0));
    assert_eq!(manager.commit(&session, false, at(0)), Ok(vec![]));
    session.end();
    let reason = "the response head has left; ask for the session, and write, before the handler returns";
    assert_eq!(told.take(), [format!("verb_failed - - end: {reason}")]);
}

#[test]
fn what_clients_bring_about_is_not_told() {
    let quiet: [Act; 6] = [
        |login| login.update(|login| login.user = 7),
        |login| login.cycle(),
        |login| login.renew(),
        |login| login.reauthenticate(),
        |login| login.verify_csrf("no token"),
        |login| login.require_recent(time::Duration::seconds(-1)),
    ];
    for act in quiet {
        let told = failing(act);
        assert!(told.iter().flatten().all(|line| !line.starts_with("verb_failed")), "{told:?}");
    }
}

#[test]
fn debug_of_every_error_is_its_message() {
    let errors: [Box<dyn Error>; 8] = [
        Box::new(KeyError::Missing { variable: "HARDTACK_KEYS".to_owned() }),
        Box::new(ConfigError::Purpose { length: 300 }),
        Box::new(ConfigError::Key(KeyError::Empty)),
        Box::new(SessionError::NotReadable),
        Box::new(RotationError::NothingPending),
        Box::new(SealError::Over),
        Box::new(ReturnError::DotSegment),
        Box::new(SessionError::MissingLayer { session: "app::Login" }),
    ];
    for error in errors {
        assert_eq!(format!("{error:?}"), error.to_string());
        assert!(error.to_string().len() > 20);
    }
}

#[test]
fn the_missing_layer_s_message_names_each_way_to_miss_it() {
    let text = SessionError::MissingLayer { session: "app::Login" }.to_string();
    for part in ["app::Login", "Router::layer", "App::wrap", "after the route", "guards"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
