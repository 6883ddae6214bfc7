//! L5: extractors for axum 0.8. The layer is [`crate::tower::SessionLayer`].

use axum_core::{
    body::Body,
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION},
    request::Parts,
};

use crate::{
    error::SessionError,
    manager::{Challenge, Slot, Slots},
    session::{Current, Session, SessionData},
};

impl<T: SessionData, S: Sync> FromRequestParts<S> for Session<T> {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionError> {
        session_in(&*Slots::find(parts.extensions.get())?, parts).await
    }
}

impl<T: SessionData, S: Sync> FromRequestParts<S> for Current<T> {
    type Rejection = CurrentRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, CurrentRejection> {
        let slot = Slots::find::<T>(parts.extensions.get())?;
        match session_in(&slot, parts).await?.get() {
            Some(data) => Ok(Self(data)),
            None => Err(slot.manager().challenge(parts.headers.get(ACCEPT).map(HeaderValue::as_bytes)).into()),
        }
    }
}

impl<T: SessionData, S: Sync> OptionalFromRequestParts<S> for Current<T> {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, SessionError> {
        Ok(session_in::<T>(&*Slots::find(parts.extensions.get())?, parts).await?.get().map(Self))
    }
}

async fn session_in<T: SessionData>(slot: &Slot<T>, parts: &Parts) -> Result<Session<T>, SessionError> {
    slot.session(|| parts.headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes)).await
}

/// Why [`Current`] refused a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CurrentRejection {
    /// Nobody is logged in, and this is where to: 303.
    SignIn(String),
    /// Nobody is logged in: 401.
    Unauthorized,
    /// The layers are not as they should be: 500.
    Session(SessionError),
}

impl From<Challenge<'_>> for CurrentRejection {
    fn from(challenge: Challenge<'_>) -> Self {
        match challenge {
            Challenge::SignIn(address) => Self::SignIn(address.to_owned()),
            Challenge::Unauthorized => Self::Unauthorized,
        }
    }
}

impl From<SessionError> for CurrentRejection {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl core::fmt::Display for CurrentRejection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::SignIn(address) => write!(f, "nobody is logged in; sign in at {address}"),
            Self::Unauthorized => f.write_str("nobody is logged in"),
            Self::Session(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for CurrentRejection {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Session(error) => Some(error),
            _ => None,
        }
    }
}

impl IntoResponse for CurrentRejection {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(address) => match HeaderValue::try_from(address) {
                Ok(address) => (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response(),
                Err(_) => StatusCode::UNAUTHORIZED.into_response(),
            },
            Self::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Self::Session(error) => error.into_response(),
        }
    }
}

/// 500, with the error in the response's extensions. The body names the mistake only where a layer is missing or is
/// there twice: that is for the developer, on the first request of all.
impl IntoResponse for SessionError {
    fn into_response(self) -> Response {
        if self == Self::NotRecent {
            return StatusCode::FORBIDDEN.into_response();
        }
        let body = match self {
            Self::MissingLayer { .. } | Self::LayeredTwice { .. } => Body::from(self.to_string()),
            _ => Body::empty(),
        };
        let text = [(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))];
        let mut response = (StatusCode::INTERNAL_SERVER_ERROR, text, body).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
