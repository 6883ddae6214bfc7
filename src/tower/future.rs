//! The response: carries what the session has to write.

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::sync::Arc;

use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{CACHE_CONTROL, Entry, SET_COOKIE, VARY},
};
use pin_project_lite::pin_project;

use super::device::Answering;
use crate::{
    error::SessionError,
    manager::{Committed, Entered, ForCaches, Headers, Kept, Name, Outcome, Slot},
    session::SessionData,
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const REGISTRATION: HeaderName = HeaderName::from_static("secure-session-registration");
const PRIVATE_NO_STORE: HeaderValue = HeaderValue::from_static("private, no-store");
const BY_COOKIE: HeaderValue = HeaderValue::from_static("Cookie");
/// The map has as many names as it can: the response becomes a 500.
const FULL: SessionError = SessionError::TooManyHeaders;

pin_project! {
    /// The future of a [`super::SessionService`].
    pub struct ResponseFuture<F, T: SessionData, Body> {
        #[pin]
        way: Way<F, T, Body>,
    }
}

pin_project! {
    #[project = WayProjected]
    enum Way<F, T: SessionData, Body> {
        // The application answers.
        Inner {
            #[pin]
            inner: F,
            entered: Entered<T>,
            // While the application's hooks are asked, if there are any. Boxed, since futures are moved.
            committing: Option<Box<Committing<Body>>>,
        },
        // The layer answers, for a device.
        Ours { answering: Answering },
    }
}

/// The response of the inner service, and what it is to carry.
struct Committing<Body> {
    response: Response<Body>,
    committed: Pin<Box<dyn Future<Output = Result<Committed, SessionError>> + Send>>,
}

impl<F, T: SessionData, Body> ResponseFuture<F, T, Body> {
    pub(super) fn new(inner: F, slot: Arc<Slot<T>>) -> Self {
        Self { way: Way::Inner { inner, entered: Entered::new(slot), committing: None } }
    }

    pub(super) fn answering(answering: Answering) -> Self {
        Self { way: Way::Ours { answering } }
    }
}

impl<F, T, Body, Error> Future for ResponseFuture<F, T, Body>
where
    F: Future<Output = Result<Response<Body>, Error>>,
    T: SessionData,
    Body: Default + 'static,
{
    type Output = Result<Response<Body>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (mut inner, entered, kept) = match self.project().way.project() {
            WayProjected::Inner { inner, entered, committing } => (inner, entered, committing),
            WayProjected::Ours { answering } => return answering.poll(context).map(Ok),
        };
        let mut committing = if let Some(waiting) = kept.take() {
            waiting
        } else {
            let mut response = ready!(inner.as_mut().poll(context))?;
            entered.leave(response.status() == StatusCode::SWITCHING_PROTOCOLS);
            // Data that a verb changed before another one failed is not written either.
            let outcome =
                Outcome::of(response.status().as_u16(), response.extensions().get::<SessionError>().is_some());
            if !entered.commit_waits() {
                answer(&mut response, entered.commit_now(outcome));
                return Poll::Ready(Ok(response));
            }
            Box::new(Committing { response, committed: Box::pin(entered.commit(outcome)) })
        };
        if let Poll::Ready(committed) = committing.committed.as_mut().poll(context) {
            answer(&mut committing.response, committed);
            return Poll::Ready(Ok(committing.response));
        }
        *kept = Some(committing);
        Poll::Pending
    }
}

impl<F, T: SessionData, Body> core::fmt::Debug for ResponseFuture<F, T, Body> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ResponseFuture(..)")
    }
}

/// Writes what was committed into the response; or puts a 500 in its place, if that failed.
fn answer<Body: Default>(response: &mut Response<Body>, committed: Result<Committed, SessionError>) {
    if committed.as_ref().is_ok_and(Committed::is_nothing) {
        return;
    }
    let mut kept: Kept = response.extensions_mut().remove().unwrap_or_default();
    if let Err(error) = committed.and_then(|committed| committed.write(response.headers_mut(), &mut kept)) {
        *response = Response::new(Body::default());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        kept.write(response.headers_mut());
        response.extensions_mut().insert(error);
    }
    if !kept.is_empty() {
        response.extensions_mut().insert(kept);
    }
}

impl Headers for HeaderMap {
    fn tell_caches(
        &mut self,
        told: ForCaches,
        enough: impl FnOnce(&mut dyn Iterator<Item = &[u8]>) -> bool,
    ) -> Result<(), SessionError> {
        let (name, value) = match told {
            ForCaches::PrivateNoStore => (CACHE_CONTROL, PRIVATE_NO_STORE),
            ForCaches::VaryByCookie => (VARY, BY_COOKIE),
        };
        match self.try_entry(name).map_err(|_| FULL)? {
            Entry::Vacant(place) => drop(place.try_insert(value).map_err(|_| FULL)?),
            Entry::Occupied(present) if enough(&mut present.iter().map(HeaderValue::as_bytes)) => {}
            Entry::Occupied(mut present) => match told {
                ForCaches::PrivateNoStore => drop(present.insert(value)),
                ForCaches::VaryByCookie => present.append(value),
            },
        }
        Ok(())
    }

    fn remove_named(&mut self, is_such: fn(&str) -> bool) {
        let such: Vec<HeaderName> = self.keys().filter(|name| is_such(name.as_str())).cloned().collect();
        for name in such {
            self.remove(name);
        }
    }

    fn append(&mut self, name: Name, value: String) -> Result<(), SessionError> {
        let mut value = HeaderValue::try_from(value).map_err(|_| SessionError::Encode)?;
        value.set_sensitive(name == Name::SetCookie);
        let name = match name {
            Name::ClearSiteData => CLEAR_SITE_DATA,
            Name::Registration => REGISTRATION,
            Name::SetCookie => SET_COOKIE,
        };
        self.try_append(name, value).map(drop).map_err(|_| FULL)
    }
}
