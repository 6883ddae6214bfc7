//! L5: sessions as a tower layer, for any service that speaks `http` 1.
//!
//! The layer puts the session's place into the request; [`session`] reads it (axum's extractors do the same). The
//! response future appends what `Set-Cookie` values there are. If a session cannot be written as asked, the response
//! becomes a 500 without body, with the [`SessionError`] in its extensions. A service that answers a verb's error puts that error
//! into the extensions too: then data that another verb changed before is not written.

//! # The order of layers
//!
//! Where a session cannot be written, the layer answers with an empty body, so the body of the service inside has to be [`Default`]. Some
//! layers make a body that is not, such as `TraceLayer` of tower-http. Put those outside of the session layer: first in a
//! `ServiceBuilder`, last among `Router::layer`.
//!
#![cfg_attr(feature = "axum", doc = "```")]
#![cfg_attr(not(feature = "axum"), doc = "```ignore")]
//! use axum::{Router, routing::get};
//! use hardtack::{Keyring, Session, SessionData, tower::SessionLayer};
//! use tower::ServiceBuilder;
//! # #[derive(serde::Serialize, serde::Deserialize)] struct Login { user: u64 }
//! # impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
//! # fn trace() -> tower::layer::util::Identity { tower::layer::util::Identity::new() } // in place of `TraceLayer::new_for_http()`
//! # async fn home(_: Session<Login>) {}
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sessions = SessionLayer::<Login>::new(Keyring::generate()?)?;
//! let app: Router = Router::new()
//!     .route("/", get(home))
//!     .layer(ServiceBuilder::new().layer(trace()).layer(sessions.clone()));
//! let same: Router = Router::new().route("/", get(home)).layer(sessions).layer(trace());
//! # Ok(())
//! # }
//! ```

mod device;
mod future;
mod layer;
mod service;

use http::{
    HeaderValue,
    header::{COOKIE, HOST},
    request::Parts,
};

use crate::{
    error::SessionError,
    manager::{Head, Slots},
    session::{Session, SessionData},
};

pub use future::ResponseFuture;
pub use layer::SessionLayer;
pub use service::SessionService;

/// The session of a request that came through a [`SessionLayer`] of this type. All calls in one request return the same
/// session.
///
/// # Errors
/// [`SessionError::MissingLayer`], [`SessionError::LayeredTwice`]. [`SessionError::HeadersSent`] once the response head has left, as in
/// a body that is streamed, if the session was not used before: caches were told nothing of it. In a WebSocket's connection it is there,
/// read-only; over HTTP/2, whose upgrades have no status of their own, ask before.
pub async fn session<T: SessionData>(parts: &Parts) -> Result<Session<T>, SessionError> {
    let slot = Slots::find::<T>(parts.extensions.get())?;
    let session = slot.enter(parts, || parts.headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes))?;
    Ok(slot.admit(session).await)
}

impl Head for Parts {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn header(&self, name: &'static str) -> Option<&[u8]> {
        self.headers.get(name).map(HeaderValue::as_bytes)
    }

    fn host(&self) -> &[u8] {
        let target = self.uri.authority().map(|authority| authority.as_str().as_bytes());
        target.or_else(|| self.headers.get(HOST).map(HeaderValue::as_bytes)).unwrap_or_default()
    }
}
