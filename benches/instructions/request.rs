//! Whole requests through axum's router: what they take bare, under a layer that does nothing, and under hardtack's.

use std::{hint::black_box, pin::pin, sync::Arc, task};

use axum::{
    Router,
    body::Body,
    http::{HeaderValue, Request, StatusCode, header},
    response::Response,
    routing::get,
};
use hardtack::{Clock, Keyring, Session, SessionManager, tower::SessionLayer};
use time::Duration;
use tower::{Service, layer::util::Identity};

use crate::{
    Operation,
    session::{Visit, now},
};

/// As old a cookie as is renewed: past half of its idle window.
const OLD: Duration = Duration::minutes(20);

/// A cookie that nobody looks at.
const OTHER: HeaderValue = HeaderValue::from_static("other=x");

/// Without a layer.
pub(crate) fn bare() -> Operation {
    Site { router: Router::new().route("/", get(untouched)), cookie: Some(OTHER) }.operation(false)
}

/// Under a layer that does nothing: what axum takes for any.
pub(crate) fn under_nothing() -> Operation {
    let router = Router::new().route("/", get(untouched)).layer(Identity::new());
    Site { router, cookie: Some(OTHER) }.operation(false)
}

/// The handler does not ask for the session that came.
pub(crate) fn untouched_route(letters: usize) -> Operation {
    site(Router::new().route("/", get(untouched)), Some((letters, Duration::ZERO))).operation(false)
}

/// The handler reads, and no cookie came.
pub(crate) fn no_cookie() -> Operation {
    site(Router::new().route("/", get(read)), None).operation(false)
}

/// The handler reads.
pub(crate) fn unchanged(letters: usize) -> Operation {
    site(Router::new().route("/", get(read)), Some((letters, Duration::ZERO))).operation(false)
}

/// The handler reads, and it is time to renew the session.
pub(crate) fn renewed(letters: usize) -> Operation {
    site(Router::new().route("/", get(read)), Some((letters, OLD))).operation(true)
}

/// The handler changes the session.
pub(crate) fn changed(letters: usize) -> Operation {
    site(Router::new().route("/", get(change)), Some((letters, Duration::ZERO))).operation(true)
}

/// An application, and the cookie its client sends.
struct Site {
    router: Router,
    cookie: Option<HeaderValue>,
}

/// Under hardtack's layer, with a session of so many letters and so old, or none.
fn site(router: Router, session: Option<(usize, Duration)>) -> Site {
    let keys = Arc::new(Keyring::generate().unwrap());
    // The time stands still, so that counts do not depend on the day.
    let layer = SessionLayer::<Visit>::builder(Arc::clone(&keys)).clock(Clock::from_fn(now)).build().unwrap();
    Site { router: router.layer(layer), cookie: session.map(|(letters, age)| cookie(keys, letters, age)) }
}

fn cookie(keys: Arc<Keyring>, letters: usize, age: Duration) -> HeaderValue {
    let (manager, begun_at) = (SessionManager::<Visit>::new(keys).unwrap(), now() - age);
    let session = manager.load([], begun_at);
    session.begin(Visit::new(letters)).unwrap();
    let set_cookie = manager.commit(&session, false, begun_at).unwrap().remove(0);
    set_cookie.split(';').next().unwrap().parse().unwrap()
}

impl Site {
    fn operation(mut self, writes: bool) -> Operation {
        let response = self.request();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers().contains_key(header::SET_COOKIE), writes);
        Box::new(move || drop(black_box(self.request())))
    }

    fn request(&mut self) -> Response {
        let mut request = Request::new(Body::empty());
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.clone());
        }
        let mut context = task::Context::from_waker(task::Waker::noop());
        match pin!(self.router.call(request)).poll(&mut context) {
            task::Poll::Ready(response) => response.unwrap(),
            task::Poll::Pending => unreachable!("nothing here waits"),
        }
    }
}

async fn untouched() -> String {
    "nobody".to_owned()
}

async fn read(session: Session<Visit>) -> String {
    answer(&session)
}

async fn change(session: Session<Visit>) -> String {
    session.update(|visit| visit.user += 1).unwrap();
    answer(&session)
}

fn answer(session: &Session<Visit>) -> String {
    session.get().map_or_else(|| "nobody".to_owned(), |visit| visit.user.to_string())
}
