//! axum-extra's private jar: an extractor, without a layer. A session is renewed by a handler that sets it again.

use axum::{
    Router,
    extract::FromRef,
    response::{IntoResponse, Response},
    routing::get,
};
use axum_extra::extract::{PrivateCookieJar, cookie::Key};
use http::header;

use super::{Case, Site, answer, untouched};
use crate::{
    NAME,
    others::cookie_of,
    session::{Sample, sent_back},
};

#[derive(Clone)]
struct State(Key);

impl FromRef<State> for Key {
    fn from_ref(state: &State) -> Self {
        state.0.clone()
    }
}

pub(super) fn site<S: Sample>(session: &S, case: Case) -> Site {
    let state = State(Key::generate());
    let response = with_cookie(PrivateCookieJar::<Key>::new(state.0.clone()), session, String::new());
    let cookie = sent_back(response.headers()[header::SET_COOKIE].to_str().unwrap()).parse().unwrap();
    let router = match case {
        Case::Untouched => Router::new().route("/", get(untouched)),
        Case::Changed => Router::new().route("/", get(change::<S>)),
        Case::Renewed => Router::new().route("/", get(renew::<S>)),
        _ => Router::new().route("/", get(read::<S>)),
    };
    Site { router: router.with_state(state), cookie: (case != Case::NoCookie).then_some(cookie) }
}

fn session<S: Sample>(jar: &PrivateCookieJar) -> Option<S> {
    serde_json::from_str(jar.get(NAME)?.value()).ok()
}

fn with_cookie<S: Sample>(jar: PrivateCookieJar, session: &S, answer: String) -> Response {
    (jar.add(cookie_of(serde_json::to_string(session).unwrap())), answer).into_response()
}

async fn read<S: Sample>(jar: PrivateCookieJar) -> String {
    answer(session::<S>(&jar).as_ref())
}

async fn renew<S: Sample>(jar: PrivateCookieJar) -> Response {
    let session: S = session(&jar).unwrap();
    with_cookie(jar, &session, answer(Some(&session)))
}

async fn change<S: Sample>(jar: PrivateCookieJar) -> Response {
    let mut session: S = session(&jar).unwrap();
    session.change();
    with_cookie(jar, &session, answer(Some(&session)))
}
