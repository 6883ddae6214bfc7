//! Fixed keys, a time the test moves, cookies made and opened.

use std::sync::{Arc, Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

use super::{SetCookies, Written, written::hint};
use crate::{
    clock::Clock,
    crypto::{key::Key, keyring::Keyring},
    error::SessionError,
    manager::SessionManager,
    session::{
        Session, SessionData,
        codec::{self, WriteAs},
    },
    token::Policy,
    wire::{claims::Claims, envelope::Suite},
};

/// Known to everybody who reads this, so good for tests only.
const SECRET: &[u8; 32] = b"hardtack test kit: known to all!";
/// 2027-01-15 08:00:00 UTC.
const START: i64 = 1_800_000_000;

/// Keys, a clock and cookies for the tests of an application.
///
/// Give the application [`TestKit::keyring`] and [`TestKit::clock`], and [`TestKit::purpose`] and [`TestKit::policy`] what
/// it configures itself. The keys are the same in every kit, and public: they must never leave a test. Time begins at
/// 2027-01-15 08:00:00 UTC and moves only when the test moves it.
///
/// Its cookies have no binding, so they do not open in an application with `bind_to`, and the kit does not open that application's
/// cookies. Their names are those of the types, unless [`TestKit::cookie_name`] says otherwise.
///
#[cfg_attr(feature = "axum", doc = "```")]
#[cfg_attr(not(feature = "axum"), doc = "```ignore")]
/// use axum::{Router, body::Body, http::Request, routing::{get, post}};
/// use hardtack::{Current, Session, SessionData, SessionError, testing::TestKit, tower::SessionLayer};
/// use serde::{Deserialize, Serialize};
/// use time::Duration;
/// use tower::ServiceExt;
///
/// #[derive(Serialize, Deserialize)]
/// struct Login { user: u64 }
/// impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
///
/// async fn home(login: Current<Login>) -> String { format!("user {}", login.user) }
/// async fn log_in(login: Session<Login>) -> Result<(), SessionError> { login.begin(Login { user: 7 }) }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let kit = TestKit::new();
/// let sessions = SessionLayer::<Login>::builder(kit.keyring()).clock(kit.clock()).build()?;
/// let app = Router::new().route("/", get(home)).route("/login", post(log_in)).layer(sessions);
///
/// let cookie = kit.cookie(&Login { user: 7 }); // "__Host-login=…"
/// let request = || Request::get("/").header("cookie", &cookie).body(Body::empty());
/// assert_eq!(app.clone().oneshot(request()?).await?.status(), 200);
/// kit.advance(Duration::minutes(30));
/// assert_eq!(app.clone().oneshot(request()?).await?.status(), 401);
///
/// let response = app.oneshot(Request::post("/login").body(Body::empty())?).await?;
/// assert_eq!(kit.open::<Login>(response.headers()).unwrap().user, 7);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TestKit {
    keyring: Arc<Keyring>,
    now: Arc<Mutex<OffsetDateTime>>,
    purpose: String,
    cookie_name: Option<String>,
    policy: Policy,
}

impl TestKit {
    /// A kit, its clock at the start.
    ///
    /// # Panics
    /// Never: the keys are fixed.
    #[must_use]
    #[allow(clippy::expect_used, reason = "fixed values, and a helper of tests")]
    pub fn new() -> Self {
        let key = Key::from_secret(Suite::Xaes256Gcm, SECRET).expect("a fixed key");
        let keyring = Keyring::new([key]).expect("a ring of one");
        let start = OffsetDateTime::from_unix_timestamp(START).expect("a fixed time");
        Self {
            keyring: Arc::new(keyring),
            now: Arc::new(Mutex::new(start)),
            purpose: String::new(),
            cookie_name: None,
            policy: Policy::default(),
        }
    }

    /// The purpose that the application gives its sessions; empty unless told.
    #[must_use]
    pub fn purpose(mut self, purpose: &str) -> Self {
        purpose.clone_into(&mut self.purpose);
        self
    }

    /// The name that the application gives its cookie, where that is not the type's own (`Builder::cookie_name`). It holds for every
    /// type of this kit: for a second type, use a clone of the kit without it. With
    /// `insecure_plain_http` it is the type's name without prefix, and with `-http` at its end.
    #[must_use]
    pub fn cookie_name(mut self, name: &str) -> Self {
        self.cookie_name = Some(name.to_owned());
        self
    }

