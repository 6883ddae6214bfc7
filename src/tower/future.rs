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
    manager::{Committed, Entered, Slot, caching},
    session::SessionData,
};

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

/// Headers of sessions further in that a verb asked for: they outlast a failure further out.
#[derive(Clone, Default)]
struct Kept(Vec<(HeaderName, HeaderValue)>);

fn answer<Body: Default>(mut response: Response<Body>, committed: Result<Committed, SessionError>) -> Response<Body> {
    match committed.and_then(|committed| add_headers(&mut response, committed)) {
        Ok(()) => response,
        Err(error) => failed(error, response.extensions_mut().remove().unwrap_or_default()),
    }
}

fn add_headers<Body>(response: &mut Response<Body>, committed: Committed) -> Result<(), SessionError> {
    for (name, value) in headers(committed.set_cookies, committed.clear_site_data)? {
        if committed.explicit {
            response.extensions_mut().get_or_insert_default::<Kept>().0.push((name.clone(), value.clone()));
        }
        response.headers_mut().append(name, value);
    }
    if committed.personal {
        tell_caches(response.headers_mut());
    }
    Ok(())
}

/// The headers of these texts. They were checked when the configuration was built, so this does not fail; and if it did,
/// nothing would be lost.
fn headers(
    set_cookies: Vec<String>,
    clear_site_data: Option<String>,
) -> Result<Vec<(HeaderName, HeaderValue)>, SessionError> {
    let set_cookies = set_cookies.into_iter().map(|text| (SET_COOKIE, text));
    let clear_site_data = clear_site_data.map(|text| (HeaderName::from_static("clear-site-data"), text));
    let header = |(name, text)| {
        let mut value = HeaderValue::try_from(text).map_err(|_| SessionError::Encode)?;
        value.set_sensitive(name == SET_COOKIE);
        Ok((name, value))
    };
    set_cookies.chain(clear_site_data).map(header).collect()
}

fn tell_caches(headers: &mut HeaderMap) {
    if let Some(value) = caching::cache_control(values(headers, &CACHE_CONTROL)) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
    }
    if let Some(value) = caching::vary(values(headers, &VARY)) {
        headers.append(VARY, HeaderValue::from_static(value));
    }
}

fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    headers.get_all(name).into_iter().map(HeaderValue::as_bytes)
}

fn failed<Body: Default>(error: SessionError, kept: Kept) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    for (name, value) in &kept.0 {
        response.headers_mut().append(name.clone(), value.clone());
    }
    if !kept.0.is_empty() {
        tell_caches(response.headers_mut());
    }
    response.extensions_mut().insert(error);
    response.extensions_mut().insert(kept);
    response
}
