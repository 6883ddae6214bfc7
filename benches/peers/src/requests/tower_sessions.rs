//! tower-sessions with its store in memory. A session is renewed by a layer that always saves.

use std::sync::Arc;

use axum::{Router, routing::get};
use tower_sessions::{Expiry, MemoryStore, Session, SessionManagerLayer};

use super::{Case, Site, answer, untouched};
use crate::{NAME, others::ready, session::Sample};

const ENTRY: &str = "login";

pub(super) fn site<S: Sample>(session: &S, case: Case) -> Site {
    let store = MemoryStore::default();
    let begun = Session::new(None, Arc::new(store.clone()), None);
    ready(begun.insert(ENTRY, session)).unwrap();
    ready(begun.save()).unwrap();
    let cookie = format!("{NAME}={}", begun.id().unwrap());
    let router = match case {
        Case::Untouched => Router::new().route("/", get(untouched)),
        Case::Changed => Router::new().route("/", get(change::<S>)),
        _ => Router::new().route("/", get(read::<S>)),
    };
    let layer = SessionManagerLayer::new(store)
        .with_name(NAME)
        .with_expiry(Expiry::OnInactivity(time::Duration::minutes(30)))
        .with_always_save(case == Case::Renewed);
    Site { router: router.layer(layer), cookie: (case != Case::NoCookie).then(|| cookie.parse().unwrap()) }
}

async fn read<S: Sample>(session: Session) -> String {
    answer(session.get::<S>(ENTRY).await.unwrap().as_ref())
}

async fn change<S: Sample>(session: Session) -> String {
    let mut login: S = session.get(ENTRY).await.unwrap().unwrap();
    login.change();
    session.insert(ENTRY, &login).await.unwrap();
    answer(Some(&login))
}
