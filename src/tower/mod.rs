//! L5: sessions as a tower layer, for any service that speaks `http` 1.
//!
//! The layer puts the session's place into the request; [`session`] reads it (axum's extractors do the same). The
//! response future appends what `Set-Cookie` values there are. If a session cannot be written as asked, the response
//! becomes a 500 without body, with the [`SessionError`] in its extensions. A service that answers a verb's error puts that error
//! into the extensions too: then data that another verb changed before is not written.

mod device;
mod future;
mod layer;
mod service;

use http::{HeaderValue, header::COOKIE, request::Parts};

use crate::{
    error::SessionError,
    manager::Slots,
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
