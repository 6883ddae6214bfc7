//! The response: carries what the session has to write.

use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, EitherBody},
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

/// What was committed, as header values.
struct Carried {
    set_cookies: Vec<HeaderValue>,
    explicit: bool,
    personal: bool,
}

/// The response with what was committed; or a 500, if that failed.
pub(super) fn answer<B>(
    mut response: ServiceResponse<B>,
    committed: Result<Committed, SessionError>,
) -> ServiceResponse<EitherBody<B>> {
    match carried(committed) {
        Ok(carried) => {
            add_headers(response.response_mut(), &carried);
            response.map_into_left_body()
        }
        Err(error) => {
            let failure = failed(response.response_mut(), error);
            response.into_response(failure).map_into_right_body()
        }
    }
}

/// The same for an error of a middleware further in. It becomes a response only outside of us, so what was committed goes
/// along with it.
pub(super) fn answer_error(mut error: Error, committed: Result<Committed, SessionError>) -> Error {
    match carried(committed) {
        Ok(carried) if carried.set_cookies.is_empty() && !carried.personal => {}
        Ok(carried) => error.add_response_mapper(move |mut response| {
            add_headers(&mut response, &carried);
            response
        }),
        Err(failure) => error.add_response_mapper(move |mut response| failed(&mut response, failure)),
    }
    error
}

fn carried(committed: Result<Committed, SessionError>) -> Result<Carried, SessionError> {
    let Committed { set_cookies, explicit, personal } = committed?;
    let sensitive = |set_cookie| {
        let mut value = HeaderValue::try_from(set_cookie)?;
        value.set_sensitive(true);
        Ok(value)
    };
    // Checked when the configuration was built, so this does not fail; and if it did, nothing would be lost.
    let checked: Result<_, actix_web::http::header::InvalidHeaderValue> =
        set_cookies.into_iter().map(sensitive).collect();
    Ok(Carried { set_cookies: checked.map_err(|_| SessionError::Encode)?, explicit, personal })
}

fn add_headers<B>(response: &mut HttpResponse<B>, carried: &Carried) {
    if carried.explicit {
        let mut kept = take_kept(response);
        kept.0.extend(carried.set_cookies.iter().cloned());
        response.extensions_mut().insert(kept);
    }
    for value in &carried.set_cookies {
        response.headers_mut().append(SET_COOKIE, value.clone());
    }
    if carried.personal {
        tell_caches(response.headers_mut());
    }
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

fn failed<B>(response: &mut HttpResponse<B>, error: SessionError) -> HttpResponse<BoxBody> {
    let kept = take_kept(response);
    let mut failure = HttpResponse::from_error(error);
    for value in &kept.0 {
        failure.headers_mut().append(SET_COOKIE, value.clone());
    }
    failure.extensions_mut().insert(kept);
    failure
}

fn take_kept<B>(response: &mut HttpResponse<B>) -> Kept {
    response.extensions_mut().remove().unwrap_or_default()
}
