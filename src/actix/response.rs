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

/// Headers of sessions further in that a verb asked for: they outlast a failure further out.
#[derive(Default)]
struct Kept(Vec<(HeaderName, HeaderValue)>);

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
    for (name, value) in headers(committed.set_cookies, committed.clear_site_data)? {
        if committed.explicit {
            let mut extensions = response.response_mut().extensions_mut();
            let mut kept: Kept = extensions.remove().unwrap_or_default();
            kept.0.push((name.clone(), value.clone()));
            extensions.insert(kept);
        }
        response.headers_mut().append(name, value);
    }
    if committed.personal {
        tell_caches(response.headers_mut());
    }
    Ok(())
}

/// The headers of these texts. They were checked when the configuration was built, so this does not fail; and if it did,
/// nothing would be lost.
fn headers(
    set_cookies: Vec<String>,
    clear_site_data: Option<String>,
) -> Result<Vec<(HeaderName, HeaderValue)>, SessionError> {
    let set_cookies = set_cookies.into_iter().map(|text| (SET_COOKIE, text));
    let clear_site_data = clear_site_data.map(|text| (HeaderName::from_static("clear-site-data"), text));
    let header = |(name, text)| {
        let mut value = HeaderValue::try_from(text).map_err(|_| SessionError::Encode)?;
        value.set_sensitive(name == SET_COOKIE);
        Ok((name, value))
    };
    set_cookies.chain(clear_site_data).map(header).collect()
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
    for (name, value) in &kept.0 {
        failure.headers_mut().append(name.clone(), value.clone());
    }
    if !kept.0.is_empty() {
        tell_caches(failure.headers_mut());
    }
    failure.extensions_mut().insert(kept);
    response.into_response(failure).map_into_right_body()
}
