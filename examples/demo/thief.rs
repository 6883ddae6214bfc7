//! A second browser, in the hands of somebody who has copied the visitor's cookies.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Redirect,
};
use hardtack::{SessionData, time::OffsetDateTime};

use super::{
    app::{Around, Demo},
    cookies::cookie,
    send::{Answer, like, with_cookie},
    visitor::Visitor,
};

/// The cookies that a thief is after: the session's, and the proof of its device where there is one.
const WANTED: [&str; 2] = [Visitor::COOKIE, "__Host-demo-proof"];

/// The browser that the thief uses.
const AGENT: HeaderValue = HeaderValue::from_static("Thief/1.0");

/// The thief's cookies.
#[derive(Default)]
pub(crate) struct Jar(Mutex<Option<Loot>>);

/// The contents of the jar.
#[derive(Clone)]
pub(crate) struct Loot {
    /// As a `Cookie` header.
    cookies: String,
    pub(crate) copied_at: OffsetDateTime,
}

impl Jar {
    pub(crate) fn loot(&self) -> Option<Loot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, loot: Option<Loot>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = loot;
    }
}

/// Copies the visitor's cookies.
pub(crate) async fn copy(State(demo): State<Arc<Demo>>, headers: HeaderMap) -> Redirect {
    let found = WANTED.iter().filter_map(|name| Some(format!("{name}={}", cookie(&headers, name)?)));
    let cookies = found.collect::<Vec<_>>().join("; ");
    let loot = Loot { cookies, copied_at: demo.clock.now() };
    demo.jar.put(Some(loot).filter(|loot| !loot.cookies.is_empty()));
    Redirect::to("/?thief=tries#thief")
}

pub(crate) async fn empty(State(demo): State<Arc<Demo>>) -> Redirect {
    demo.jar.put(None);
    Redirect::to("/#thief")
}

/// Asks for the account with what is in the jar.
pub(crate) async fn try_copy(around: &Around, headers: &HeaderMap) -> Option<Answer> {
    let loot = around.demo.jar.loot()?;
    let mut request = like(headers);
    request.insert(header::USER_AGENT, AGENT);
    Some(around.site.get("the thief", "/account", &with_cookie(request, &loot.cookies)).await)
}
