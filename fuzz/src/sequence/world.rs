//! Two nodes of the real tower layer, and what they share: the true time, the users' stamp, the deny-list.

use std::{
    convert::Infallible,
    future::ready,
    sync::{Arc, LazyLock, Mutex, MutexGuard},
};

use hardtack::{
    Clock, HookError, Key, Keyring, MemoryDenyList, Session, SessionData, SessionError, Suite, Verdict,
    tower::{SessionLayer, session},
};
use http::{Request, Response, StatusCode, header, request::Parts};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio::runtime::{Builder, Runtime};
use tower::{Layer, ServiceExt, service_fn};

use super::model::Moment;

pub(super) const NODES: usize = 2;
const START: i64 = 1_800_000_000;

/// Hooks are given a timer, which wants a runtime: entered, and never driven.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().enable_time().build().unwrap());

#[derive(Clone, Serialize, Deserialize)]
struct Login {
    stamp: u8,
    written_by: u8,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verb {
    Use,
    Update,
    Cycle,
    Reauthenticate,
    Login,
    Logout,
}

#[derive(Clone, Copy)]
pub(super) struct Task {
    pub(super) verb: Verb,
    pub(super) number: u8,
}

/// What the handler saw of the session that the request brought.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) written_by: u8,
    pub(super) created: i64,
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) shown: Option<Shown>,
    /// The cookie that it sets, as a browser sends it.
    pub(super) set: Option<String>,
    pub(super) removes: bool,
}

#[derive(Default)]
struct State {
    now: i64,
    skews: [i64; NODES],
    stamp: u8,
    fails: bool,
    failed: bool,
}

type Shared = Arc<Mutex<State>>;

pub(super) struct World {
    state: Shared,
    layers: [SessionLayer<Login>; NODES],
    rings: [u8; NODES],
    acts: usize,
}

impl World {
    pub(super) fn new() -> Self {
        let state = Shared::new(Mutex::new(State { now: START, ..State::default() }));
        let time = Arc::clone(&state);
        let clock = Clock::from_fn(move || at(time.lock().unwrap().now));
        let list = Arc::new(MemoryDenyList::new(1000).clock(clock));
        let layer = |node: usize| {
            let (time, users) = (Arc::clone(&state), Arc::clone(&state));
            let clock = Clock::from_fn(move || {
                let state = time.lock().unwrap();
                at(state.now + state.skews[node])
            });
            let builder = SessionLayer::<Login>::builder(ring(1)).clock(clock).deny_list(Arc::clone(&list));
            builder.check_user(move |login, _| ready(check(&users, &login))).build().unwrap()
        };
        Self { layers: [layer(0), layer(1)], rings: [1; NODES], acts: 0, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) fn next_act(&mut self) {
        self.acts += 1;
    }

    pub(super) fn moment(&self, node: usize) -> Moment {
        let state = self.state();
        Moment { act: self.acts, now: state.now, local: state.now + state.skews[node], ring: self.rings[node] }
    }

    pub(super) fn pass(&self, seconds: i64) {
        self.state().now += seconds;
    }

    /// The user logs out everywhere.
    pub(super) fn revoke(&self) {
        let mut state = self.state();
        state.stamp = state.stamp.wrapping_add(1);
    }

    pub(super) fn hooks_fail_once(&self) {
        self.state().fails = true;
    }

    /// Whether a hook failed during the last request.
    pub(super) fn has_failed(&self) -> bool {
        self.state().failed
    }

    pub(super) fn set_skew(&self, node: usize, skew: i64) {
        self.state().skews[node] = skew;
    }

    /// The node goes on to its next ring, unless it would leave the other behind.
    pub(super) fn next_ring(&mut self, node: usize) {
        let next = self.rings[node] + 1;
        if self.rings.iter().all(|ring| ring.abs_diff(next) <= 1) && next < 200 {
            let now = at(self.moment(node).local);
            self.layers[node].manager().force_keyring(&ring(next), now);
            self.rings[node] = next;
        }
    }

    pub(super) fn send(&self, node: usize, task: Task, cookie: Option<&str>) -> Answer {
        let _entered = RUNTIME.enter();
        let mut request = Request::new(());
        if let Some(cookie) = cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        request.extensions_mut().insert(task);
        self.state().failed = false;
        let users = Arc::clone(&self.state);
        let service = self.layers[node]
            .layer(service_fn(move |request: Request<()>| handle(Arc::clone(&users), request.into_parts().0)));
        answer(&futures_lite::future::block_on(service.oneshot(request)).unwrap())
    }
}

fn answer(response: &Response<()>) -> Answer {
    let values = response.headers().get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let (removals, cookies): (Vec<&str>, Vec<&str>) = values.partition(|value| value.contains("Max-Age=0"));
    assert!(cookies.len() <= 1, "{cookies:?}");
    Answer {
        status: response.status().as_u16(),
        shown: response.extensions().get::<Option<Shown>>().cloned().flatten(),
        set: cookies.first().map(|cookie| cookie.split(';').next().unwrap().to_owned()),
        removes: !removals.is_empty(),
    }
}

async fn handle(users: Shared, parts: Parts) -> Result<Response<()>, Infallible> {
    let session = session::<Login>(&parts).await.unwrap();
    let task = *parts.extensions.get::<Task>().unwrap();
    let created = session.claims().map(|claims| claims.created_at().unix_timestamp());
    let shown = session.get().zip(created).map(|(login, created)| Shown { written_by: login.written_by, created });
    let stamp = users.lock().unwrap().stamp;
    let mut response = Response::new(());
    if let Err(error) = act(&session, task, stamp) {
        *response.status_mut() = StatusCode::from_u16(error.status()).unwrap();
    }
    response.extensions_mut().insert(shown);
    Ok(response)
}

fn act(session: &Session<Login>, task: Task, stamp: u8) -> Result<(), SessionError> {
    let written = Login { stamp, written_by: task.number };
    match task.verb {
        Verb::Use => Ok(()),
        Verb::Update => session.update(|login| *login = written),
        Verb::Cycle => session.cycle(),
        Verb::Reauthenticate => session.reauthenticate().and_then(|()| session.update(|login| *login = written)),
        Verb::Login => session.begin(written),
        Verb::Logout => session.try_end(),
    }
}

/// The application's check: the stamp is that of today.
fn check(users: &Shared, login: &Login) -> Result<Verdict, HookError> {
    let mut state = users.lock().unwrap();
    if std::mem::take(&mut state.fails) {
        state.failed = true;
        return Err("as asked".into());
    }
    Ok(Verdict::valid_if(login.stamp == state.stamp))
}

/// The ring that seals with this key, and opens with its neighbours.
fn ring(number: u8) -> Keyring {
    let keys = [number, number + 1, number - 1].map(|number| {
        let secret: [u8; 32] = core::array::from_fn(|index| u8::try_from(index).unwrap() ^ number.wrapping_mul(7));
        let suite = if number.is_multiple_of(2) { Suite::Xaes256Gcm } else { Suite::XChaCha20Poly1305 };
        Key::from_secret(suite, &secret).unwrap()
    });
    Keyring::new(keys).unwrap()
}

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}
