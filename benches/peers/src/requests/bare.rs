//! No layer: a handler that answers as the others do.

use axum::{Router, routing::get};
use http::HeaderValue;
use tower::layer::util::Identity;

use super::{Case, Site, untouched};
use crate::{NAME, session::Sample};

pub(super) fn site<S: Sample>(session: &S, case: Case) -> Site {
    let number = session.number();
    let router = Router::new();
    let router = match case {
        Case::NoCookie | Case::Untouched => router.route("/", get(untouched)),
        _ => router.route("/", get(move || async move { number.to_string() })),
    };
    // As long a cookie as the others' is no work where nobody looks at it.
    let cookie = HeaderValue::from_str(&format!("{NAME}=x")).unwrap();
    Site { router, cookie: (case != Case::NoCookie).then_some(cookie) }
}

/// What axum takes for any layer.
pub(super) fn site_under_nothing<S: Sample>(session: &S, case: Case) -> Site {
    let Site { router, cookie } = site(session, case);
    Site { router: router.layer(Identity::new()), cookie }
}
