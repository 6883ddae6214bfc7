//! The layer: configuration only.

use tower_layer::Layer;

use super::{SessionService, device::Bodies};
use crate::{
    error::ConfigError,
    live::LiveKeyring,
    manager::{Builder, Layered, SessionManager},
    session::SessionData,
};

/// Gives the requests of a service their sessions of type `T`.
///
/// Layers of several types go around one service; they share a [`LiveKeyring`]. For one type, or one cookie
/// name, present or former, there must be one layer only.
pub struct SessionLayer<T> {
    manager: SessionManager<T>,
    bodies: Bodies,
}

impl<T: SessionData> SessionLayer<T> {
    /// A layer with these keys and the defaults.
    ///
    /// # Errors
    /// [`ConfigError`] if the type's cookie name is no name for a cookie.
    pub fn new(keys: impl Into<LiveKeyring>) -> Result<Self, ConfigError> {
        Self::builder(keys).build()
    }

    /// A layer with these keys: a [`Keyring`](crate::Keyring), an `Arc` of one, or a
    /// [`LiveKeyring`] that a whole service works with.
    pub fn builder(keys: impl Into<LiveKeyring>) -> Builder<T, Self> {
        Builder::new(keys.into())
    }

    /// What the layer works with: for setting the cut-off of a running service. Its `load` and `commit` run no hooks,
    /// and know no binding and no facts about the client: with `bind_to` they open nothing that the layer sealed.
    #[must_use]
    pub fn manager(&self) -> &SessionManager<T> {
        &self.manager
    }

    /// How a service's body is made of JSON, for the answers to devices, such as `|json| Full::from(json)`. The layer knows axum's
    /// bodies and `String`; with others and without this, a registration is answered with a 500.
    #[cfg(feature = "device-bound")]
    #[cfg_attr(docsrs, doc(cfg(feature = "device-bound")))]
    #[must_use]
    pub fn json_body<Body: 'static>(mut self, make: fn(String) -> Body) -> Self {
        self.bodies = Bodies::made_by(make);
        self
    }
}

impl<T> Layered for SessionLayer<T> {
    type Request = http::request::Parts;
}

impl<T> From<SessionManager<T>> for SessionLayer<T> {
    fn from(manager: SessionManager<T>) -> Self {
        Self { manager, bodies: Bodies::default() }
    }
}

impl<S, T> Layer<S> for SessionLayer<T> {
    type Service = SessionService<S, T>;

    fn layer(&self, inner: S) -> Self::Service {
        SessionService::new(inner, self.manager.clone(), self.bodies.clone())
    }
}

impl<T> Clone for SessionLayer<T> {
    fn clone(&self) -> Self {
        Self { manager: self.manager.clone(), bodies: self.bodies.clone() }
    }
}

impl<T> core::fmt::Debug for SessionLayer<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("SessionLayer").field(&self.manager).finish()
    }
}
