//! The endpoints of device-bound sessions, which the layer answers itself.

use core::{
    any::Any,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use std::sync::Arc;

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode,
    header::{COOKIE, SET_COOKIE},
};

use crate::{
    device::{Answer, Asked},
    manager::SessionManager,
    revocation::sleep,
    session::SessionData,
};

const SKIPPED: HeaderName = HeaderName::from_static("secure-session-skipped");

/// Makes a body of JSON, for services whose body the layer does not know: a `fn(String) -> Body`.
#[derive(Clone, Default)]
pub(super) struct Bodies(Option<Arc<dyn Any + Send + Sync>>);

impl Bodies {
    pub(super) fn made_by<Body: 'static>(make: fn(String) -> Body) -> Self {
        Self(Some(Arc::new(make)))
    }

    fn make<Body: 'static>(&self, json: &str) -> Option<Body> {
        let given = self.0.as_ref().and_then(|make| make.downcast_ref::<fn(String) -> Body>());
        given.map_or_else(|| known(json), |make| Some(make(json.to_owned())))
    }
}

/// A body of a type that is known here.
fn known<Body: 'static>(json: &str) -> Option<Body> {
    let mut body: Option<Body> = None;
    let place: &mut dyn Any = &mut body;
    if let Some(place) = place.downcast_mut::<Option<String>>() {
        *place = Some(json.to_owned());
    }
    #[cfg(feature = "axum")]
    if let Some(place) = place.downcast_mut::<Option<axum_core::body::Body>>() {
        *place = Some(json.to_owned().into());
    }
    body
}

/// An answer under way.
pub(super) struct Answering {
    answer: Pin<Box<dyn Future<Output = Answer> + Send>>,
    bodies: Bodies,
}

impl Answering {
    /// The layer's own answer to this request, if it is one for it; else the request is the application's. For layers whose
    /// sessions are bound to devices.
    #[allow(clippy::result_large_err, reason = "the request goes on to the application")]
    pub(super) fn to<T: SessionData, Body>(
        manager: &SessionManager<T>,
        request: Request<Body>,
        bodies: &Bodies,
    ) -> Result<Self, Request<Body>> {
        if let Some(skipped) = request.headers().get(SKIPPED) {
            manager.tell_skipped(skipped.as_bytes());
        }
        let answer: Pin<Box<dyn Future<Output = Answer> + Send>> =
            if let Some(endpoint) = manager.device_endpoint(request.uri().path()) {
                let (parts, _) = request.into_parts();
                let circumstances = manager.circumstances_at_endpoint(&parts);
                let asked = asked(&parts.method, &parts.headers);
                Box::pin(manager.clone().answer(endpoint, asked, circumstances, sleep))
            } else {
                let reload = reload(manager, request)?;
                Box::pin(core::future::ready(reload))
            };
        Ok(Self { answer, bodies: bodies.clone() })
    }

    pub(super) fn poll<Body: Default + 'static>(&mut self, context: &mut Context<'_>) -> Poll<Response<Body>> {
        self.answer.as_mut().poll(context).map(|answer| response(&answer, &self.bodies))
    }
}

/// A link from another site whose proof has ended.
#[allow(clippy::result_large_err, reason = "the request goes on to the application")]
fn reload<T: SessionData, Body>(manager: &SessionManager<T>, request: Request<Body>) -> Result<Answer, Request<Body>> {
    if *request.method() != Method::GET || !manager.may_reload(|name| value(request.headers(), name)) {
        return Err(request);
    }
    let (parts, body) = request.into_parts();
    let cookies = parts.headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    manager.reload(&parts, cookies).ok_or_else(|| Request::from_parts(parts, body))
}

fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h [u8]> {
    headers.get(name).map(HeaderValue::as_bytes)
}

fn asked(method: &Method, headers: &HeaderMap) -> Asked {
    let all = |name: &str| headers.get_all(name).iter().map(|value| value.as_bytes().to_vec()).collect();
    Asked {
        is_post: *method == Method::POST,
        cookies: all(COOKIE.as_str()),
        responses: all("secure-session-response"),
        ids: all("sec-secure-session-id"),
        fetch_mode: value(headers, "sec-fetch-mode").map(<[u8]>::to_vec),
    }
}

fn response<Body: Default + 'static>(answer: &Answer, bodies: &Bodies) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    // Names are fixed, and values are base64url, checked paths and names: none fails.
    for (name, value) in answer.headers() {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    for set_cookie in &answer.set_cookies {
        if let Ok(mut value) = HeaderValue::from_str(set_cookie) {
            value.set_sensitive(true);
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    match answer.json.as_deref().map(|json| bodies.make(json)) {
        None => response,
        Some(Some(body)) => response.map(|_: Body| body),
        Some(None) => {
            let mut failed = Response::new(Body::default());
            *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            failed
        }
    }
}
