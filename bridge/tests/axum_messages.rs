//! The flow of axum-messages' own example, over the bridge: a message is written in one request and read once in a later one.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use axum::{Router, response::Redirect, routing::get};
use axum_messages::{Messages, MessagesManagerLayer};
use common::{Browser, sessions};
use hardtack::testing::TestKit as Kit;

async fn write(messages: Messages) -> Redirect {
    messages.info("saved").error("but not printed");
    Redirect::to("/read")
}

async fn read(messages: Messages) -> String {
    messages.into_iter().map(|message| format!("{}: {message};", message.level)).collect::<Vec<_>>().concat()
}

fn app(kit: &Kit) -> Router {
    Router::new().route("/write", get(write)).route("/read", get(read)).layer(MessagesManagerLayer).layer(sessions(kit))
}

#[tokio::test]
async fn messages_are_shown_once_and_in_order() {
    let mut browser = Browser::new(app(&Kit::new()));
    assert_eq!(browser.show("/read").await.body, "");
    assert!(browser.jar.is_empty());
    browser.show("/write").await;
    assert_eq!(browser.show("/read").await.body, "Info: saved;Error: but not printed;");
    assert_eq!(browser.show("/read").await.body, "");
}

#[tokio::test]
async fn messages_of_two_browsers_stay_apart() {
    let app = app(&Kit::new());
    let (mut one, mut other) = (Browser::new(app.clone()), Browser::new(app));
    one.show("/write").await;
    assert_eq!(other.show("/read").await.body, "");
    assert_eq!(one.show("/read").await.body, "Info: saved;Error: but not printed;");
}
