//! Requests and replies over actix-web.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    http::header::{COOKIE, HeaderMap, SET_COOKIE},
    test::{TestRequest, call_service, read_body},
};

/// A response, read to its end.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// All `Set-Cookie` values.
    #[track_caller]
    pub(crate) fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).map(|value| value.to_str().unwrap()).collect()
    }

    /// The values of a header.
    #[track_caller]
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).map(|value| value.to_str().unwrap()).collect()
    }
}

/// A request with this `Cookie` header unless it is empty.
pub(crate) fn with_cookie(request: TestRequest, cookie: &str) -> TestRequest {
    if cookie.is_empty() { request } else { request.insert_header((COOKIE, cookie)) }
}

/// Sends a request, as `TestRequest::to_request` makes it.
pub(crate) async fn send<R, B: MessageBody>(
    app: &impl Service<R, Response = ServiceResponse<B>, Error = Error>,
    request: R,
) -> Reply {
    let response = call_service(app, request).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = String::from_utf8(read_body(response).await.to_vec()).unwrap();
    Reply { status, headers, text }
}
