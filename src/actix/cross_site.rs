//! A middleware that refuses what other sites make a browser send.

use core::{
    fmt,
    future::{Future, Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};
use std::sync::Arc;

use actix_web::{
    Error, HttpResponse, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
    http::StatusCode,
};

use super::origin;
use crate::error::ConfigError;

/// Refuses requests that another site made the browser send, by `Sec-Fetch-Site` and `Origin`: what tower-http's `csrf` layer
/// does for tower, by the same rule. Wrap it around the sessions: `App::new().wrap(sessions).wrap(CrossSite::new())`.
///
/// A request passes if its method is `GET`, `HEAD` or `OPTIONS`; if its `Origin` is a trusted one; if its `Sec-Fetch-Site` is
/// `same-origin` or `none`; if it has neither header, for then no browser sent it, or a very old one; or if it has no
/// `Sec-Fetch-Site`, and the host and port of its `Origin` are those of the request. Whatever does not pass is answered 403.
///
/// It believes the `Host` that arrives: a proxy in front has to pass it on as it came.
#[derive(Clone, Debug, Default)]
pub struct CrossSite {
    trusted: Arc<Vec<String>>,
}

impl CrossSite {
    /// A middleware that trusts no other origin.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets requests of this other origin pass, written as browsers write it: `https://login.example.com`.
    ///
    /// # Errors
    /// [`ConfigError::Origin`] if no browser would write an origin so: it would never match.
    pub fn trusted_origin(mut self, origin: &str) -> Result<Self, ConfigError> {
        if !origin::is_origin(origin) {
            return Err(ConfigError::Origin { origin: origin.to_owned() });
        }
        Arc::make_mut(&mut self.trusted).push(origin.to_owned());
        Ok(self)
    }
}

/// Why [`CrossSite`] refused a request; the response's error, for whoever logs it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrossSiteError {
    /// `Sec-Fetch-Site` says that another site, or another host of this one, made the browser send it.
    FetchSite,
    /// There is no `Sec-Fetch-Site`, and `Origin` names another host: an old browser, or plain http, or a proxy that rewrote
    /// `Host`.
    Origin,
}

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for CrossSiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for CrossSiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FetchSite => "a cross-site request, by its Sec-Fetch-Site",
            Self::Origin => {
                "a cross-site request, by its Origin: if it is your own, pass Host on unchanged or trust the origin"
            }
        })
    }
}

impl core::error::Error for CrossSiteError {}

/// 403, without a body.
impl ResponseError for CrossSiteError {
    fn status_code(&self) -> StatusCode {
        StatusCode::FORBIDDEN
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

impl<S, B> Transform<S, ServiceRequest> for CrossSite
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = CrossSiteService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(CrossSiteService { service, trusted: Arc::clone(&self.trusted) }))
    }
}

/// What [`CrossSite`] makes of a service.
#[derive(Debug)]
pub struct CrossSiteService<S> {
    service: S,
    trusted: Arc<Vec<String>>,
}

impl<S, B> Service<ServiceRequest> for CrossSiteService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        if let Err(refused) = origin::check(request.head(), &self.trusted) {
            return Box::pin(ready(Ok(request.error_response(refused).map_into_right_body())));
        }
        let responding = self.service.call(request);
        Box::pin(async move { responding.await.map(ServiceResponse::map_into_left_body) })
    }
}
