//! A browser with one cookie jar, and the layer under test.
#![allow(dead_code, reason = "not every test file uses all of it")]

use std::collections::BTreeMap;

use axum::{Router, body::Body};
use hardtack::{testing::TestKit as Kit, tower::SessionLayer};
use hardtack_tower_sessions::{SessionManagerLayer, Stored};
use http::{
    Request, StatusCode,
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
};
use http_body_util::BodyExt;
use tower::ServiceExt;

pub(crate) fn sessions(kit: &Kit) -> SessionManagerLayer {
    let layer = SessionLayer::<Stored>::builder(kit.keyring()).clock(kit.clock()).build();
    SessionManagerLayer::new(layer.expect("the defaults"))
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) body: String,
}

#[derive(Clone)]
pub(crate) struct Browser {
    app: Router,
    pub(crate) jar: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(app: Router) -> Self {
        Self { app, jar: BTreeMap::new() }
    }

    pub(crate) async fn show(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(crate) async fn submit(&mut self, path: &str, form: &str) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(form.to_owned())).await
    }

    async fn send(&mut self, request: http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) };
        let response = self.app.clone().oneshot(request.body(body).expect("a request")).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let text = |value: &http::HeaderValue| value.to_str().expect("ASCII").to_owned();
        let set_cookies: Vec<_> = parts.headers.get_all(SET_COOKIE).iter().map(text).collect();
        for set_cookie in &set_cookies {
            self.keep(set_cookie);
        }
        let body = body.collect().await.expect("a body").to_bytes();
        let body = String::from_utf8(body.to_vec()).expect("UTF-8");
        Answer { status: parts.status, location: parts.headers.get(LOCATION).map(text), set_cookies, body }
    }

    fn keep(&mut self, set_cookie: &str) {
        let (pair, attributes) = set_cookie.split_once(';').unwrap_or((set_cookie, ""));
        let (name, value) = pair.split_once('=').expect("a pair");
        if attributes.contains("Max-Age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), value.to_owned());
        }
    }
}
