//! Requests that the demonstration makes itself, to the same routes and through the same layers as those of a browser.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request},
};
use tower::ServiceExt;

use super::log::{Told, collect};

/// The routes that use the session, with their layers.
#[derive(Clone)]
pub(crate) struct Site(pub(crate) Router);

/// The outcome of a request: the client's response, and the operator's events.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) events: Vec<Told>,
}

impl Site {
    pub(crate) async fn send(&self, sender: &'static str, request: request::Builder, body: &str) -> Answer {
        let Ok(request) = request.body(Body::from(body.to_owned())) else { return Answer::impossible() };
        self.answer(sender, request).await
    }

    /// Asks for a page with these headers.
    pub(crate) async fn get(&self, sender: &'static str, path: &str, headers: &HeaderMap) -> Answer {
        let mut request = Request::get(path);
        if let Some(all) = request.headers_mut() {
            all.clone_from(headers);
        }
        self.send(sender, request, "").await
    }

    async fn answer(&self, sender: &'static str, request: Request) -> Answer {
        let (response, events) = collect(sender, self.0.clone().oneshot(request)).await;
        let Ok(response) = response;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 64 * 1024).await.unwrap_or_default();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body, events }
    }
}

impl Answer {
    fn impossible() -> Self {
        let status = StatusCode::BAD_REQUEST;
        Self { status, headers: HeaderMap::new(), body: String::new(), events: Vec::new() }
    }

    /// The response as it goes over the wire.
    pub(crate) fn as_text(&self) -> String {
        let line = |(name, value): (&HeaderName, &HeaderValue)| {
            format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))
        };
        let headers: String = self.headers.iter().map(line).collect();
        let text = format!("HTTP/1.1 {}\n{headers}\n{}", self.status, self.body);
        text.trim_end().to_owned()
    }
}

/// The headers that the demonstration's own requests begin with: those by which a service knows the visitor's browser.
pub(crate) fn like(headers: &HeaderMap) -> HeaderMap {
    let kept = [header::HOST, header::USER_AGENT].into_iter();
    let mut kept: HeaderMap = kept.filter_map(|name| Some((name.clone(), headers.get(name)?.clone()))).collect();
    // A client that asks for HTML is redirected to the login. Others get a 401, which says more here.
    kept.insert(header::ACCEPT, HeaderValue::from_static("text/plain"));
    kept
}

/// A `Cookie` header, if the text can stand in one.
pub(crate) fn with_cookie(mut headers: HeaderMap, cookie: &str) -> HeaderMap {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.insert(header::COOKIE, value);
    }
    headers
}
