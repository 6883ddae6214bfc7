//! The suite's app as a plain tower service: no framework, and a body of our own.

use std::{convert::Infallible, sync::Arc};

use axum::http::{Request as HttpRequest, Response, StatusCode, request::Parts};
use hardtack::{
    SessionError,
    tower::{SessionLayer, session},
};
use tower::{Layer, ServiceExt, service_fn, util::BoxCloneSyncService};

use crate::suite::{
    app::{Answer, Around, Before, Cart, Content, Framework, Handler, Outcome, Pieces, Setup, Twin, caught},
    reply::{Header, Reply, Request},
};

type Served = BoxCloneSyncService<HttpRequest<()>, Response<Pieces>, Infallible>;

pub(crate) struct Tower(Served);

impl Framework for Tower {
    async fn start(setup: Setup) -> Self {
        let Setup { handler, around, layers, .. } = setup.clone();
        let handle = service_fn(move |request: HttpRequest<()>| {
            let handler = handler.clone();
            async move { Ok(response(handle(handler, request.into_parts().0).await)) }
        });
        let mut service = BoxCloneSyncService::new(handle);
        if let Some(around) = around {
            let inner = service;
            service = BoxCloneSyncService::new(service_fn(move |request: HttpRequest<()>| {
                let (around, inner) = (around.clone(), inner.clone());
                async move { Ok(response_or(run(around, inner, request).await)) }
            }));
        }
        let keyring = || Arc::clone(&setup.keyring);
        if layers.login {
            service = BoxCloneSyncService::new(setup.logins(SessionLayer::builder(keyring())).layer(service));
        }
        if layers.cart {
            service = BoxCloneSyncService::new(setup.others(SessionLayer::<Cart>::builder(keyring())).layer(service));
        }
        if layers.twin {
            service = BoxCloneSyncService::new(setup.others(SessionLayer::<Twin>::builder(keyring())).layer(service));
        }
        if layers.login_again {
            service = BoxCloneSyncService::new(setup.logins(SessionLayer::builder(keyring())).layer(service));
        }
        Self(service)
    }

    async fn request(&self, request: Request) -> Option<Reply> {
        let mut http = HttpRequest::new(());
        for (name, value) in request.headers {
            http.headers_mut().append(name, value.parse().unwrap());
        }
        let service = self.0.clone();
        caught(async {
            let Ok(response) = service.oneshot(http).await;
            let (parts, mut body) = response.into_parts();
            let headers = parts.headers.iter().map(|(name, value)| Header {
                name: name.to_string(),
                value: value.to_str().unwrap().to_owned(),
                sensitive: value.is_sensitive(),
            });
            Reply::new(parts.status.as_u16(), headers, std::iter::from_fn(|| body.next()).collect())
        })
        .await
    }
}

async fn handle(handler: Handler, parts: Parts) -> Outcome {
    match handler {
        Handler::Static => Ok(Answer::new(200, "static")),
        // A service makes its own response of any error.
        Handler::Login(act) | Handler::Wrapped(act) => act(&session(&parts).await?),
        Handler::Twice(act) => act(&session(&parts).await?, &session(&parts).await?),
        Handler::Both(act) => act(&session(&parts).await?, &session(&parts).await?),
        Handler::Twin(act) => act(&session(&parts).await?),
        Handler::Current => unreachable!("no extractors here"),
    }
}

async fn run(around: Around, inner: Served, request: HttpRequest<()>) -> Result<Response<Pieces>, SessionError> {
    let (parts, ()) = request.into_parts();
    let login = session(&parts).await?;
    if let Some(act) = &around.cart {
        act(&session(&parts).await?)?;
    }
    match (around.before)(&login) {
        Before::GoOn => {}
        Before::Answer(answer) => return Ok(response(Ok(answer))),
        Before::Fail(status) => return Ok(response(Ok(Answer::new(status, "refused")))),
    }
    let Ok(response) = inner.oneshot(HttpRequest::from_parts(parts, ())).await;
    (around.after)(&login)?;
    Ok(response)
}

fn response(outcome: Outcome) -> Response<Pieces> {
    // What becomes of an error is the service's own affair; this one tells it to everybody.
    let failed = outcome.as_ref().err().copied();
    let answer = outcome.unwrap_or_else(|error| match error {
        SessionError::MissingLayer { .. } | SessionError::LayeredTwice { .. } => Answer::new(500, error.to_string()),
        _ => Answer::new(error.status(), ""),
    });
    let pieces = match answer.body {
        Content::Text(text) if text.is_empty() => Pieces::default(),
        Content::Text(text) => Pieces::default().then(|| text),
        Content::Pieces(pieces) => pieces,
    };
    let mut response = Response::new(pieces);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap();
    if let Some(error) = failed {
        response.extensions_mut().insert(error);
    }
    for (name, value) in answer.headers {
        response.headers_mut().append(name, value.parse().unwrap());
    }
    response
}

fn response_or(result: Result<Response<Pieces>, SessionError>) -> Response<Pieces> {
    result.unwrap_or_else(|error| response(Err(error)))
}
