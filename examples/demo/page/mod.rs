//! The page: which parts it has, and the files that it is made of.

mod attempts;
mod cookie;
mod events;
mod html;
mod session;
mod thief;

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use hardtack::{Messages, Session};
use serde::Deserialize;

use self::html::{Markup, fill, text};
use super::{
    app::{Around, Demo},
    attempts as tries, thief as thieves,
    visitor::Visitor,
};

/// The page's query.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// An attempt to make.
    r#try: Option<String>,
    /// If present, the thief uses the copy.
    thief: Option<String>,
    /// If present, the visitor has to confirm who they are.
    confirm: Option<String>,
}

pub(crate) async fn show(
    State(around): State<Around>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    session: Session<Visitor>,
    messages: Messages,
) -> Result<Html<String>, StatusCode> {
    let demo = &around.demo;
    let tried = match &asked.r#try {
        Some(id) => tries::run(id, &around, &headers).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?,
        None => None,
    };
    let stolen = if asked.thief.is_some() { thieves::try_copy(&around, &headers).await } else { None };
    let page = fill(
        include_str!("../web/page.html"),
        &[
            ("messages", shown(&messages)),
            ("session", session::section(&session, asked.confirm.is_some())),
            ("cookie", cookie::section(&session, &headers, demo)),
            ("clock", session::clock(demo)),
            ("attempts", attempts::section(tried.as_ref())),
            ("thief", thief::section(demo.jar.loot().as_ref(), stolen.as_ref())),
            ("events", events::list(&demo.log.after(0))),
        ],
    );
    Ok(Html(page.into_string()))
}

fn shown(messages: &Messages) -> Markup {
    let message = include_str!("../web/message.html");
    let fill = |shown: &hardtack::Message| fill(message, &[("level", text(shown.level)), ("text", text(&shown.text))]);
    messages.show().iter().map(fill).collect()
}

#[derive(Deserialize)]
pub(crate) struct After {
    #[serde(default)]
    after: u64,
}

/// Answers once there are events after this one. A script asks again and again.
pub(crate) async fn events(State(demo): State<Arc<Demo>>, Query(After { after }): Query<After>) -> Response {
    let wait = core::time::Duration::from_secs(20);
    // After a while without any it says so, with an empty list.
    let _ = tokio::time::timeout(wait, demo.log.wait(after)).await;
    let list = events::list(&demo.log.after(after));
    ([(header::CACHE_CONTROL, "no-store")], Html(list.into_string())).into_response()
}

pub(crate) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../web/style.css"))
}

pub(crate) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../web/page.js"))
}

pub(crate) async fn icon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml")], include_str!("../web/icon.svg"))
}
