//! The service: puts the session's place into the request.

use core::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use super::{
    ResponseFuture,
    device::{Answering, Bodies},
};
use crate::{
    manager::{SessionManager, Slot, Slots},
    revocation::sleep,
    session::SessionData,
};

/// What [`super::SessionLayer`] makes of a service.
pub struct SessionService<S, T> {
    inner: S,
    manager: SessionManager<T>,
    bodies: Bodies,
}

impl<S, T> SessionService<S, T> {
    pub(super) fn new(inner: S, manager: SessionManager<T>, bodies: Bodies) -> Self {
        Self { inner, manager, bodies }
    }
}

impl<S, T, RequestBody, ResponseBody> Service<Request<RequestBody>> for SessionService<S, T>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    T: SessionData,
    ResponseBody: Default + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, T, ResponseBody>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        // Asked first, because a request that goes through `Answering` and back is copied twice.
        if self.manager.is_device_bound() {
            request = match Answering::to(&self.manager, request, &self.bodies) {
                Ok(answering) => return ResponseFuture::answering(answering),
                Err(request) => request,
            };
        }
        let slot = Slot::new(self.manager.clone(), request.extensions_mut().remove::<Slots>(), sleep);
        request.extensions_mut().insert(Slots::new(&slot));
        ResponseFuture::new(self.inner.call(request), slot)
    }
}

impl<S: Clone, T> Clone for SessionService<S, T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), manager: self.manager.clone(), bodies: self.bodies.clone() }
    }
}

impl<S: core::fmt::Debug, T> core::fmt::Debug for SessionService<S, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SessionService")
            .field("inner", &self.inner)
            .field("manager", &self.manager)
            .finish_non_exhaustive()
    }
}
