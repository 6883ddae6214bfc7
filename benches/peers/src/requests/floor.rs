//! The least a request can cost: the bare router, and a handler that opens and seals by the own floor.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use floor::Own;
use http::{HeaderMap, header};

use super::{Case, NOBODY, Site, answer, untouched};
use crate::{
    NAME,
    ours::Least,
    session::{Peer, Sample, value},
};

type Shared<S> = Arc<Mutex<Least<Own, S>>>;

pub(super) fn site<S: Sample>(session: &S, case: Case) -> Site {
    let mut least = Least::<Own, S>::new(session);
    let cookie = format!("{NAME}={}", least.seal(session)).parse().unwrap();
    let router = match case {
        Case::Untouched => Router::new().route("/", get(untouched)),
        Case::Renewed => Router::new().route("/", get(write::<S, false>)),
        Case::Changed => Router::new().route("/", get(write::<S, true>)),
        _ => Router::new().route("/", get(read::<S>)),
    };
    let router = router.with_state(Arc::new(Mutex::new(least)));
    Site { router, cookie: (case != Case::NoCookie).then_some(cookie) }
}

fn open<S: Sample>(shared: &Shared<S>, headers: &HeaderMap) -> Option<S> {
    let text = headers.get(header::COOKIE)?.to_str().unwrap();
    Some(shared.lock().unwrap().open(value(text)))
}

async fn read<S: Sample>(State(shared): State<Shared<S>>, headers: HeaderMap) -> String {
    answer(open(&shared, &headers).as_ref())
}

async fn write<S: Sample, const CHANGES: bool>(State(shared): State<Shared<S>>, headers: HeaderMap) -> Response {
    let Some(mut session) = open(&shared, &headers) else { return NOBODY.into_response() };
    if CHANGES {
        session.change();
    }
    let token = shared.lock().unwrap().seal(&session);
    let cookie = format!("{NAME}={token}; Path=/; HttpOnly; Secure; SameSite=Lax");
    ([(header::SET_COOKIE, cookie)], answer(Some(&session))).into_response()
}
