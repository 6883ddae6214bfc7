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

/// Headers of sessions further in that a verb asked for: they outlast a failure further out.
#[derive(Default)]
struct Kept(Vec<(HeaderName, HeaderValue)>);

/// What was committed, as headers.
struct Carried {
    headers: Vec<(HeaderName, HeaderValue)>,
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
        Ok(carried) if carried.headers.is_empty() && !carried.personal => {}
        Ok(carried) => error.add_response_mapper(move |mut response| {
            add_headers(&mut response, &carried);
            response
        }),
        Err(failure) => error.add_response_mapper(move |mut response| failed(&mut response, failure)),
    }
    error
}

fn carried(committed: Result<Committed, SessionError>) -> Result<Carried, SessionError> {
    let Committed { set_cookies, clear_site_data, explicit, personal } = committed?;
    Ok(Carried { headers: headers(set_cookies, clear_site_data)?, explicit, personal })
}

fn add_headers<B>(response: &mut HttpResponse<B>, carried: &Carried) {
    if carried.explicit {
        let mut kept = take_kept(response);
        kept.0.extend(carried.headers.iter().cloned());
        response.extensions_mut().insert(kept);
    }
    for (name, value) in &carried.headers {
        response.headers_mut().append(name.clone(), value.clone());
    }
    if carried.personal {
        tell_caches(response.headers_mut());
    }
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

fn failed<B>(response: &mut HttpResponse<B>, error: SessionError) -> HttpResponse<BoxBody> {
    let kept = take_kept(response);
    let mut failure = HttpResponse::from_error(error);
    for (name, value) in &kept.0 {
        failure.headers_mut().append(name.clone(), value.clone());
    }
    if !kept.0.is_empty() {
        tell_caches(failure.headers_mut());
    }
    failure.extensions_mut().insert(kept);
    failure
}

fn take_kept<B>(response: &mut HttpResponse<B>) -> Kept {
    response.extensions_mut().remove().unwrap_or_default()
}
