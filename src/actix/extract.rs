//! The extractors, and what a handler's error becomes.

use core::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::BoxBody,
    dev::Payload,
    http::{
        StatusCode,
        header::{COOKIE, HOST, HeaderValue, LOCATION},
    },
};

use crate::{
    error::SessionError,
    manager::{CurrentRejection, Head, Slot, Slots},
    session::{Current, Session, SessionData},
};

type Extracting<V, E> = Pin<Box<dyn Future<Output = Result<V, E>>>>;

impl<T: SessionData> FromRequest for Session<T> {
    type Error = SessionError;
    type Future = Extracting<Self, SessionError>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { session_in(Slots::find(slots(&request).as_ref())?, &request).await })
    }
}

impl<T: SessionData> FromRequest for Current<T> {
    type Error = CurrentRejection;
    type Future = Extracting<Self, CurrentRejection>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let slots = slots(&request);
            let slot = Slots::find::<T>(slots.as_ref())?;
            if let Some(data) = session_in(slot, &request).await?.get() {
                return Ok(Self(data));
            }
            let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
            Err(slot.manager().challenge(&request, target))
        })
    }
}

fn slots(request: &HttpRequest) -> Option<Slots> {
    request.extensions().get().cloned()
}

async fn session_in<T: SessionData>(slot: &Slot<T>, request: &HttpRequest) -> Result<Session<T>, SessionError> {
    let session = slot.enter(request, || request.headers().get_all(COOKIE).map(HeaderValue::as_bytes))?;
    Ok(slot.admit(session).await)
}

impl Head for HttpRequest {
    fn method(&self) -> &str {
        self.head().method.as_str()
    }

    fn header(&self, name: &'static str) -> Option<&[u8]> {
        self.headers().get(name).map(HeaderValue::as_bytes)
    }

    fn each_header<'h>(&'h self, take: &mut dyn FnMut(&'h str, &'h [u8])) {
        self.headers().iter().for_each(|(name, value)| take(name.as_str(), value.as_bytes()));
    }

    fn host(&self) -> &[u8] {
        let target = self.uri().authority().map(|authority| authority.as_str().as_bytes());
        target.or_else(|| self.headers().get(HOST).map(HeaderValue::as_bytes)).unwrap_or_default()
    }
}

impl ResponseError for CurrentRejection {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::SignInByHtmx(_) | Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Session(error) => error.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        match self {
            Self::SignIn(address) => HttpResponse::SeeOther().insert_header((LOCATION, address.as_str())).finish(),
            Self::SignInByHtmx(address) => {
                HttpResponse::Unauthorized().insert_header(("hx-redirect", address.as_str())).finish()
            }
            Self::Unauthorized => HttpResponse::Unauthorized().finish(),
            Self::Session(error) => error.error_response(),
        }
    }
}

/// [`SessionError::status`], with the error in the response's extensions, where the middleware finds it: an error of the application
/// that is one of these answers with this response, and data changed before is not written. The body names the mistake only where a layer is missing or is there twice: that is for the developer,
/// on the first request of all.
impl ResponseError for SessionError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.status_code());
        response.extensions_mut().insert(*self);
        match self {
            Self::MissingLayer { .. } | Self::LayeredTwice { .. } => {
                response.content_type("text/plain; charset=utf-8").body(self.to_string())
            }
            _ => response.finish(),
        }
    }
}
