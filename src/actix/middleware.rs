//! The middleware: puts the session's place into the request, and writes what the session has to.

use core::{
    future::{Future, Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    Error, HttpMessage,
    body::{EitherBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
    http::StatusCode,
};

use super::{device, response};
use crate::{
    error::{ConfigError, SessionError},
    live::LiveKeyring,
    manager::{Builder, Committed, Entered, Layered, Outcome, SessionManager, Slot, Slots},
    revocation::sleep,
    session::SessionData,
};

/// Gives the requests of an app their sessions of type `T`: `App::new().wrap(sessions.clone())`.
///
/// Wraps of several types go around one app; they share a [`LiveKeyring`]. For one type, or one cookie name, present
/// or former, there must be one only.
pub struct SessionMiddleware<T>(SessionManager<T>);

impl<T: SessionData> SessionMiddleware<T> {
    /// A middleware with these keys and the defaults.
    ///
    /// # Errors
    /// [`ConfigError`] if the type's cookie name is no name for a cookie.
    pub fn new(keys: impl Into<LiveKeyring>) -> Result<Self, ConfigError> {
        Self::builder(keys).build()
    }

    /// A middleware with these keys: a [`Keyring`](crate::Keyring), or an `Arc` of one that several share.
    pub fn builder(keys: impl Into<LiveKeyring>) -> Builder<T, Self> {
        Builder::new(keys.into())
    }

    /// What the middleware works with: for setting the cut-off of a running service. Its `load` and `commit` run no
    /// hooks, and know no binding and no facts about the client: with `bind_to` they open nothing that the middleware sealed.
    #[must_use]
    pub fn manager(&self) -> &SessionManager<T> {
        &self.0
    }
}

impl<T> Layered for SessionMiddleware<T> {
    type Request = actix_web::HttpRequest;
}

impl<T> From<SessionManager<T>> for SessionMiddleware<T> {
    fn from(manager: SessionManager<T>) -> Self {
        Self(manager)
    }
}

impl<T> Clone for SessionMiddleware<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> core::fmt::Debug for SessionMiddleware<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("SessionMiddleware").field(&self.0).finish()
    }
}

impl<S, T, B> Transform<S, ServiceRequest> for SessionMiddleware<T>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    T: SessionData,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = SessionService<S, T>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(SessionService { service, manager: self.0.clone() }))
    }
}

/// What [`SessionMiddleware`] makes of a service.
pub struct SessionService<S, T> {
    service: S,
    manager: SessionManager<T>,
}

impl<S, T, B> Service<ServiceRequest> for SessionService<S, T>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    T: SessionData,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        if let Some(answering) = device::answering(&self.manager, &request) {
            return Box::pin(async move {
                let response = answering.await;
                Ok(request.into_response(response).map_into_right_body())
            });
        }
        let outer = request.extensions_mut().remove::<Slots>();
        let slot = Slot::new(self.manager.clone(), outer, sleep);
        request.extensions_mut().insert(Slots::new(&slot));
        // Dropped last, also where the request is given up.
        let mut entered = Entered::new(slot);
        let responding = self.service.call(request);
        Box::pin(async move {
            match responding.await {
                Ok(response) => {
                    entered.leave(response.status() == StatusCode::SWITCHING_PROTOCOLS);
                    let outcome = response::outcome(response.response());
                    Ok(response::answer(response, committed(&mut entered, outcome).await))
                }
                Err(error) => {
                    entered.leave(false);
                    let outcome = response::outcome_of(&error);
                    Err(response::answer_error(error, committed(&mut entered, outcome).await))
                }
            }
        })
    }
}

async fn committed<T: SessionData>(entered: &mut Entered<T>, outcome: Outcome) -> Result<Committed, SessionError> {
    if entered.commit_waits() { entered.commit(outcome).await } else { entered.commit_now(outcome) }
}

impl<S, T> core::fmt::Debug for SessionService<S, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SessionService").field("manager", &self.manager).finish_non_exhaustive()
    }
}
