//! An app without its framework: what the cases say, and the frameworks carry out.

use std::{
    collections::VecDeque,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::Poll,
};

use hardtack::{
    Builder, Clock, Denial, DenyId, DenyList, HookError, HookFuture, Keyring, Layered, MemoryDenyList, Policy, Session,
    SessionData, SessionError, SessionManager, Verdict, testing::TestKit,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::reply::{Reply, Request};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) user: u64,
    pub(crate) name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cart {
    pub(crate) items: Vec<u32>,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

/// Another type with the cookie name of [`Login`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Twin(u64);

impl SessionData for Twin {
    const COOKIE: &'static str = "__Host-login";
}

/// A framework with an app of one route, `/`.
pub(crate) trait Framework: Sized {
    async fn start(setup: Setup) -> Self;

    /// The response, read to its end; `None` if the task panicked.
    async fn request(&self, request: Request) -> Option<Reply>;

    async fn send(&self, request: Request) -> Reply {
        self.request(request).await.expect("the app did not panic")
    }
}

/// What a handler does with its session.
pub(crate) type Act<S> = Arc<dyn Fn(&Session<S>) -> Outcome + Send + Sync>;
/// What a handler does with two.
pub(crate) type ActBoth<S, R> = Arc<dyn Fn(&Session<S>, &Session<R>) -> Outcome + Send + Sync>;
/// A handler's `Result`, with the error that it hands on to its framework.
pub(crate) type Outcome = Result<Answer, SessionError>;

/// The handler of the route.
#[derive(Clone)]
pub(crate) enum Handler {
    /// Asks for no session.
    Static,
    Login(Act<Login>),
    /// The same, with errors in the application's own type.
    Wrapped(Act<Login>),
    /// The same session from two extractors.
    Twice(ActBoth<Login, Login>),
    Both(ActBoth<Login, Cart>),
    Twin(Act<Twin>),
    /// Lets in who is logged in, and answers with their name.
    Current,
}

type Guard = dyn Fn(&Session<Login>) -> Before + Send + Sync;

/// An error of the application that is one of a session, and answers as it.
#[derive(Debug)]
#[allow(dead_code, reason = "a plain service has responses only")]
pub(crate) struct AppError(pub(crate) SessionError);

/// A middleware of the application, between the layers and the handler.
#[derive(Clone)]
pub(crate) struct Around {
    /// What it does with the cart first, if it asks for one.
    pub(crate) cart: Option<Act<Cart>>,
    pub(crate) before: Arc<Guard>,
    /// What it does with the login last; it fails with the application's own error.
    pub(crate) after: Act<Login>,
}

/// What a middleware does before the handler.
pub(crate) enum Before {
    GoOn,
    /// Answers itself.
    Answer(Answer),
    /// Fails with this status, as the framework's middleware fail.
    Fail(u16),
}

/// What a handler answers.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) body: Content,
}

pub(crate) enum Content {
    Text(String),
    Pieces(Pieces),
}

/// A body that is made while it is read.
#[derive(Default)]
pub(crate) struct Pieces(VecDeque<Box<dyn FnOnce() -> String + Send>>);

impl Pieces {
    pub(crate) fn then(mut self, piece: impl FnOnce() -> String + Send + 'static) -> Self {
        self.0.push_back(Box::new(piece));
        self
    }

    pub(crate) fn next(&mut self) -> Option<String> {
        self.0.pop_front().map(|piece| piece())
    }
}

impl Answer {
    pub(crate) fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: Content::Text(text.into()) }
    }

    pub(crate) fn pieces(pieces: Pieces) -> Self {
        Self { status: 200, headers: Vec::new(), body: Content::Pieces(pieces) }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// Which layers are around the app, the innermost first.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "four layers that are there or not")]
pub(crate) struct Layers {
    pub(crate) login: bool,
    pub(crate) cart: bool,
    pub(crate) twin: bool,
    /// The first once more.
    pub(crate) login_again: bool,
}

type Check = Arc<dyn Fn(&Login) -> Result<Verdict, HookError> + Send + Sync>;

/// An app.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) kit: TestKit,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) layers: Layers,
    pub(crate) handler: Handler,
    pub(crate) around: Option<Around>,
    pub(crate) clock: Clock,
    pub(crate) sign_in: Option<&'static str>,
    pub(crate) check: Option<Check>,
    pub(crate) denied: Option<Denied>,
    pub(crate) without_cache_headers: bool,
    /// A former name of the login's cookie.
    pub(crate) former: Option<&'static str>,
    /// A former name of the other types' cookies.
    pub(crate) former_of_others: Option<&'static str>,
}

