//! L5: extractors for axum 0.8. The layer is [`crate::tower::SessionLayer`].

use ::axum::extract::OriginalUri;
use axum_core::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{COOKIE, LOCATION},
    request::Parts,
    uri::PathAndQuery,
};

use crate::{
    error::SessionError,
    manager::{CurrentRejection, Slot, Slots},
    session::{Current, Session, SessionData},
};

impl<T: SessionData, S: Sync> FromRequestParts<S> for Session<T> {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionError> {
        session_in(Slots::find(parts.extensions.get())?, parts).await
    }
}

impl<T: SessionData, S: Sync> FromRequestParts<S> for Current<T> {
    type Rejection = CurrentRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, CurrentRejection> {
        let slot = Slots::find::<T>(parts.extensions.get())?;
        match session_in(slot, parts).await?.get() {
            Some(data) => Ok(Self(data)),
            None => Err(slot.manager().challenge(parts, target(parts))),
        }
    }
}

impl<T: SessionData, S: Sync> OptionalFromRequestParts<S> for Current<T> {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, SessionError> {
        Ok(session_in::<T>(Slots::find(parts.extensions.get())?, parts).await?.get().map(Self))
    }
}

async fn session_in<T: SessionData>(slot: &Slot<T>, parts: &Parts) -> Result<Session<T>, SessionError> {
    let session = slot.enter(parts, || parts.headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes))?;
    Ok(slot.admit(session).await)
}

/// Path and query as the client asked for them: a nested router sees less.
fn target(parts: &Parts) -> &str {
    let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
    uri.path_and_query().map_or("/", PathAndQuery::as_str)
}

impl IntoResponse for CurrentRejection {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(address) => match HeaderValue::try_from(address) {
                Ok(address) => (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response(),
                Err(_) => StatusCode::UNAUTHORIZED.into_response(),
            },
            Self::SignInByHtmx(address) => (StatusCode::UNAUTHORIZED, [("hx-redirect", address)]).into_response(),
            Self::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Self::Session(error) => error.into_response(),
        }
    }
}

/// [`SessionError::status`], with the error in the response's extensions, where the layer finds it: an error of the application that
/// is one of these answers with this response, and data changed before is not written. The body names the mistake only where a layer is missing
/// or is there twice: that is for the developer, on the first request of all.
impl IntoResponse for SessionError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match self {
            Self::MissingLayer { .. } | Self::LayeredTwice { .. } => (status, self.to_string()).into_response(),
            _ => status.into_response(),
        };
        response.extensions_mut().insert(self);
        response
    }
}
