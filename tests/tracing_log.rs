//! Events as `tracing` writes them.

use crate::common;

#[cfg(feature = "axum")]
#[path = "tracing_log/attack.rs"]
mod attack;
#[path = "tracing_log/keys.rs"]
mod keys;
#[path = "tracing_log/levels.rs"]
mod levels;
#[path = "tracing_log/subscriber.rs"]
mod subscriber;
#[path = "tracing_log/warnings.rs"]
mod warnings;

use common::{Hands, NOW, Plain, SECRET, at, pair, ring};
use hardtack::{Clock, Session, SessionData, SessionManager, Tracing};
use serde::{Deserialize, Serialize};
use tracing::Level;

use subscriber::Log;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
}

const NAME: &str = "__Host-login";
const LOVELACE: &str = "Countess of Lovelace";

impl SessionData for Login {
    const COOKIE: &'static str = NAME;
}

fn lovelace() -> Login {
    Login { user: 7, name: LOVELACE.to_owned() }
}

/// A token of [`lovelace`], begun and sealed at [`NOW`].
fn good() -> Plain {
    Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: crate::common::layout::named(7, LOVELACE),
        extensions: None,
    }
}

#[track_caller]
fn cookie(plain: &Plain) -> String {
    format!("{NAME}={}", plain.seal(&SECRET, NAME, ""))
}

/// What is written at this level and above while `work` runs.
fn written(level: Level, work: impl FnOnce(&SessionManager<Login>)) -> Log {
    written_at(level, &Hands::default(), work)
}

/// The same, with the minutes of warnings from this clock.
fn written_at(level: Level, hands: &Hands, work: impl FnOnce(&SessionManager<Login>)) -> Log {
    let log = Log::new(level, Clock::from_fn(|| at(0)));
    let tracing = Tracing::new().clock(hands.clock());
    let manager = SessionManager::builder(ring()).observer(tracing).build().unwrap();
    tracing::subscriber::with_default(log.clone(), || work(&manager));
    log
}

/// A request with this `Cookie` header; what is set.
#[track_caller]
fn visit(
    manager: &SessionManager<Login>,
    cookie: &str,
    seconds: i64,
    act: impl FnOnce(&Session<Login>),
) -> Vec<String> {
    let session = manager.load([cookie.as_bytes()], at(seconds));
    act(&session);
    let set_cookies = manager.commit(&session, false, at(seconds)).unwrap();
    set_cookies.iter().map(|set_cookie| pair(set_cookie).to_owned()).collect()
}

fn read(session: &Session<Login>) {
    let _ = session.get();
}
