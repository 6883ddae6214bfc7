//! seshcookie's layer, and its extractor.

use std::time::{Duration, SystemTime};

use axum::{Router, routing::get};
use seshcookie::{__testing::encode_cookie_for_layer, Session, SessionConfig, SessionKeys, SessionLayer};

use super::{Case, Site, answer, untouched};
use crate::{NAME, session::Sample};

const HOUR: Duration = Duration::from_hours(1);

pub(super) fn site<S: Sample>(session: &S, case: Case) -> Site {
    let keys = SessionKeys::new(b"what is sealed here has no value").unwrap();
    let config = SessionConfig::default().cookie_name(NAME).refresh_after(Some(HOUR));
    let layer = SessionLayer::<S>::new(keys, config).unwrap();
    let age = if case == Case::Renewed { 2 * HOUR } else { Duration::ZERO };
    let value = encode_cookie_for_layer(&layer, session, SystemTime::now() - age);
    let router = match case {
        Case::Untouched => Router::new().route("/", get(untouched)),
        Case::Changed => Router::new().route("/", get(change::<S>)),
        _ => Router::new().route("/", get(read::<S>)),
    };
    let cookie = format!("{NAME}={value}");
    Site { router: router.layer(layer), cookie: (case != Case::NoCookie).then(|| cookie.parse().unwrap()) }
}

async fn read<S: Sample>(session: Session<S>) -> String {
    answer(session.get().await.as_ref())
}

async fn change<S: Sample>(session: Session<S>) -> String {
    session
        .modify(|session| {
            session.as_mut().unwrap().change();
            answer(session.as_ref())
        })
        .await
}
