//! The layer: puts a `tower_sessions_core::Session` into the request, and writes it at the response.

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use std::sync::Arc;

use hardtack::{
    Session, SessionError,
    tower::{SessionLayer, SessionService},
};
use http::{Request, Response, StatusCode};
use time::OffsetDateTime;
use tower_layer::Layer;
use tower_service::Service;
use tower_sessions_core::{Session as TowerSession, session::Expiry};

use crate::store::{Stored, TokenStore, id_of};

/// Gives the requests of a service a `tower_sessions_core::Session` whose store is the request's cookie.
///
/// It takes the place of tower-sessions' layer of the same name. Build the [`SessionLayer`] with the options that you want, such as the
/// cookie's name and the timeouts.
///
/// ```
/// use hardtack::{Keyring, tower::SessionLayer};
/// use hardtack_tower_sessions::SessionManagerLayer;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sessions = SessionManagerLayer::new(SessionLayer::new(Keyring::generate()?)?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SessionManagerLayer {
    sessions: SessionLayer<Stored>,
    remembered: bool,
}

impl SessionManagerLayer {
    /// A bridge over this layer. Do not add that layer to the router as well.
    #[must_use]
    pub fn new(sessions: SessionLayer<Stored>) -> Self {
        Self { sessions, remembered: false }
    }

    /// Every session is remembered: a persistent cookie, and the longer pair of timeouts.
    #[must_use]
    pub fn remembered(mut self) -> Self {
        self.remembered = true;
        self
    }
}

impl<S> Layer<S> for SessionManagerLayer {
    type Service = SessionService<SessionManager<S>, Stored>;

    fn layer(&self, inner: S) -> Self::Service {
        let clock = self.sessions.manager().clock().clone();
        self.sessions.layer(SessionManager { inner, clock, remembered: self.remembered })
    }
}

/// The service inside of hardtack's, which [`SessionManagerLayer`] makes.
#[derive(Clone, Debug)]
pub struct SessionManager<S> {
    inner: S,
    clock: hardtack::Clock,
    remembered: bool,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for SessionManager<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Future: Send,
    RequestBody: Send + 'static,
    ResponseBody: Default + Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        // The one that was polled ready is the one to call.
        let next = self.inner.clone();
        let mut inner = core::mem::replace(&mut self.inner, next);
        let (remembered, now) = (self.remembered, self.clock.now());
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let session = match hardtack::tower::session(&parts).await {
                Ok(session) => session,
                Err(error) => return Ok(failed(error)),
            };
            let (session, store) = entered(session, remembered, now);
            parts.extensions.insert(session.clone());
            let response = inner.call(Request::from_parts(parts, body)).await?;
            let written = written(&session, &store, response.status()).await;
            Ok(written.map_or_else(failed, |()| response))
        })
    }
}

/// The request's session as tower-sessions sees it, and the store behind it.
fn entered(session: Session<Stored>, remembered: bool, now: OffsetDateTime) -> (TowerSession, Arc<TokenStore>) {
    let id = id_of(&session);
    let store = Arc::new(TokenStore::new(session, remembered, now));
    let expiry = Some(Expiry::AtDateTime(store.ends_at()));
    (TowerSession::new(id, Arc::clone(&store), expiry), store)
}

/// Writes what the handler changed, unless the response is a 5xx. A logout has taken place already.
async fn written(session: &TowerSession, store: &TokenStore, status: StatusCode) -> Result<(), SessionError> {
    if session.is_modified() && !status.is_server_error() && !session.is_empty().await {
        session.save().await.map_err(|_| store.failure())?;
    }
    Ok(())
}

/// The response in place of one that would report a success that is none.
fn failed<Body: Default>(error: SessionError) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.extensions_mut().insert(error);
    response
}
