//! A browser: its cookies, and which of them it sends with a request that another site made.

use std::collections::BTreeMap;

use axum::{
    Router,
    http::{Request, header},
};
use tower::ServiceExt;

use crate::common::{
    Plain, SECRET, pair, value,
    web::{self, Reply},
};

/// Clones have jars of their own: a copy made of somebody's cookies.
#[derive(Clone)]
pub(crate) struct Browser {
    app: Router,
    /// `Set-Cookie` values by name.
    jar: BTreeMap<String, String>,
}

/// Who made the request.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum By {
    /// A page of this site.
    ThisSite,
    /// A page of another one, with which the user leaves it.
    OtherSite,
}

impl Browser {
    pub(crate) fn new(app: Router) -> Self {
        Self { app, jar: BTreeMap::new() }
    }

    /// From now on another app answers it, such as one that was restarted with other keys.
    pub(crate) fn move_to(&mut self, app: Router) {
        self.app = app;
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send(By::ThisSite, web::get(path), "").await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Reply {
        self.send(By::ThisSite, web::post(path), form).await
    }

    pub(crate) async fn send(&mut self, by: By, request: axum::http::request::Builder, form: &str) -> Reply {
        let mut request: Request<axum::body::Body> = request.body(form.to_owned().into()).unwrap();
        let safe = request.method().is_safe();
        let sent = self.jar.values().filter(|cookie| {
            by == By::ThisSite || cookie.contains("; SameSite=None") || (safe && cookie.contains("; SameSite=Lax"))
        });
        let cookies = sent.map(|cookie| pair(cookie)).collect::<Vec<_>>().join("; ");
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
        }
        let Ok(response) = self.app.clone().oneshot(request).await;
        let reply = web::read(response).await;
        for cookie in reply.cookies() {
            let name = cookie.split('=').next().unwrap().to_owned();
            if cookie.contains("; Max-Age=0;") {
                self.jar.remove(&name);
            } else {
                self.jar.insert(name, cookie.to_owned());
            }
        }
        reply
    }

    /// What it sends in a `Cookie` header to this site.
    #[track_caller]
    #[allow(dead_code, reason = "for the example with a socket, in a package of its own")]
    pub(crate) fn cookies(&self) -> String {
        self.jar.values().map(|cookie| pair(cookie)).collect::<Vec<_>>().join("; ")
    }

    /// The names of the cookies it has.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.jar.keys().map(String::as_str).collect()
    }

    /// What the service reads from the cookie of this name.
    #[track_caller]
    pub(crate) fn cookie(&self, name: &str) -> Plain {
        Plain::open(value(&self.jar[name]), &SECRET, name, "")
    }
}

/// Status and body.
#[track_caller]
pub(crate) fn outcome(reply: &Reply) -> (u16, &str) {
    (reply.status.as_u16(), reply.text())
}

/// Status and where to.
#[track_caller]
pub(crate) fn redirect(reply: &Reply) -> (u16, &str) {
    (reply.status.as_u16(), reply.location())
}

/// The `Set-Cookie` values, with `…` in place of a token.
#[track_caller]
pub(crate) fn set_cookies(reply: &Reply) -> Vec<String> {
    let shown = |cookie: &&str| match value(cookie) {
        "" => (*cookie).to_owned(),
        token => cookie.replace(token, "…"),
    };
    reply.cookies().iter().map(shown).collect()
}