impl Setup {
    pub(crate) fn new(handler: Handler) -> Self {
        let kit = TestKit::new();
        let layers = Layers { login: true, ..Layers::default() };
        let clock = kit.clock();
        Self {
            keyring: kit.keyring(),
            kit,
            layers,
            handler,
            around: None,
            clock,
            sign_in: None,
            check: None,
            denied: None,
            without_cache_headers: false,
            former: None,
            former_of_others: None,
        }
    }

    /// A handler that does this with the login's session, inside the login's layer.
    pub(crate) fn login(act: impl Fn(&Session<Login>) -> Outcome + Send + Sync + 'static) -> Self {
        Self::new(Handler::Login(Arc::new(act)))
    }

    /// A handler that has a login and a cart, the cart's layer around the login's.
    pub(crate) fn both(act: impl Fn(&Session<Login>, &Session<Cart>) -> Outcome + Send + Sync + 'static) -> Self {
        let mut setup = Self::new(Handler::Both(Arc::new(act)));
        setup.layers.cart = true;
        setup
    }

    pub(crate) fn logins<Out: From<SessionManager<Login>> + Layered>(&self, builder: Builder<Login, Out>) -> Out {
        let mut builder = self.common(builder);
        if let Some(address) = self.sign_in {
            builder = builder.sign_in_at(address);
        }
        if let Some(check) = self.check.clone() {
            builder = builder.check_user(move |login, _| {
                let verdict = check(&login);
                async {
                    tokio::task::yield_now().await;
                    verdict
                }
            });
        }
        if let Some(name) = self.former {
            builder = builder.former_cookie(hardtack::KnownCookie::named(name), crate::common::at(1_000_000));
        }
        if let Some(denied) = self.denied.clone() {
            builder = builder.deny_list(denied);
        }
        builder.build().unwrap()
    }

    pub(crate) fn others<T: SessionData, Out: From<SessionManager<T>> + Layered>(
        &self,
        builder: Builder<T, Out>,
    ) -> Out {
        let mut builder = self.common(builder);
        if let Some(name) = self.former_of_others.filter(|name| *name != T::COOKIE) {
            builder = builder.former_cookie(hardtack::KnownCookie::named(name), crate::common::at(1_000_000));
        }
        builder.build().unwrap()
    }

    fn common<T: SessionData, Out: From<SessionManager<T>> + Layered>(
        &self,
        builder: Builder<T, Out>,
    ) -> Builder<T, Out> {
        // A cut-off long ago, so that there is one to be refused by.
        let policy = Policy::default().valid_after(crate::common::at(-100_000));
        let builder = builder.clock(self.clock.clone()).policy(policy);
        if self.without_cache_headers { builder.insecure_without_cache_headers() } else { builder }
    }
}

/// A deny-list that the test looks into.
#[derive(Clone)]
pub(crate) struct Denied(pub(crate) Arc<MemoryDenyList>);

impl Denied {
    pub(crate) fn new() -> Self {
        Self(Arc::new(MemoryDenyList::new(64)))
    }
}

impl DenyList for Denied {
    fn deny<'a>(&'a self, denials: &'a [Denial], now: OffsetDateTime) -> HookFuture<'a, ()> {
        self.0.deny(denials, now)
    }

    fn is_denied(&self, ids: [DenyId; 2], now: OffsetDateTime) -> HookFuture<'_, bool> {
        self.0.is_denied(ids, now)
    }
}

/// What a future becomes, or `None` if it panics: as a server's task for a connection sees it.
pub(crate) async fn caught<F: Future>(future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Ready(output)) => Poll::Ready(Some(output)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(None),
    })
    .await
}
