//! The move as a tower layer.

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use std::sync::Arc;

use hardtack::{Clock, SessionData};
use http::{HeaderValue, Request, Response, StatusCode, header::COOKIE};
use tower_layer::Layer;
use tower_service::Service;

use crate::moving::Moving;

/// Begins sessions from old cookies before the handler is called. Put it inside of the `SessionLayer`: with `Router::layer`, before it.
///
/// If a session cannot begin, such as one that does not fit a cookie, the request goes on without one, and the observer is told.
pub struct MovingLayer<T> {
    moving: Arc<Moving<T>>,
    clock: Clock,
}

impl<T: SessionData> MovingLayer<T> {
    /// A layer for this move.
    #[must_use]
    pub fn new(moving: Moving<T>) -> Self {
        Self { moving: Arc::new(moving), clock: Clock::system() }
    }

    /// The clock that says whether the date has come; the operating system's by default.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }
}

impl<S, T> Layer<S> for MovingLayer<T> {
    type Service = MovingService<S, T>;

    fn layer(&self, inner: S) -> Self::Service {
        MovingService { inner, layer: self.clone() }
    }
}

/// What [`MovingLayer`] makes of a service.
pub struct MovingService<S, T> {
    inner: S,
    layer: MovingLayer<T>,
}

impl<S, T, RequestBody, ResponseBody> Service<Request<RequestBody>> for MovingService<S, T>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    T: SessionData,
    RequestBody: Send + 'static,
    ResponseBody: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let headers = request.headers().get_all(COOKIE).iter().map(HeaderValue::as_bytes);
        let Some(opened) = self.layer.moving.open(headers, self.layer.clock.now()) else {
            return Box::pin(self.inner.call(request));
        };
        // The one that was polled ready is the one to call.
        let next = self.inner.clone();
        let mut inner = core::mem::replace(&mut self.inner, next);
        let moving = Arc::clone(&self.layer.moving);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            match hardtack::tower::session(&parts).await {
                Ok(session) => {
                    // hardtack has told the observer; the page is worth more than the error.
                    let _ = moving.begin(&session, opened).await;
                }
                Err(error) => {
                    let mut response = Response::new(ResponseBody::default());
                    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                    response.extensions_mut().insert(error);
                    return Ok(response);
                }
            }
            inner.call(Request::from_parts(parts, body)).await
        })
    }
}

impl<T> Clone for MovingLayer<T> {
    fn clone(&self) -> Self {
        Self { moving: Arc::clone(&self.moving), clock: self.clock.clone() }
    }
}

impl<S: Clone, T> Clone for MovingService<S, T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<T> core::fmt::Debug for MovingLayer<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("MovingLayer").field(&self.moving).finish()
    }
}

impl<S, T> core::fmt::Debug for MovingService<S, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("MovingService").field("layer", &self.layer).finish_non_exhaustive()
    }
}
