//! The endpoints of device-bound sessions, which the middleware answers itself.

use core::future::Future;

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    dev::ServiceRequest,
    http::{
        Method, StatusCode,
        header::{COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE},
    },
};

use crate::{
    device::{Answer, Asked},
    manager::SessionManager,
    revocation::sleep,
    session::SessionData,
};

const SKIPPED: HeaderName = HeaderName::from_static("secure-session-skipped");

/// The middleware's own answer to this request, if it is one for it.
pub(super) fn answering<T: SessionData>(
    manager: &SessionManager<T>,
    request: &ServiceRequest,
) -> Option<impl Future<Output = HttpResponse> + use<T>> {
    if !manager.is_device_bound() {
        return None;
    }
    if let Some(skipped) = request.headers().get(SKIPPED) {
        manager.tell_skipped(skipped.as_bytes());
    }
    let endpoint = manager.device_endpoint(request.path());
    let reload = if endpoint.is_none() { Some(reload(manager, request)?) } else { None };
    let asked = asked(request.method(), request.headers());
    let circumstances = manager.circumstances_at_endpoint(request.request());
    let manager = manager.clone();
    Some(async move {
        let answer = match (reload, endpoint) {
            (Some(answer), _) => answer,
            (None, Some(endpoint)) => manager.answer(endpoint, asked, circumstances, sleep).await,
            (None, None) => Answer::refused(),
        };
        response(answer)
    })
}

/// A link from another site whose proof has ended.
fn reload<T: SessionData>(manager: &SessionManager<T>, request: &ServiceRequest) -> Option<Answer> {
    if *request.method() != Method::GET || !manager.may_reload(|name| value(request.headers(), name)) {
        return None;
    }
    manager.reload(request.request(), request.headers().get_all(COOKIE).map(HeaderValue::as_bytes))
}

fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h [u8]> {
    headers.get(name).map(HeaderValue::as_bytes)
}

fn asked(method: &Method, headers: &HeaderMap) -> Asked {
    let all = |name: &str| headers.get_all(name).map(|value| value.as_bytes().to_vec()).collect();
    Asked {
        is_post: *method == Method::POST,
        cookies: all(COOKIE.as_str()),
        responses: all("secure-session-response"),
        ids: all("sec-secure-session-id"),
        fetch_mode: value(headers, "sec-fetch-mode").map(<[u8]>::to_vec),
    }
}

fn response(answer: Answer) -> HttpResponse {
    let mut response = HttpResponseBuilder::new(StatusCode::from_u16(answer.status).unwrap_or_default());
    for header in answer.headers() {
        response.append_header(header);
    }
    for set_cookie in &answer.set_cookies {
        if let Ok(mut value) = HeaderValue::from_str(set_cookie) {
            value.set_sensitive(true);
            response.append_header((SET_COOKIE, value));
        }
    }
    match answer.json {
        Some(json) => response.body(json),
        None => response.finish(),
    }
}
