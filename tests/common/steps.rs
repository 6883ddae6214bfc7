//! The steps of a request against a bare manager: a `Cookie` header and a time in, `Set-Cookie` values out.

use hardtack::{Policy, Session, SessionData, SessionManager};
use serde::{Deserialize, Serialize};

use super::{Hands, Plain, SECRET, at, pair, ring, value};

/// Who is logged in; its payload is one byte for a user below 128.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

pub(crate) fn login(user: u64) -> Login {
    Login { user }
}

/// A manager of logins with the default policy.
#[track_caller]
pub(crate) fn logins() -> SessionManager<Login> {
    logins_under(Policy::default())
}

/// A manager of logins with this policy, started at `NOW`.
#[track_caller]
pub(crate) fn logins_under(policy: Policy) -> SessionManager<Login> {
    SessionManager::builder(ring()).policy(policy).clock(Hands::default().clock()).build().unwrap()
}

/// The session of a request with this `Cookie` header.
pub(crate) fn carried<T: SessionData>(manager: &SessionManager<T>, cookie: &str, seconds: i64) -> Session<T> {
    manager.load([cookie.as_bytes()], at(seconds))
}

/// The `Set-Cookie` values of a 200.
#[track_caller]
pub(crate) fn sent<T: SessionData>(manager: &SessionManager<T>, session: &Session<T>, seconds: i64) -> Vec<String> {
    manager.commit(session, false, at(seconds)).unwrap()
}

/// The one `Set-Cookie` value of a 200.
#[track_caller]
pub(crate) fn written<T: SessionData>(manager: &SessionManager<T>, session: &Session<T>, seconds: i64) -> String {
    let [set_cookie] = sent(manager, session, seconds).try_into().expect("one Set-Cookie");
    set_cookie
}

/// The `Set-Cookie` value of a 200 that sets the session, after those that remove other cookies.
#[track_caller]
pub(crate) fn set<T: SessionData>(manager: &SessionManager<T>, session: &Session<T>, seconds: i64) -> String {
    let mut set_cookies = sent(manager, session, seconds);
    let last = set_cookies.pop().expect("a Set-Cookie");
    assert!(set_cookies.iter().all(|other| other.contains("=; ") && other.contains("; Max-Age=0")), "{set_cookies:?}");
    assert!(!value(&last).is_empty(), "{last}");
    last
}

/// `name=value` of a session that begins at this time.
#[track_caller]
pub(crate) fn begun<T: SessionData>(manager: &SessionManager<T>, data: T, seconds: i64) -> String {
    begun_with(manager, data, seconds, |_| ())
}

/// `name=value` of a remembered session that begins at this time.
#[track_caller]
pub(crate) fn remembered<T: SessionData>(manager: &SessionManager<T>, data: T, seconds: i64) -> String {
    begun_with(manager, data, seconds, |session| session.remember(true).unwrap())
}

/// `name=value` of a session that begins at this time, and to which this is done at once.
#[track_caller]
pub(crate) fn begun_with<T: SessionData>(
    manager: &SessionManager<T>,
    data: T,
    seconds: i64,
    act: impl FnOnce(&Session<T>),
) -> String {
    let session = manager.load([], at(seconds));
    session.begin(data).unwrap();
    act(&session);
    pair(&set(manager, &session, seconds)).to_owned()
}

/// What a cookie of a [`Login`] holds, by the second implementation.
#[track_caller]
pub(crate) fn plain(set_cookie: &str) -> Plain {
    Plain::open(value(set_cookie), &SECRET, "__Host-login", "")
}

/// The pair with this inside.
#[track_caller]
pub(crate) fn cookie(plain: &Plain) -> String {
    format!("__Host-login={}", plain.seal(&super::SECRET, "__Host-login", ""))
}
