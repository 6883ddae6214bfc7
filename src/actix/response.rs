//! The response: carries what the session has to write.

use actix_web::{
    Error, HttpResponse,
    body::EitherBody,
    dev::ServiceResponse,
    http::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE},
};

use crate::{
    error::SessionError,
    manager::{Committed, Headers, Kept},
};

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
        let failure = write(&mut response, committed.clone());
        failure.unwrap_or(response)
    });
    error
}

/// Writes what was committed into a response. If that fails: the 500 that takes its place.
fn write<B>(response: &mut HttpResponse<B>, committed: Result<Committed, SessionError>) -> Option<HttpResponse> {
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
    fn values(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        self.get_all(name).map(HeaderValue::as_bytes)
    }

    fn replace(&mut self, name: &'static str, value: &'static str) {
        self.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }

    fn append(&mut self, name: &'static str, value: &'static str) {
        self.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }

    fn append_made(&mut self, name: &'static str, value: String) -> Result<(), SessionError> {
        let mut value = HeaderValue::try_from(value).map_err(|_| SessionError::Encode)?;
        value.set_sensitive(name == SET_COOKIE);
        self.append(HeaderName::from_static(name), value);
        Ok(())
    }
}
