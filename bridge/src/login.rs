//! axum-login's layer over this bridge.

use axum_login::{AuthManager, AuthnBackend};
use tower_layer::Layer;

use crate::service::SessionManagerLayer;

/// Gives requests an `axum_login::AuthSession`. It takes the place of axum-login's layer of the same name, which can be built only over
/// tower-sessions' own.
#[derive(Clone, Debug)]
pub struct AuthManagerLayer<Backend> {
    backend: Backend,
    sessions: SessionManagerLayer,
    data_key: &'static str,
}

impl<S, Backend: AuthnBackend> Layer<S> for AuthManagerLayer<Backend> {
    type Service = <SessionManagerLayer as Layer<AuthManager<S, Backend>>>::Service;

    fn layer(&self, inner: S) -> Self::Service {
        self.sessions.layer(AuthManager::new(inner, self.backend.clone(), self.data_key))
    }
}

/// Builds an [`AuthManagerLayer`].
#[derive(Clone, Debug)]
pub struct AuthManagerLayerBuilder<Backend>(AuthManagerLayer<Backend>);

impl<Backend: AuthnBackend> AuthManagerLayerBuilder<Backend> {
    /// A layer with this backend over these sessions.
    pub fn new(backend: Backend, sessions: SessionManagerLayer) -> Self {
        Self(AuthManagerLayer { backend, sessions, data_key: "axum-login.data" })
    }

    /// The key under which the session holds who is logged in; `axum-login.data` by default, as in axum-login.
    #[must_use]
    pub fn with_data_key(mut self, data_key: &'static str) -> Self {
        self.0.data_key = data_key;
        self
    }

    /// The layer.
    #[must_use]
    pub fn build(self) -> AuthManagerLayer<Backend> {
        self.0
    }
}
