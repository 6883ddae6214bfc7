//! One application in each of the frameworks, and requests to it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use axum::{Router, http::Uri};
use hardtack::{
    Builder, Clock, DeviceBinding, DeviceBound, Event, EventKind, Keyring, Layered, Session, SessionData, SessionError,
    SessionManager, actix::SessionMiddleware, tower::SessionLayer,
};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use tower::{Layer, ServiceExt};

use crate::common;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) visits: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

/// What the application does at a path.
fn act(path: &str, login: &Session<Login>) -> Result<String, SessionError> {
    match path.strip_prefix("/login/") {
        Some(user) => login.begin(Login { user: user.to_owned(), visits: 0 })?,
        None => match path {
            "/logout" => login.end(),
            "/cycle" => login.cycle()?,
            "/reauthenticate" => login.reauthenticate()?,
            "/renew" => login.renew()?,
            "/visit" => login.update(|login| login.visits += 1)?,
            "/pay" => login.require_bound()?,
            _ => {}
        },
    }
    let bound = matches!(login.binding(), DeviceBinding::Bound { .. });
    let login = login.get().ok_or(SessionError::NoSession)?;
    Ok(format!("{} {} {bound}", login.user, login.visits))
}

/// A request. Its `Cookie` header is among the headers.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, Vec<u8>)>,
}

impl Call {
    pub(crate) fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), headers: Vec::new() }
    }

    pub(crate) fn post(path: &str) -> Self {
        Self { method: "POST", ..Self::get(path) }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name, value.as_ref().to_vec()));
        self
    }
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// In the order of their names.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    fn new<'a>(status: u16, headers: impl Iterator<Item = (&'a str, &'a [u8])>, body: &[u8]) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_owned(), text(value))).collect();
        headers.retain(|(name, value)| {
            name != "content-length" && (name != "content-type" || value == "application/json")
        });
        headers.sort_by(|one, other| one.0.cmp(&other.0));
        Self { status, headers, body: text(body) }
    }

    pub(crate) fn all(&self, wanted: &str) -> Vec<&str> {
        self.headers.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn one(&self, wanted: &str) -> Option<&str> {
        match self.all(wanted)[..] {
            [] => None,
            [value] => Some(value),
            ref several => panic!("{wanted}: {several:?}"),
        }
    }

    /// The cookies that it sets, and the names of those that it removes.
    pub(crate) fn cookies(&self) -> (Vec<&str>, Vec<&str>) {
        let pairs = self.all("set-cookie").into_iter().map(|value| value.split_once('=').unwrap());
        let (removed, set): (Vec<_>, Vec<_>) = pairs.partition(|(_, rest)| rest.starts_with(';'));
        (set.into_iter().map(|(name, _)| name).collect(), removed.into_iter().map(|(name, _)| name).collect())
    }
}

/// A time that a test moves, in seconds after `common::NOW`.
#[derive(Clone, Default)]
pub(crate) struct Time(Arc<AtomicI64>);

impl Time {
    pub(crate) fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }

    /// A clock that is off by so many seconds.
    pub(crate) fn clock(&self, off: i64) -> Clock {
        let time = self.clone();
        Clock::from_fn(move || common::at(time.now() + off))
    }
}

/// The names of events, with their reasons.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    pub(crate) fn observer(&self) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
        let told = Arc::clone(&self.0);
        move |event| {
            let name = match event.kind {
                EventKind::DeviceRefused(reason) => format!("refused {}", reason.name()),
                EventKind::DeviceEnded(reason) => format!("ended {}", reason.name()),
                EventKind::DeviceSkipped(skip) => format!("skipped {}", skip.name()),
                EventKind::Held(refusal) => format!("held {}", refusal.name()),
                ref kind => kind.name().to_owned(),
            };
            told.lock().unwrap().push(name);
        }
    }

    /// What was told of devices since the last time.
    pub(crate) fn of_devices(&self) -> Vec<String> {
        let mut all = core::mem::take(&mut *self.0.lock().unwrap());
        let words = ["device_", "refused ", "ended ", "skipped ", "held "];
        all.retain(|name| words.iter().any(|word| name.starts_with(word)));
        all
    }
}