    /// The policy that the application gives its sessions; the default one unless told. It decides how long the kit's
    /// cookies last.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// The keys, for the application.
    #[must_use]
    pub fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.keyring)
    }

    /// A clock that shows the kit's time, for the application.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Clock::from_fn(move || *now.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The kit's time.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.clock().now()
    }

    /// Moves the time, of every clock that this kit and its clones gave.
    pub fn advance(&self, by: Duration) {
        self.set_now(self.now().saturating_add(by));
    }

    /// Sets the time.
    pub fn set_now(&self, now: OffsetDateTime) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// `name=value` of a cookie, as a browser sends it, for a session of this data that begins now.
    ///
    /// # Panics
    /// If the data cannot be a session's.
    #[must_use]
    #[track_caller]
    pub fn cookie<T: SessionData>(&self, data: &T) -> String {
        self.cookie_with(data, |_| {})
    }

    /// As [`TestKit::cookie`], with more said about the session: `|session| session.remember(true).unwrap()`.
    ///
    /// # Panics
    /// If the data cannot be a session's, or if there is none any more.
    #[must_use]
    #[track_caller]
    #[allow(clippy::panic, reason = "an assertion")]
    pub fn cookie_with<T: SessionData>(&self, data: &T, adjust: impl FnOnce(&Session<T>)) -> String {
        let manager = self.manager::<T>();
        let session = manager.load([], self.now());
        let begun = codec::encode(data, WriteAs::today::<T>(), 0, None)
            .and_then(|(_, data)| session.begin(data.ok_or(SessionError::NotReadable)?));
        if let Err(error) = begun {
            panic!("no session of {}: {error}", T::COOKIE);
        }
        adjust(&session);
        match manager.commit(&session, false, self.now()) {
            Ok(set_cookies) if session.get().is_some() => set_cookies.iter().map(|value| pair(value)).collect(),
            Ok(_) => panic!("no session of {}: it was ended", T::COOKIE),
            Err(error) => panic!("no session of {}: {error}", T::COOKIE),
        }
    }

    /// The data of the session that these headers of a response set, opened at the kit's time. `None` if they set none, or
    /// remove it: [`TestKit::written`] tells which. If they set several, the last counts, as it does in a browser. A
    /// [`CookieJar`](super::CookieJar) is opened in the same way.
    ///
    /// # Panics
    /// If there is a cookie and it does not open. The message says why, and what to change in the test.
    #[must_use]
    #[track_caller]
    pub fn open<T: SessionData>(&self, headers: &(impl SetCookies + ?Sized)) -> Option<T> {
        self.written(headers).session()
    }

    /// What these headers of a response do to the session's cookie: nothing, removal, or a session.
    ///
    /// # Panics
    /// As [`TestKit::open`].
    #[must_use]
    #[track_caller]
    pub fn written<T: SessionData>(&self, headers: &(impl SetCookies + ?Sized)) -> Written<T> {
        match self.session(headers) {
            Written::Nothing => Written::Nothing,
            Written::Removal => Written::Removal,
            Written::Session(session) => {
                let data = session.get();
                drop(session); // now there is one owner
                data.and_then(Arc::into_inner).map_or(Written::Nothing, Written::Session)
            }
        }
    }

    /// The claims of the session that these headers of a response set: who it is, when it began, when it ends.
    ///
    /// # Panics
    /// As [`TestKit::open`].
    #[must_use]
    #[track_caller]
    pub fn claims<T: SessionData>(&self, headers: &(impl SetCookies + ?Sized)) -> Option<Claims> {
        self.session::<T>(headers).session()?.claims()
    }

    #[track_caller]
    #[allow(clippy::panic, reason = "an assertion")]
    fn session<T: SessionData>(&self, headers: &(impl SetCookies + ?Sized)) -> Written<Session<T>> {
        let values = headers.set_cookies();
        let name = self.name_of::<T>();
        let ours = values.into_iter().rev().find_map(|value| value_of(value, name).map(|ours| (value, ours)));
        let Some((set_cookie, value)) = ours else { return Written::Nothing };
        if value.is_empty() {
            return Written::Removal;
        }
        let session = self.manager::<T>().load([first_part(set_cookie)], self.now());
        if let Some(refusal) = session.refusal() {
            let hint = hint(refusal, &self.purpose, self.now());
            panic!("the cookie {name} of the response does not open: {refusal}. {hint}");
        }
        Written::Session(session)
    }

    fn name_of<T: SessionData>(&self) -> &str {
        self.cookie_name.as_deref().unwrap_or(T::COOKIE)
    }

    #[track_caller]
    #[allow(clippy::panic, reason = "an assertion")]
    fn manager<T: SessionData>(&self) -> SessionManager<T> {
        let builder = SessionManager::<T>::builder(self.keyring()).cookie_name(self.name_of::<T>());
        let builder = builder.purpose(&self.purpose).policy(self.policy.clone());
        // A cut-off in the policy is compared with the clock.
        match builder.clock(self.clock()).build() {
            Ok(manager) => manager,
            Err(error) => panic!("no sessions of {}: {error}", T::COOKIE),
        }
    }
}

impl Default for TestKit {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Debug for TestKit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("TestKit").field("now", &self.now()).field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// `name=value` of a `Set-Cookie` value.
fn first_part(set_cookie: &[u8]) -> &[u8] {
    set_cookie.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii()
}

fn pair(set_cookie: &str) -> &str {
    set_cookie.split(';').next().unwrap_or_default()
}

/// The value that a `Set-Cookie` value gives to this cookie.
fn value_of<'a>(set_cookie: &'a [u8], name: &str) -> Option<&'a [u8]> {
    first_part(set_cookie).strip_prefix(name.as_bytes())?.strip_prefix(b"=")
}
