//! What the observer is told, event by event.

use crate::common;

#[cfg(feature = "axum")]
#[path = "events/hooks.rs"]
mod hooks;
#[path = "events/observers.rs"]
mod observers;
#[path = "events/refused.rs"]
mod refused;
#[path = "events/secrets.rs"]
mod secrets;
#[path = "events/tags.rs"]
mod tags;
#[path = "events/verbs.rs"]
mod verbs;

use common::{NOW, Plain, SECRET, Told, at, pair, ring};
use hardtack::{Keyring, Session, SessionData, SessionManager};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
}

const NAME: &str = "__Host-login";

impl SessionData for Login {
    const COOKIE: &'static str = NAME;
}

fn login(user: u64) -> Login {
    Login { user, name: "Ada".to_owned() }
}

/// A manager with these keys that tells `told`.
#[track_caller]
fn manager_with(keys: Keyring, told: &Told) -> SessionManager<Login> {
    SessionManager::builder(keys).observer(told.clone()).build().unwrap()
}

#[track_caller]
fn manager(told: &Told) -> SessionManager<Login> {
    manager_with(ring(), told)
}

/// A token of user 7, whose name is Ada: begun, and sealed, at [`NOW`].
fn good() -> Plain {
    Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: crate::common::layout::named(7, "Ada"),
        extensions: None,
    }
}

#[track_caller]
fn sealed(plain: &Plain) -> String {
    plain.seal(&SECRET, NAME, "")
}

/// A request with these values under our name, in one header, that comes so many seconds after [`NOW`]; what a handler does with
/// it; and the `Set-Cookie` values of the 200 that answers.
#[track_caller]
fn request(
    manager: &SessionManager<Login>,
    values: &[String],
    seconds: i64,
    handler: impl FnOnce(&Session<Login>),
) -> Vec<String> {
    let cookies: Vec<String> = values.iter().map(|value| format!("{NAME}={value}")).collect();
    let session = manager.load([cookies.join("; ").as_bytes()], at(seconds));
    handler(&session);
    manager.commit(&session, false, at(seconds)).unwrap()
}

/// The value of the one cookie that is set.
#[track_caller]
fn value(set_cookies: &[String]) -> String {
    let [set_cookie] = set_cookies else { panic!("{set_cookies:?}") };
    pair(set_cookie).split_once('=').unwrap().1.to_owned()
}

/// Looks at the data.
fn read(session: &Session<Login>) {
    let _ = session.get();
}
