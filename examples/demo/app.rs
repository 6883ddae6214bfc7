//! Puts the demonstration together: two session layers, the routes that use them, and the page around them.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::{header, request::Parts},
    middleware,
    routing::{get, post},
};
use hardtack::{Facts, Flash, Keyring, MemoryDenyList, SessionManager, Watch, time::Duration, tower::SessionLayer};
use tower_http::csrf::CsrfLayer;

use super::{
    acts,
    clock::DemoClock,
    guard,
    keys::Keys,
    log::Log,
    page,
    send::Site,
    thief::{self, Jar},
    users::Users,
    visitor::{Visitor, policy},
};

/// State that the handlers share.
pub(crate) struct Demo {
    pub(crate) clock: DemoClock,
    pub(crate) keys: Keys,
    pub(crate) users: Arc<Users>,
    pub(crate) log: Arc<Log>,
    pub(crate) jar: Jar,
    pub(crate) sessions: SessionManager<Visitor>,
    pub(crate) messages: SessionManager<Flash>,
}

/// The same, and the routes that use the session: handlers of the page make requests to them.
#[derive(Clone)]
pub(crate) struct Around {
    pub(crate) demo: Arc<Demo>,
    pub(crate) site: Site,
}

impl FromRef<Around> for Arc<Demo> {
    fn from_ref(around: &Around) -> Self {
        Arc::clone(&around.demo)
    }
}

/// An error that keeps the demonstration from starting, or from making a request.
pub(crate) type Failure = Box<dyn core::error::Error + Send + Sync>;

/// The whole of it.
pub(crate) fn app() -> Result<Router, Failure> {
    let clock = DemoClock::default();
    let keys = Keys::new(clock.now())?;
    let ring = Arc::new(keys.ring()?);
    let log = Arc::new(Log::new(clock.clone()));
    let users = Arc::new(Users::default());
    let sessions = sessions(&ring, &clock, &users, &log)?;
    let messages = messages(&ring, &clock)?;
    let demo = Arc::new(Demo {
        clock: clock.clone(),
        keys,
        users,
        log,
        jar: Jar::default(),
        sessions: sessions.manager().clone(),
        messages: messages.manager().clone(),
    });

    // The messages' layer goes around the session's, so that it sees what that answers.
    let layered = |routes: Router| routes.layer(sessions.clone()).layer(messages.clone());
    let acts = || acts::routes().with_state(Arc::clone(&demo));
    let site = Site(layered(acts().route("/reason", get(acts::reason))));
    let acts = layered(acts());
    let around = Around { demo, site: site.clone() };
    let page = layered(page_routes().with_state(around));
    let all = page.merge(acts).layer(DefaultBodyLimit::max(16 * 1024)).layer(CsrfLayer::new());
    #[cfg(all(feature = "device-bound", feature = "testing"))]
    let all = super::browser::stand_in(all, site, clock);
    Ok(all.layer(middleware::from_fn(guard::this_machine_only)))
}

/// The session of a visitor, with all that the page shows. A service needs two lines of it.
fn sessions(
    ring: &Arc<Keyring>,
    clock: &DemoClock,
    users: &Arc<Users>,
    log: &Arc<Log>,
) -> Result<SessionLayer<Visitor>, hardtack::ConfigError> {
    let users = Arc::clone(users);
    let sessions = SessionLayer::<Visitor>::builder(Arc::clone(ring))
        .policy(policy())
        .clock(clock.for_layers())
        .sign_in_at("/")
        .check_user(move |visitor, claims| {
            let verdict = users.check(&visitor, &claims);
            async move { verdict }
        })
        .recheck_after(Duration::ZERO)
        .deny_list(MemoryDenyList::new(10_000))
        .client_facts(|request: &Parts, facts: &mut Facts| {
            let agent = request.headers.get(header::USER_AGENT).map_or(&[][..], |agent| agent.as_bytes());
            facts.add("agent", agent);
        })
        .observer(Watch::new(1_000, Arc::clone(log)));
    #[cfg(feature = "device-bound")]
    let sessions = sessions.device_bound(hardtack::DeviceBound::new().leave_out("/web").leave_out("/events"));
    sessions.build()
}

/// Messages live in a cookie of their own.
fn messages(ring: &Arc<Keyring>, clock: &DemoClock) -> Result<SessionLayer<Flash>, hardtack::ConfigError> {
    SessionLayer::<Flash>::builder(Arc::clone(ring)).clock(clock.for_layers()).build()
}

fn page_routes() -> Router<Around> {
    Router::new()
        .route("/", get(page::show))
        .route("/events", get(page::events))
        .route("/web/style.css", get(page::style))
        .route("/web/page.js", get(page::script))
        .route("/web/icon.svg", get(page::icon))
        .route("/thief/copy", post(thief::copy))
        .route("/thief/empty", post(thief::empty))
}
