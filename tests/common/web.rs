//! Requests and replies, for the tests of the web layers.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header, request::Builder},
};
use hardtack::SessionError;
use http_body_util::BodyExt;
use tower::{Service, ServiceExt};

/// A response, read to its end.
#[derive(Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The body as text.
    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// All `Set-Cookie` values.
    #[track_caller]
    pub(crate) fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// `name=value` of the one `Set-Cookie` there is.
    #[track_caller]
    pub(crate) fn cookie(&self) -> &str {
        let cookies = self.cookies();
        assert_eq!(cookies.len(), 1, "{cookies:?}");
        super::pair(cookies[0])
    }

    /// Where a redirect leads.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

/// A GET request.
pub(crate) fn get(path: &str) -> Builder {
    Request::get(path)
}

/// A POST request; `body` is a form.
pub(crate) fn post(path: &str) -> Builder {
    Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// Sends a request without body, with this `Cookie` header unless it is empty.
pub(crate) async fn send(app: &Router, request: Builder, cookie: &str) -> Reply {
    form(app, request, cookie, "").await
}

/// Sends a request with this body.
pub(crate) async fn form(app: &Router, request: Builder, cookie: &str, body: &'static str) -> Reply {
    let request = if cookie.is_empty() { request } else { request.header(header::COOKIE, cookie) };
    read(raw(app, request, body).await).await
}

/// The response before its body is read.
pub(crate) async fn raw(app: &Router, request: Builder, body: &'static str) -> Response<Body> {
    unread(app, request.body(Body::from(body)).unwrap()).await
}

/// The response to a whole request, before its body is read.
pub(crate) async fn unread(app: &Router, request: Request<Body>) -> Response<Body> {
    let Ok(response) = app.clone().oneshot(request).await;
    response
}

/// Reads a response to its end.
pub(crate) async fn read(response: Response<Body>) -> Reply {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Reply { status: parts.status, headers: parts.headers, body }
}

/// The session error that a response carries for whoever logs it.
pub(crate) fn error(response: &Response<Body>) -> Option<SessionError> {
    response.extensions().get().copied()
}
