//! The suite's app in actix-web.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::{
    App, Error, HttpRequest, HttpResponse, Responder, ResponseError, Route,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse},
    error::InternalError,
    http::StatusCode,
    middleware::{Condition, Next, from_fn},
    test::{TestRequest, init_service},
    web::{self, Bytes},
};
use hardtack::{Current, Session, actix::SessionMiddleware};

use crate::suite::{
    app::{Answer, AppError, Around, Before, Cart, Content, Framework, Handler, Login, Pieces, Setup, Twin, caught},
    reply::{Header, Reply, Request},
};

/// What the server sends: an error that left all middleware is made a response there.
type Responding = Pin<Box<dyn Future<Output = HttpResponse>>>;

pub(crate) struct Actix(Box<dyn Fn(TestRequest) -> Responding>);

impl Framework for Actix {
    async fn start(setup: Setup) -> Self {
        let keyring = || Arc::clone(&setup.keyring);
        let around = setup.around.clone();
        let app = App::new()
            .route("/", route(setup.handler.clone()))
            .wrap(from_fn(move |request: ServiceRequest, next: Next<BoxBody>| run(around.clone(), request, next)))
            .wrap(Condition::new(setup.layers.login, setup.logins(SessionMiddleware::builder(keyring()))))
            .wrap(Condition::new(setup.layers.cart, setup.others(SessionMiddleware::<Cart>::builder(keyring()))))
            .wrap(Condition::new(setup.layers.twin, setup.others(SessionMiddleware::<Twin>::builder(keyring()))))
            .wrap(Condition::new(setup.layers.login_again, setup.logins(SessionMiddleware::builder(keyring()))));
        let service = Rc::new(init_service(app).await);
        Self(Box::new(move |request| {
            let service = Rc::clone(&service);
            Box::pin(async move {
                match service.call(request.to_request()).await {
                    Ok(response) => response.into_parts().1.map_into_boxed_body(),
                    Err(error) => error.error_response(),
                }
            })
        }))
    }

    async fn request(&self, request: Request) -> Option<Reply> {
        let mut http = TestRequest::get().uri("/");
        for (name, value) in request.headers {
            http = http.append_header((name, value));
        }
        caught(async {
            let response = (self.0)(http).await;
            let status = response.status().as_u16();
            let header =
                |(name, value): (&actix_web::http::header::HeaderName, &actix_web::http::header::HeaderValue)| Header {
                    name: name.to_string(),
                    value: value.to_str().unwrap().to_owned(),
                    sensitive: value.is_sensitive(),
                };
            let headers: Vec<_> = response.headers().iter().map(header).collect();
            let mut body = pin!(response.into_body());
            let mut chunks = Vec::new();
            while let Some(chunk) = poll_fn(|context| body.as_mut().poll_next(context)).await {
                chunks.push(String::from_utf8(chunk.unwrap().to_vec()).unwrap());
            }
            Reply::new(status, headers, chunks)
        })
        .await
    }
}

fn route(handler: Handler) -> Route {
    match handler {
        Handler::Static => web::get().to(async || "static"),
        Handler::Login(act) => web::get().to(move |login: Session<Login>| {
            let act = act.clone();
            async move { act(&login) }
        }),
        Handler::Wrapped(act) => web::get().to(move |login: Session<Login>| {
            let act = act.clone();
            async move { act(&login).map_err(AppError) }
        }),
        Handler::Twice(act) => web::get().to(move |one: Session<Login>, two: Session<Login>| {
            let act = act.clone();
            async move { act(&one, &two) }
        }),
        Handler::Both(act) => web::get().to(move |login: Session<Login>, cart: Session<Cart>| {
            let act = act.clone();
            async move { act(&login, &cart) }
        }),
        Handler::Twin(act) => web::get().to(move |twin: Session<Twin>| {
            let act = act.clone();
            async move { act(&twin) }
        }),
        Handler::Current => web::get().to(async |login: Current<Login>| login.name.clone()),
    }
}

async fn run(
    around: Option<Around>,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(around) = around else { return next.call(request).await };
    let login = request.extract::<Session<Login>>().await?;
    if let Some(act) = &around.cart {
        act(&request.extract::<Session<Cart>>().await?)?;
    }
    match (around.before)(&login) {
        Before::GoOn => {}
        Before::Answer(answer) => return Ok(request.into_response(answer.into_response())),
        Before::Fail(status) => {
            return Err(InternalError::new("refused", StatusCode::from_u16(status).unwrap()).into());
        }
    }
    let response = next.call(request).await?;
    (around.after)(&login).map_err(AppError)?;
    Ok(response)
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.0.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        self.0.error_response()
    }
}

impl Answer {
    fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap());
        for header in self.headers {
            response.append_header(header);
        }
        match self.body {
            Content::Text(text) => response.body(text),
            Content::Pieces(pieces) => response.body(Streamed(pieces)),
        }
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.into_response()
    }
}

struct Streamed(Pieces);

impl MessageBody for Streamed {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(self.0.next().map(|piece| Ok(piece.into())))
    }
}
