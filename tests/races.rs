//! Requests side by side in one browser: what a late response can do to a session that has ended or changed.
//!
//! A browser keeps the cookie of the response that arrives last. A request is under way from when it was sent until its
//! response arrives; in between, the server answers it. So there are two orders, and a test takes both.

use crate::common;

#[path = "races/cycled.rs"]
mod cycled;
#[path = "races/data.rs"]
mod data;
#[path = "races/ended.rs"]
mod ended;

use std::sync::Arc;

use axum::{Router, routing::post};
use hardtack::{MemoryDenyList, Session};
use tokio::{sync::Notify, task::JoinHandle};

use common::{
    Hands,
    login::{Login, builder, routes},
    web::{self, Reply, send},
};

/// A service with a handler that is slow: it has read the session, and answers when it is let go.
struct Service {
    app: Router,
    hands: Hands,
    entered: Arc<Notify>,
    leave: Arc<Notify>,
}

impl Service {
    /// With a deny-list, or without.
    #[track_caller]
    fn new(listed: bool) -> Self {
        let (hands, entered, leave) = (Hands::default(), Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (Arc::clone(&entered), Arc::clone(&leave));
        let slow = async move |session: Session<Login>| {
            let user = session.get().map_or(0, |login| login.user);
            tell.notify_one();
            wait.notified().await;
            user.to_string()
        };
        let mut builder = builder(&hands);
        if listed {
            builder = builder.deny_list(MemoryDenyList::new(8));
        }
        let app = routes().route("/slow", post(slow)).layer(builder.build().unwrap());
        Self { app, hands, entered, leave }
    }

    /// Sends a request to the slow handler, and returns when that is at work.
    async fn start_slow(&self, cookies: String) -> JoinHandle<Reply> {
        let app = self.app.clone();
        let under_way = tokio::spawn(async move { send(&app, web::post("/slow"), &cookies).await });
        self.entered.notified().await;
        under_way
    }

    /// Lets the slow handler go, and returns what the server answers.
    async fn finish(&self, under_way: JoinHandle<Reply>) -> Reply {
        self.leave.notify_one();
        under_way.await.unwrap()
    }
}

/// Which of two comes first.
#[derive(Clone, Copy, Debug, PartialEq)]
enum First {
    Slow,
    Other,
}

/// All pairs of the order in which the server answers, and of that in which the answers arrive.
const ORDERS: [(First, First); 4] = [
    (First::Slow, First::Slow),
    (First::Slow, First::Other),
    (First::Other, First::Slow),
    (First::Other, First::Other),
];
