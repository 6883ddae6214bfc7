//! The response: carries what the session has to write.

use actix_web::{
    Error, HttpResponse,
    body::EitherBody,
    dev::ServiceResponse,
    http::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, VARY},
};

use crate::{
    error::SessionError,
    manager::{Committed, ForCaches, Headers, Kept, Name, Outcome},
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const REGISTRATION: HeaderName = HeaderName::from_static("secure-session-registration");
const PRIVATE_NO_STORE: HeaderValue = HeaderValue::from_static("private, no-store");
const BY_COOKIE: HeaderValue = HeaderValue::from_static("Cookie");

/// How a response turned out. A verb failed also where its error is within one of the application's own.
pub(super) fn outcome<B>(response: &HttpResponse<B>) -> Outcome {
    let verb_failed = response.error().is_some_and(is_ours) || response.extensions().get::<SessionError>().is_some();
    Outcome::of(response.status().as_u16(), verb_failed)
}

/// The same of an error, without its response: some can make it only once. So an error within another is seen when that is made.
pub(super) fn outcome_of(error: &Error) -> Outcome {
    Outcome::of(error.as_response_error().status_code().as_u16(), is_ours(error))
}

fn is_ours(error: &Error) -> bool {
    error.as_error::<SessionError>().is_some()
}

/// The response with what was committed; or a 500 in its place, if that failed.
pub(super) fn answer<B>(
    mut response: ServiceResponse<B>,
    committed: Result<Committed, SessionError>,
) -> ServiceResponse<EitherBody<B>> {
    match write(response.response_mut(), committed) {
        None => response.map_into_left_body(),
        Some(failure) => response.into_response(failure).map_into_right_body(),
    }
}

/// The same for an error of a middleware further in. It becomes a response only outside of us, so what was committed goes
/// along with it.
pub(super) fn answer_error(mut error: Error, committed: Result<Committed, SessionError>) -> Error {
    error.add_response_mapper(move |mut response| {
        let committed = committed.clone();
        let committed =
            if outcome(&response).is_failure() { committed.map(Committed::with_failure) } else { committed };
        let failure = write(&mut response, committed);
        failure.unwrap_or(response)
    });
    error
}

/// Writes what was committed into a response. If that fails: the 500 that takes its place.
fn write<B>(response: &mut HttpResponse<B>, committed: Result<Committed, SessionError>) -> Option<HttpResponse> {
    if committed.as_ref().is_ok_and(Committed::is_nothing) {
        return None;
    }
    let mut kept: Kept = response.extensions_mut().remove().unwrap_or_default();
    let Err(error) = committed.and_then(|committed| committed.write(response.headers_mut(), &mut kept)) else {
        keep(response, kept);
        return None;
    };
    let mut failure = HttpResponse::from_error(error);
    kept.write(failure.headers_mut());
    keep(&mut failure, kept);
    Some(failure)
}

fn keep<B>(response: &mut HttpResponse<B>, kept: Kept) {
    if !kept.is_empty() {
        response.extensions_mut().insert(kept);
    }
}

impl Headers for HeaderMap {
    fn tell_caches(
        &mut self,
        told: ForCaches,
        enough: impl FnOnce(&mut dyn Iterator<Item = &[u8]>) -> bool,
    ) -> Result<(), SessionError> {
        let (name, value) = match told {
            ForCaches::PrivateNoStore => (CACHE_CONTROL, PRIVATE_NO_STORE),
            ForCaches::VaryByCookie => (VARY, BY_COOKIE),
        };
        if enough(&mut self.get_all(&name).map(HeaderValue::as_bytes)) {
            return Ok(());
        }
        match told {
            ForCaches::PrivateNoStore => drop(self.insert(name, value)),
            ForCaches::VaryByCookie => self.append(name, value),
        }
        Ok(())
    }

    fn remove_named(&mut self, is_such: fn(&str) -> bool) {
        self.retain(|name, _| !is_such(name.as_str()));
    }

    fn append(&mut self, name: Name, value: String) -> Result<(), SessionError> {
        let mut value = HeaderValue::try_from(value).map_err(|_| SessionError::Encode)?;
        value.set_sensitive(name == Name::SetCookie);
        let name = match name {
            Name::ClearSiteData => CLEAR_SITE_DATA,
            Name::Registration => REGISTRATION,
            Name::SetCookie => SET_COOKIE,
        };
        self.append(name, value);
        Ok(())
    }
}