/// What all of a fleet's nodes have.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) device: Option<DeviceBound>,
    pub(crate) time: Time,
    pub(crate) told: Told,
}

impl Setup {
    pub(crate) fn new(device: DeviceBound) -> Self {
        Self { keyring: Arc::new(common::ring()), device: Some(device), time: Time::default(), told: Told::default() }
    }

    pub(crate) fn builder<Out: From<SessionManager<Login>> + Layered>(
        &self,
        builder: Builder<Login, Out>,
        off: i64,
    ) -> Builder<Login, Out> {
        let builder = builder.clock(self.time.clock(off)).observer(self.told.observer());
        match &self.device {
            Some(device) => builder.device_bound(device.clone()),
            None => builder,
        }
    }

    /// A node whose clock is off by so many seconds.
    pub(crate) fn node(&self, off: i64) -> Site {
        self.node_with(off, |builder| builder)
    }

    pub(crate) fn node_with(
        &self,
        off: i64,
        more: impl FnOnce(Builder<Login, SessionLayer<Login>>) -> Builder<Login, SessionLayer<Login>>,
    ) -> Site {
        let builder = self.builder(SessionLayer::builder(Arc::clone(&self.keyring)), off);
        Site::axum(more(builder).build().unwrap())
    }
}

/// The application behind one framework.
pub(crate) enum Site {
    Axum(Router),
    Tower(SessionLayer<Login>),
    Actix(Box<SessionMiddleware<Login>>),
}

impl Site {
    pub(crate) fn axum(layer: SessionLayer<Login>) -> Self {
        Self::Axum(Router::new().fallback(in_axum).layer(layer))
    }

    pub(crate) async fn call(&self, call: Call) -> Reply {
        match self {
            Self::Axum(router) => {
                let response = router.clone().oneshot(request(call, axum::body::Body::empty())).await.unwrap();
                let (parts, body) = response.into_parts();
                let headers = parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
                Reply::new(parts.status.as_u16(), headers, &body.collect().await.unwrap().to_bytes())
            }
            Self::Tower(layer) => {
                let response =
                    layer.layer(tower::service_fn(in_tower)).oneshot(request(call, String::new())).await.unwrap();
                let headers = response.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
                Reply::new(response.status().as_u16(), headers, response.body().as_bytes())
            }
            Self::Actix(middleware) => actix(middleware.as_ref().clone(), call).await,
        }
    }
}

pub(crate) async fn in_axum(uri: Uri, login: Session<Login>) -> Result<String, SessionError> {
    act(uri.path(), &login)
}

async fn in_tower(request: http::Request<String>) -> Result<http::Response<String>, std::convert::Infallible> {
    let (parts, _) = request.into_parts();
    let login = hardtack::tower::session::<Login>(&parts).await;
    let answer = login.and_then(|login| act(parts.uri.path(), &login));
    let status = answer.as_ref().map_or_else(SessionError::status, |_| 200);
    let mut response = http::Response::new(answer.unwrap_or_default());
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    Ok(response)
}

async fn in_actix(request: actix_web::HttpRequest, login: Session<Login>) -> Result<String, SessionError> {
    act(request.path(), &login)
}

fn request<Body>(call: Call, body: Body) -> http::Request<Body> {
    let mut request = http::Request::builder().method(call.method).uri(call.path);
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    request.body(body).unwrap()
}

async fn actix(middleware: SessionMiddleware<Login>, call: Call) -> Reply {
    use actix_web::{App, http::header, test, web};

    let app = test::init_service(App::new().wrap(middleware).default_service(web::to(in_actix))).await;
    let mut request = test::TestRequest::with_uri(&call.path).method(call.method.parse().unwrap());
    for (name, value) in call.headers {
        request = request.append_header((name, header::HeaderValue::from_bytes(&value).unwrap()));
    }
    let response = test::call_service(&app, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = test::read_body(response).await;
    Reply::new(status, headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())), &body)
}
