//! The response: carries what the session has to write.

use actix_web::{
    HttpResponse,
    body::EitherBody,
    dev::ServiceResponse,
    http::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, VARY},
};

use crate::{
    error::SessionError,
    manager::{Committed, caching},
};

/// `Set-Cookie` values of sessions further in that a verb asked for: they outlast a failure further out.
#[derive(Default)]
struct Kept(Vec<HeaderValue>);

/// The response with what was committed; or a 500, if that failed.
pub(super) fn answer<B>(
    mut response: ServiceResponse<B>,
    committed: Result<Committed, SessionError>,
) -> ServiceResponse<EitherBody<B>> {
    match committed.and_then(|committed| add_headers(&mut response, committed)) {
        Ok(()) => response.map_into_left_body(),
        Err(error) => failed(response, error),
    }
}

fn add_headers<B>(response: &mut ServiceResponse<B>, committed: Committed) -> Result<(), SessionError> {
    // Checked when the configuration was built, so this does not fail; and if it did, nothing would be lost.
    let checked: Result<Vec<_>, _> = committed.set_cookies.into_iter().map(HeaderValue::try_from).collect();
    for mut value in checked.map_err(|_| SessionError::Encode)? {
        value.set_sensitive(true);
        if committed.explicit {
            let mut extensions = response.response_mut().extensions_mut();
            let mut kept: Kept = extensions.remove().unwrap_or_default();
            kept.0.push(value.clone());
            extensions.insert(kept);
        }
        response.headers_mut().append(SET_COOKIE, value);
    }
    if committed.personal {
        tell_caches(response.headers_mut());
    }
    Ok(())
}

fn tell_caches(headers: &mut HeaderMap) {
    if let Some(value) = caching::cache_control(values(headers, &CACHE_CONTROL)) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
    }
    if let Some(value) = caching::vary(values(headers, &VARY)) {
        headers.append(VARY, HeaderValue::from_static(value));
    }
}

fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    headers.get_all(name).map(HeaderValue::as_bytes)
}

fn failed<B>(mut response: ServiceResponse<B>, error: SessionError) -> ServiceResponse<EitherBody<B>> {
    let kept: Kept = response.response_mut().extensions_mut().remove().unwrap_or_default();
    let mut failure = HttpResponse::from_error(error);
    for value in &kept.0 {
        failure.headers_mut().append(SET_COOKIE, value.clone());
    }
    if !kept.0.is_empty() {
        tell_caches(failure.headers_mut());
    }
    failure.extensions_mut().insert(kept);
    response.into_response(failure).map_into_right_body()
}
