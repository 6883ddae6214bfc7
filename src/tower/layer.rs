//! The layer: configuration only.

use tower_layer::Layer;

use super::SessionService;
use crate::{
    error::ConfigError,
    live::Keys,
    manager::{Builder, Layered, SessionManager},
    session::SessionData,
};

/// Gives the requests of a service their sessions of type `T`.
///
/// Layers of several types go around one service; they share a [`LiveKeyring`](crate::LiveKeyring). For one type, or one cookie
/// name, present or former, there must be one layer only.
pub struct SessionLayer<T>(SessionManager<T>);

impl<T: SessionData> SessionLayer<T> {
    /// A layer with these keys and the defaults.
    ///
    /// # Errors
    /// [`ConfigError`] if the type's cookie name is no name for a cookie.
    pub fn new(keys: impl Into<Keys>) -> Result<Self, ConfigError> {
        Self::builder(keys).build()
    }

    /// A layer with these keys: a [`Keyring`](crate::Keyring), an `Arc` of one, or a
    /// [`LiveKeyring`](crate::LiveKeyring) that a whole service works with.
    pub fn builder(keys: impl Into<Keys>) -> Builder<T, Self> {
        Builder::new(keys.into())
    }

    /// What the layer works with: for setting the cut-off of a running service. Its `load` and `commit` run no hooks,
    /// and know no binding and no facts about the client: with `bind_to` they open nothing that the layer sealed.
    #[must_use]
    pub fn manager(&self) -> &SessionManager<T> {
        &self.0
    }
}

impl<T> Layered for SessionLayer<T> {
    type Request = http::request::Parts;
}

impl<T> From<SessionManager<T>> for SessionLayer<T> {
    fn from(manager: SessionManager<T>) -> Self {
        Self(manager)
    }
}

impl<S, T> Layer<S> for SessionLayer<T> {
    type Service = SessionService<S, T>;

    fn layer(&self, inner: S) -> Self::Service {
        SessionService::new(inner, self.0.clone())
    }
}

impl<T> Clone for SessionLayer<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> core::fmt::Debug for SessionLayer<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("SessionLayer").field(&self.0).finish()
    }
}
