//! Cookies that the other crates' own layers have set.
#![cfg(feature = "tower")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::time::Duration as StdDuration;

use axum::{Router, routing::get};
use axum_extra::extract::{
    PrivateCookieJar,
    cookie::{Cookie, Key},
};
use common::{Login, moved, show, until, user};
use hardtack::testing::TestKit;
use hardtack_migrating::{Moving, Plain, PrivateJar, SeshCookie, SignedJar, actix_state};
use time::{Duration, OffsetDateTime};
use tower_sessions::{MemoryStore, SessionStore};

const KEY: [u8; 64] = [3; 64];

/// seshcookie and tower-sessions read the machine's clock.
fn kit_of_today() -> TestKit {
    let kit = TestKit::new();
    kit.set_now(OffsetDateTime::now_utc());
    kit
}

async fn only_cookie(app: Router) -> String {
    show(&app, &[]).await.set.into_iter().next().expect("a cookie")
}

#[tokio::test]
async fn private_cookies_of_axum_extra() {
    #[derive(Clone)]
    struct State(Key);
    impl axum::extract::FromRef<State> for Key {
        fn from_ref(state: &State) -> Self {
            state.0.clone()
        }
    }
    let set = |jar: PrivateCookieJar| async { (jar.add(Cookie::new("old", "7")), "") };
    let old = only_cookie(Router::new().route("/", get(set)).with_state(State(Key::from(&KEY)))).await;

    let kit = TestKit::new();
    let app = moved(&kit, Moving::new(PrivateJar::new("old", Key::from(&KEY)), until(&kit), user));
    assert_eq!(show(&app, &[&old]).await.body, "7");
}

#[tokio::test]
async fn cookie_sessions_of_actix_session_encrypted_and_signed() {
    use actix_session::{SessionMiddleware, config::CookieContentSecurity, storage::CookieSessionStore};
    use actix_web::{App, HttpResponse, cookie::Key, test, web};

    async fn log_in(session: actix_session::Session) -> HttpResponse {
        session.insert("user", 7).expect("inserted");
        HttpResponse::Ok().finish()
    }

    for security in [CookieContentSecurity::Private, CookieContentSecurity::Signed] {
        let is_private = matches!(security, CookieContentSecurity::Private);
        let sessions = SessionMiddleware::builder(CookieSessionStore::default(), Key::from(&KEY))
            .cookie_name("old".to_owned())
            .cookie_content_security(security)
            .build();
        let app = test::init_service(App::new().wrap(sessions).route("/", web::get().to(log_in))).await;
        let response = test::call_service(&app, test::TestRequest::get().to_request()).await;
        let header = response.headers().get("set-cookie").expect("a cookie").to_str().expect("text");
        let old = header.split(';').next().expect("a pair").to_owned();

        let kit = TestKit::new();
        let read = |value: &str| Some(Login { user: actix_state(value)?.get("user")?.parse().ok()? });
        let key = || cookie::Key::from(&KEY);
        let moving = if is_private {
            Moving::new(PrivateJar::new("old", key()), until(&kit), read)
        } else {
            Moving::new(SignedJar::new("old", key()), until(&kit), read)
        };
        assert_eq!(show(&moved(&kit, moving), &[&old]).await.body, "7");
    }
}

#[tokio::test]
async fn stored_sessions_of_tower_sessions_plain_signed_and_private() {
    use tower_sessions::{Session, SessionManagerLayer, cookie::Key, session::Id};

    async fn log_in(session: Session) {
        session.insert("user", 7).await.expect("inserted");
    }
    let login = || Router::new().route("/", get(log_in));

    for kind in 0..3 {
        let store = MemoryStore::default();
        let layer = SessionManagerLayer::new(store.clone()).with_name("old");
        let old = only_cookie(match kind {
            0 => login().layer(layer),
            1 => login().layer(layer.with_signed(Key::from(&KEY))),
            _ => login().layer(layer.with_private(Key::from(&KEY))),
        })
        .await;

        let kit = kit_of_today();
        let load = move |id: String| {
            let store = store.clone();
            async move {
                let id: Id = id.parse().ok()?;
                let record = store.load(&id).await.ok()??;
                store.delete(&id).await.ok()?;
                Some(Login { user: record.data.get("user")?.as_u64()? })
            }
        };
        let key = cookie::Key::from(&KEY);
        let moving = match kind {
            0 => Moving::with_store(Plain::new("old"), until(&kit), load),
            1 => Moving::with_store(SignedJar::new("old", key), until(&kit), load),
            _ => Moving::with_store(PrivateJar::new("old", key), until(&kit), load),
        };
        let app = moved(&kit, moving);
        assert_eq!(show(&app, &["old=AAAAAAAAAAAAAAAAAAAAAA"]).await.body, "nobody", "kind {kind}");
        assert_eq!(show(&app, &[&old]).await.body, "7", "kind {kind}");
        assert_eq!(show(&app, &[&old]).await.body, "nobody", "kind {kind}: the record is gone");
    }
}

#[tokio::test]
async fn sessions_of_seshcookie_until_they_expire() {
    use seshcookie::{Session, SessionConfig, SessionKeys, SessionLayer};

    #[derive(Clone, serde::Serialize, serde::Deserialize)]
    struct User {
        id: u64,
    }
    async fn log_in(session: Session<User>) {
        session.insert(User { id: 7 }).await;
    }
    let secret = [9; 32];
    let keys = SessionKeys::new(&secret).expect("a key");
    let config = SessionConfig::default().cookie_name("old").secure(true).max_age(StdDuration::from_secs(3600));
    let layer = SessionLayer::<User>::new(keys, config).expect("a layer");
    let old = only_cookie(Router::new().route("/", get(log_in)).layer(layer)).await;

    let kit = kit_of_today();
    let read = |json: &str| {
        let user: serde_json::Value = serde_json::from_str(json).ok()?;
        Some(Login { user: user.get("id")?.as_u64()? })
    };
    let of = |reader: SeshCookie| moved(&kit, Moving::new(reader, until(&kit), read));
    let app = of(SeshCookie::new("old", &[1; 32], Duration::hours(1)).or_key(&secret));
    let cookie = show(&app, &[&old]).await;
    assert_eq!(cookie.body, "7");
    assert_eq!(show(&of(SeshCookie::new("old", &[1; 32], Duration::hours(1))), &[&old]).await.body, "nobody");
    for spoilt in ["old=", "old=AAAA", "old=!", &format!("{old}A"), &old.replace("old=", "old=A")] {
        assert_eq!(show(&app, &[spoilt]).await.body, "nobody", "{spoilt}");
    }
    // What was adopted ends with the old cookie, although the policy would renew it.
    kit.advance(Duration::minutes(29));
    let renewed = show(&app, &[&cookie.set[0]]).await;
    let held = renewed.set.first().unwrap_or(&cookie.set[0]).clone();
    assert_eq!(renewed.body, "7");
    kit.advance(Duration::minutes(25));
    assert_eq!(show(&app, &[&held]).await.body, "7");
    kit.advance(Duration::minutes(6) + Duration::seconds(1));
    assert_eq!(show(&app, &[&old]).await.body, "nobody");
    assert_eq!(show(&app, &[&held]).await.body, "nobody");
}
