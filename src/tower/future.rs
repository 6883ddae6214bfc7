//! The response: carries what the session has to write.

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::sync::Arc;

use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{CACHE_CONTROL, SET_COOKIE, VARY},
};
use pin_project_lite::pin_project;

use crate::{
    error::SessionError,
    manager::{Committed, Entered, Headers, Kept, Name, Slot},
    session::SessionData,
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

pin_project! {
    /// The future of a [`super::SessionService`].
    pub struct ResponseFuture<F, T: SessionData, Body> {
        #[pin]
        inner: F,
        entered: Entered<T>,
        // The response of the inner service, while the application's hooks are asked.
        committing: Option<(Response<Body>, Committing)>,
    }
}

type Committing = Pin<Box<dyn Future<Output = Result<Committed, SessionError>> + Send>>;

impl<F, T: SessionData, Body> ResponseFuture<F, T, Body> {
    pub(super) fn new(inner: F, slot: Arc<Slot<T>>) -> Self {
        Self { inner, entered: Entered(slot), committing: None }
    }
}

impl<F, T, Body, Error> Future for ResponseFuture<F, T, Body>
where
    F: Future<Output = Result<Response<Body>, Error>>,
    T: SessionData,
    Body: Default,
{
    type Output = Result<Response<Body>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (response, mut committing) = if let Some(waiting) = this.committing.take() {
            waiting
        } else {
            let response = ready!(this.inner.poll(context))?;
            this.entered.0.leave(response.status() == StatusCode::SWITCHING_PROTOCOLS);
            // Nor does data that a verb changed before another one failed.
            let server_error =
                response.status().is_server_error() || response.extensions().get::<SessionError>().is_some();
            if !this.entered.0.commit_waits() {
                return Poll::Ready(Ok(answer(response, this.entered.0.commit_now(server_error))));
            }
            let committing: Committing = Box::pin(Arc::clone(&this.entered.0).commit(server_error));
            (response, committing)
        };
        match committing.as_mut().poll(context) {
            Poll::Ready(committed) => Poll::Ready(Ok(answer(response, committed))),
            Poll::Pending => {
                *this.committing = Some((response, committing));
                Poll::Pending
            }
        }
    }
}

impl<F, T: SessionData, Body> core::fmt::Debug for ResponseFuture<F, T, Body> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ResponseFuture(..)")
    }
}

/// The response with what was committed; or a 500 in its place, if that failed.
fn answer<Body: Default>(mut response: Response<Body>, committed: Result<Committed, SessionError>) -> Response<Body> {
    let mut kept: Kept = response.extensions_mut().remove().unwrap_or_default();
    if let Err(error) = committed.and_then(|committed| committed.write(response.headers_mut(), &mut kept)) {
        response = Response::new(Body::default());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        kept.write(response.headers_mut());
        response.extensions_mut().insert(error);
    }
    if !kept.is_empty() {
        response.extensions_mut().insert(kept);
    }
    response
}

impl Headers for HeaderMap {
    fn values(&self, name: Name) -> impl Iterator<Item = &[u8]> {
        self.get_all(header(name)).into_iter().map(HeaderValue::as_bytes)
    }

    fn replace(&mut self, name: Name, value: &'static str) {
        self.insert(header(name), HeaderValue::from_static(value));
    }

    fn append(&mut self, name: Name, value: &'static str) {
        self.append(header(name), HeaderValue::from_static(value));
    }

    fn append_made(&mut self, name: Name, value: String) -> Result<(), SessionError> {
        let mut value = HeaderValue::try_from(value).map_err(|_| SessionError::Encode)?;
        value.set_sensitive(name == Name::SetCookie);
        self.append(header(name), value);
        Ok(())
    }
}

fn header(name: Name) -> HeaderName {
    match name {
        Name::CacheControl => CACHE_CONTROL,
        Name::ClearSiteData => CLEAR_SITE_DATA,
        Name::SetCookie => SET_COOKIE,
        Name::Vary => VARY,
    }
}
