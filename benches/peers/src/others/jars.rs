//! `cookie` with its private jar, and axum-extra's extractor on top of it. Both seal text: JSON.

use std::hint::black_box;

use axum::response::IntoResponse;
use axum_extra::extract::PrivateCookieJar;
use cookie::{Cookie, CookieJar, Key, SameSite};
use http::{HeaderMap, HeaderValue, header};

use super::json;
use crate::{
    NAME,
    session::{Peer, Sample},
};

/// The attributes that hardtack sets, too.
pub(crate) fn cookie_of(text: String) -> Cookie<'static> {
    Cookie::build((NAME, text)).path("/").http_only(true).secure(true).same_site(SameSite::Lax).build()
}

/// By value: what the jar does, without header text around it.
pub(crate) struct JarValue(Key);

impl JarValue {
    pub(crate) fn new() -> Self {
        Self(Key::generate())
    }

    fn opened(&self, text: &str) -> Cookie<'static> {
        CookieJar::new().private(&self.0).decrypt(Cookie::new(NAME, text.to_owned())).unwrap()
    }
}

impl<S: Sample> Peer<S> for JarValue {
    fn seal(&mut self, session: &S) -> String {
        let mut jar = CookieJar::new();
        jar.private_mut(&self.0).add(Cookie::new(NAME, json(session)));
        jar.get(NAME).unwrap().value().to_owned()
    }

    fn open(&mut self, text: &str) -> S {
        serde_json::from_str(self.opened(text).value()).unwrap()
    }

    fn open_borrowed(&mut self, text: &str) -> bool {
        black_box(&serde_json::from_str::<S::Borrowed<'_>>(self.opened(text).value()).unwrap());
        true
    }
}

/// From header text to header text.
pub(crate) struct JarHeader(Key);

impl JarHeader {
    pub(crate) fn new() -> Self {
        Self(Key::generate())
    }
}

impl<S: Sample> Peer<S> for JarHeader {
    fn seal(&mut self, session: &S) -> String {
        let mut jar = CookieJar::new();
        jar.private_mut(&self.0).add(cookie_of(json(session)));
        jar.delta().next().unwrap().encoded().to_string()
    }

    fn open(&mut self, text: &str) -> S {
        let mut jar = CookieJar::new();
        for cookie in Cookie::split_parse_encoded(text.to_owned()) {
            jar.add_original(cookie.unwrap());
        }
        serde_json::from_str(jar.private(&self.0).get(NAME).unwrap().value()).unwrap()
    }
}

/// axum-extra's extractor, from headers to headers.
pub(crate) struct AxumExtra(Key);

impl AxumExtra {
    pub(crate) fn new() -> Self {
        Self(Key::generate())
    }
}

impl<S: Sample> Peer<S> for AxumExtra {
    fn seal(&mut self, session: &S) -> String {
        let jar = PrivateCookieJar::<Key>::new(self.0.clone()).add(cookie_of(json(session)));
        jar.into_response().headers()[header::SET_COOKIE].to_str().unwrap().to_owned()
    }

    fn open(&mut self, text: &str) -> S {
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(text).unwrap())]);
        let jar = PrivateCookieJar::<Key>::from_headers(&headers, self.0.clone());
        serde_json::from_str(jar.get(NAME).unwrap().value()).unwrap()
    }
}
