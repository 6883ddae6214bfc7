//! hardtack's layer for tower, and its extractor.

use axum::{Router, routing::get};
use hardtack::{Keyring, Session, SessionManager, tower::SessionLayer};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

use super::{Case, Site, answer, untouched};
use crate::session::{Sample, sent_back};

pub(super) fn site<S: Sample>(session: &S, case: Case) -> Site {
    let keys = Arc::new(Keyring::generate().unwrap());
    let router = match case {
        Case::Untouched => Router::new().route("/", get(untouched)),
        Case::Changed => Router::new().route("/", get(change::<S>)),
        _ => Router::new().route("/", get(read::<S>)),
    };
    let router = router.layer(SessionLayer::<S>::new(keys.clone()).unwrap());
    // Past half of its idle window a session is renewed.
    let age = if case == Case::Renewed { Duration::minutes(20) } else { Duration::ZERO };
    let cookie = cookie(session, keys, OffsetDateTime::now_utc() - age);
    Site { router, cookie: (case != Case::NoCookie).then(|| sent_back(&cookie).parse().unwrap()) }
}

fn cookie<S: Sample>(session: &S, keys: Arc<Keyring>, at: OffsetDateTime) -> String {
    let manager = SessionManager::new(keys).unwrap();
    let begun = manager.load([], at);
    begun.begin(session.clone()).unwrap();
    manager.commit(&begun, false, at).unwrap().remove(0)
}

async fn read<S: Sample>(session: Session<S>) -> String {
    answer(session.get().as_deref())
}

async fn change<S: Sample>(session: Session<S>) -> String {
    session.update(S::change).unwrap();
    answer(session.get().as_deref())
}
