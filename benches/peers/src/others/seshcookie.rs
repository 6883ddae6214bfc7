//! seshcookie. It has no way to seal or open but its layer: here sealed by the helper of its own tests, and opened by its layer
//! around a service that reads the session.

use std::{convert::Infallible, time::SystemTime};

use axum::extract::FromRequestParts;
use http::{HeaderValue, Request, Response, header};
use seshcookie::{Session, SessionConfig, SessionKeys, SessionLayer};
use tower::{Layer, Service, service_fn, util::BoxCloneService};

use super::ready;
use crate::{
    NAME,
    session::{Peer, Sample},
};

type Reader<S> = BoxCloneService<Request<()>, Response<Option<S>>, Infallible>;

pub(crate) struct SeshCookie<S> {
    layer: SessionLayer<S>,
    reader: Reader<S>,
}

impl<S: Sample> SeshCookie<S> {
    pub(crate) fn new() -> Self {
        let keys = SessionKeys::new(b"what is sealed here has no value").unwrap();
        let layer = SessionLayer::new(keys, SessionConfig::default().cookie_name(NAME)).unwrap();
        let reader = BoxCloneService::new(layer.layer(service_fn(read)));
        Self { layer, reader }
    }
}

/// The session in the response's place.
async fn read<S: Sample>(request: Request<()>) -> Result<Response<Option<S>>, Infallible> {
    let (mut parts, ()) = request.into_parts();
    let session = Session::from_request_parts(&mut parts, &()).await.unwrap();
    Ok(Response::new(session.get().await))
}

impl<S: Sample> Peer<S> for SeshCookie<S> {
    fn seal(&mut self, session: &S) -> String {
        let value = seshcookie::__testing::encode_cookie_for_layer(&self.layer, session, SystemTime::now());
        format!("{NAME}={value}")
    }

    fn open(&mut self, text: &str) -> S {
        let mut request = Request::new(());
        request.headers_mut().insert(header::COOKIE, HeaderValue::from_str(text).unwrap());
        ready(self.reader.call(request)).unwrap().into_body().unwrap()
    }
}
