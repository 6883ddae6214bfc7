//! The response: carries what the session has to write.

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::sync::Arc;

use http::{HeaderValue, Response, StatusCode, header::SET_COOKIE};
use pin_project_lite::pin_project;

use crate::{error::SessionError, manager::Slot, session::SessionData};

pin_project! {
    /// The future of a [`super::SessionService`].
    pub struct ResponseFuture<F, T> {
        #[pin]
        inner: F,
        slot: Arc<Slot<T>>,
    }
}

impl<F, T> ResponseFuture<F, T> {
    pub(super) fn new(inner: F, slot: Arc<Slot<T>>) -> Self {
        Self { inner, slot }
    }
}

impl<F, T, Body, Error> Future for ResponseFuture<F, T>
where
    F: Future<Output = Result<Response<Body>, Error>>,
    T: SessionData,
    Body: Default,
{
    type Output = Result<Response<Body>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(context))?;
        let committed = this.slot.commit(response.status().is_server_error());
        Poll::Ready(Ok(match committed.and_then(|set_cookies| append(&mut response, set_cookies)) {
            Ok(()) => response,
            Err(error) => failed(error),
        }))
    }
}

impl<F, T> core::fmt::Debug for ResponseFuture<F, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ResponseFuture(..)")
    }
}

fn append<Body>(response: &mut Response<Body>, set_cookies: Vec<String>) -> Result<(), SessionError> {
    for set_cookie in set_cookies {
        // Checked when the configuration was built, so this does not happen; and if it did, nothing would be lost.
        let mut value = HeaderValue::try_from(set_cookie).map_err(|_| SessionError::Encode)?;
        value.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, value);
    }
    Ok(())
}

fn failed<Body: Default>(error: SessionError) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.extensions_mut().insert(error);
    response
}
