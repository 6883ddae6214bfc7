//! Requests to an actix-web app, each to an app of its own: what connects them is the cookie.

use actix_web::{
    App,
    http::{
        StatusCode,
        header::{COOKIE, SET_COOKIE},
    },
    test::{self, TestRequest},
    web::ServiceConfig,
};
use hardtack::{SessionData, actix::SessionMiddleware};

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) body: String,
}

impl Reply {
    /// `name=value` of the one `Set-Cookie` there is.
    #[track_caller]
    pub(crate) fn cookie(&self) -> &str {
        assert_eq!(self.set_cookies.len(), 1, "{:?}", self.set_cookies);
        super::pair(&self.set_cookies[0])
    }
}

/// Sends a request to these routes behind these sessions, with this `Cookie` header unless it is empty.
pub(crate) async fn ask<T: SessionData>(
    routes: fn(&mut ServiceConfig),
    sessions: &SessionMiddleware<T>,
    request: TestRequest,
    cookie: &str,
) -> Reply {
    let app = test::init_service(App::new().configure(routes).wrap(sessions.clone())).await;
    let request = if cookie.is_empty() { request } else { request.insert_header((COOKIE, cookie)) };
    let response = test::call_service(&app, request.to_request()).await;
    let set_cookies = response.headers().get_all(SET_COOKIE).map(|value| value.to_str().unwrap().to_owned()).collect();
    let status = response.status();
    let body = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
    Reply { status, set_cookies, body }
}
