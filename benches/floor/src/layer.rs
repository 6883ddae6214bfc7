//! The least that a session layer can cost: one `Arc` in the request's extensions, and the two cache headers where a handler touched it.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use http::{
    HeaderValue, Request, Response,
    header::{CACHE_CONTROL, VARY},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

const PRIVATE_NO_STORE: HeaderValue = HeaderValue::from_static("private, no-store");
const BY_COOKIE: HeaderValue = HeaderValue::from_static("Cookie");

/// What the layer puts into a request.
#[derive(Clone, Debug, Default)]
pub struct Place(Arc<AtomicBool>);

impl Place {
    /// The response depends on the session: caches are told.
    pub fn touch(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The least layer.
#[derive(Clone, Copy, Debug)]
pub struct LeastLayer;

/// A service under the least layer.
#[derive(Clone, Debug)]
pub struct LeastService<S>(S);

impl<S> Layer<S> for LeastLayer {
    type Service = LeastService<S>;

    fn layer(&self, inner: S) -> LeastService<S> {
        LeastService(inner)
    }
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for LeastService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = LeastFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> LeastFuture<S::Future> {
        let place = Place::default();
        request.extensions_mut().insert(place.clone());
        LeastFuture { inner: self.0.call(request), place }
    }
}

pin_project! {
    /// The future of a [`LeastService`].
    pub struct LeastFuture<F> {
        #[pin]
        inner: F,
        place: Place,
    }
}

impl<F, Body, Error> Future for LeastFuture<F>
where
    F: Future<Output = Result<Response<Body>, Error>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(context))?;
        if this.place.0.load(Ordering::Relaxed) {
            response.headers_mut().insert(CACHE_CONTROL, PRIVATE_NO_STORE);
            response.headers_mut().insert(VARY, BY_COOKIE);
        }
        Poll::Ready(Ok(response))
    }
}
