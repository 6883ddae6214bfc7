//! A running layer, with hooks and facts: nothing of theirs changes with the ring.

use std::sync::Arc;

use axum::{Router, routing::post};
use hardtack::{MemoryDenyList, Older, Session, SessionData, SessionError, Verdict, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::replace::{
    common::{
        Hands, NOW, Plain, Told, at,
        login::{Login, act, routes, whose},
        timed::{id, list, secret, sessions},
        token,
        web::{get, post as post_to, send},
    },
    rotated, started, under,
};

fn layer(hands: &Hands) -> hardtack::Builder<Login, SessionLayer<Login>> {
    SessionLayer::builder(started()).policy(sessions()).clock(hands.clock())
}

#[tokio::test]
async fn a_running_layer_is_given_another_ring() {
    let hands = Hands::default();
    let layer = layer(&hands).build().unwrap();
    let app = routes().layer(layer.clone());
    let cookie = act(&app, "/login", "").await.cookie().to_owned();
    layer.manager().replace_keyring(&rotated(), at(50)).unwrap();
    hands.set(1110);
    assert_eq!(whose(&app, &cookie).await, "7");
    // One Set-Cookie, under the key that seals now.
    assert_eq!(under(send(&app, get("/who"), &cookie).await.cookie()), 'B');
}

#[tokio::test]
async fn what_was_ended_stays_denied_under_the_new_ring() {
    let hands = Hands::default();
    let layer = layer(&hands).deny_list(MemoryDenyList::new(8)).build().unwrap();
    let app = routes().layer(layer.clone());
    let cookie = act(&app, "/login", "").await.cookie().to_owned();
    let other = act(&app, "/login", "").await.cookie().to_owned();
    layer.manager().replace_keyring(&rotated(), at(50)).unwrap();
    hands.set(1110);
    let renewed = send(&app, get("/who"), &cookie).await.cookie().to_owned();
    assert_eq!(under(&renewed), 'B');
    act(&app, "/logout", &renewed).await;
    for copy in [&cookie, &renewed] {
        assert_eq!(whose(&app, copy).await, "nobody");
    }
    assert_eq!(whose(&app, &other).await, "7");
}

#[tokio::test]
async fn a_handler_is_at_work_while_the_ring_is_replaced() {
    let (hands, entered, leave) = (Hands::default(), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let layer = layer(&hands).check_user(|login, _| async move { Ok(Verdict::valid_if(login.user == 7)) });
    let layer = layer.build().unwrap();
    let (tell, wait) = (Arc::clone(&entered), Arc::clone(&leave));
    let slow = async move |session: Session<Login>| {
        tell.notify_one();
        wait.notified().await;
        session.update(|login| login.stamp += 1)
    };
    let app = Router::new().route("/slow", post(slow)).merge(routes()).layer(layer.clone());
    let cookie = act(&app, "/login", "").await.cookie().to_owned();
    let under_way = {
        let app = app.clone();
        tokio::spawn(async move { send(&app, post_to("/slow"), &cookie).await })
    };
    entered.notified().await;
    layer.manager().replace_keyring(&rotated(), at(50)).unwrap();
    hands.set(1110);
    leave.notify_one();
    let reply = under_way.await.unwrap();
    assert_eq!((reply.status.as_u16(), under(reply.cookie())), (200, 'B'));
    assert_eq!(whose(&app, reply.cookie()).await, "7");
}

/// A session in whose decoding the ring of its service is replaced.
#[derive(Serialize, Deserialize)]
struct Slow(u8);

type Meanwhile = Box<dyn Fn() + Send>;

static MEANWHILE: std::sync::Mutex<Option<Meanwhile>> = std::sync::Mutex::new(None);

impl SessionData for Slow {
    const COOKIE: &'static str = "__Host-slow";
    const SCHEMA: u16 = 2;

    fn migrate(old: Older<'_>) -> Result<Self, SessionError> {
        if let Some(meanwhile) = MEANWHILE.lock().unwrap().as_ref() {
            meanwhile();
        }
        old.decode()
    }
}

#[tokio::test]
async fn the_clients_facts_are_compared_by_the_ring_that_opened() {
    let told = Told::default();
    let layer = SessionLayer::<Slow>::builder(list("A")).clock(Hands::default().clock()).observer(told.clone());
    let layer = layer.client_facts(|_, facts| facts.add("network", b"192.0.2.0/24")).build().unwrap();
    let app =
        Router::new().route("/", post(async |slow: Session<Slow>| slow.get().map_or(0, |slow| slow.0).to_string()));
    let app = app.layer(layer.clone());
    let fact = token::fact(&secret('A'), "__Host-slow", "", "network", b"192.0.2.0/24");
    let plain = Plain {
        flags: 2,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: crate::common::layout::byte(7),
        extensions: Some([&[0x80, 4][..], &fact].concat()),
    };
    let cookie = format!("__Host-slow={}", plain.seal(&secret('A'), "__Host-slow", ""));
    let swapped = layer.manager().clone();
    *MEANWHILE.lock().unwrap() = Some(Box::new(move || swapped.force_keyring(&list("B"), at(0))));
    assert_eq!(send(&app, post_to("/"), &cookie).await.text(), "7");
    *MEANWHILE.lock().unwrap() = None;
    let names: Vec<_> = told.take().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(names[..2], ["keyring_replaced", "opened"]);
    assert!(!names.iter().any(|name| name == "facts_changed"), "{names:?}");
    assert_ne!(id('A'), id('B'));
}
