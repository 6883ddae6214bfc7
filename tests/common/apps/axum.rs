//! The suite's app in axum.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    RequestExt, Router,
    body::{Body, Bytes, HttpBody},
    extract::{Request as HttpRequest, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use hardtack::{Current, Session, SessionError, tower::SessionLayer};
use http_body::Frame;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::suite::{
    app::{Answer, AppError, Around, Before, Cart, Content, Framework, Handler, Login, Pieces, Setup, Twin, caught},
    reply::{Header, Reply, Request},
};

pub(crate) struct Axum(Router);

impl Framework for Axum {
    async fn start(setup: Setup) -> Self {
        let mut router = Router::new().route("/", route(setup.handler.clone()));
        if let Some(around) = setup.around.clone() {
            router = router.layer(middleware::from_fn_with_state(around, run));
        }
        let keyring = || Arc::clone(&setup.keyring);
        if setup.layers.login {
            router = router.layer(setup.logins(SessionLayer::builder(keyring())));
        }
        if setup.layers.cart {
            router = router.layer(setup.others(SessionLayer::<Cart>::builder(keyring())));
        }
        if setup.layers.twin {
            router = router.layer(setup.others(SessionLayer::<Twin>::builder(keyring())));
        }
        if setup.layers.login_again {
            router = router.layer(setup.logins(SessionLayer::builder(keyring())));
        }
        Self(router)
    }

    async fn request(&self, request: Request) -> Option<Reply> {
        let mut http = HttpRequest::new(Body::empty());
        for (name, value) in request.headers {
            http.headers_mut().append(name, value.parse().unwrap());
        }
        let router = self.0.clone();
        caught(async {
            let Ok(response) = router.oneshot(http).await;
            let (parts, mut body) = response.into_parts();
            let headers = parts.headers.iter().map(|(name, value)| Header {
                name: name.to_string(),
                value: value.to_str().unwrap().to_owned(),
                sensitive: value.is_sensitive(),
            });
            let mut chunks = Vec::new();
            while let Some(frame) = body.frame().await {
                chunks.push(String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap());
            }
            Reply::new(parts.status.as_u16(), headers, chunks)
        })
        .await
    }
}

fn route(handler: Handler) -> MethodRouter {
    match handler {
        Handler::Static => get(async || "static"),
        Handler::Login(act) => get(async move |login: Session<Login>| act(&login)),
        Handler::Wrapped(act) => get(async move |login: Session<Login>| act(&login).map_err(AppError)),
        Handler::Twice(act) => get(async move |one: Session<Login>, two: Session<Login>| act(&one, &two)),
        Handler::Both(act) => get(async move |login: Session<Login>, cart: Session<Cart>| act(&login, &cart)),
        Handler::Twin(act) => get(async move |twin: Session<Twin>| act(&twin)),
        Handler::Current => get(async |login: Current<Login>| login.name.clone()),
    }
}

async fn run(
    State(around): State<Around>,
    login: Session<Login>,
    mut request: HttpRequest,
    next: Next,
) -> Result<Response, Failure> {
    if let Some(act) = &around.cart {
        let cart = request.extract_parts::<Session<Cart>>().await.map_err(Failure::Session)?;
        act(&cart).map_err(Failure::Session)?;
    }
    match (around.before)(&login) {
        Before::GoOn => {}
        Before::Answer(answer) => return Ok(answer.into_response()),
        Before::Fail(status) => return Err(Failure::Status(StatusCode::from_u16(status).unwrap())),
    }
    let response = next.run(request).await;
    (around.after)(&login).map_err(Failure::Session)?;
    Ok(response)
}

enum Failure {
    Status(StatusCode),
    Session(SessionError),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Status(status) => (status, "refused").into_response(),
            Self::Session(error) => error.into_response(),
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let body = match self.body {
            Content::Text(text) => Body::from(text),
            Content::Pieces(pieces) => Body::new(Streamed(pieces)),
        };
        (StatusCode::from_u16(self.status).unwrap(), headers, body).into_response()
    }
}

struct Streamed(Pieces);

impl HttpBody for Streamed {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::convert::Infallible>>> {
        Poll::Ready(self.0.next().map(|piece| Ok(Frame::data(piece.into()))))
    }
}
