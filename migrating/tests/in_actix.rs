//! The move in actix-web: a middleware function of the application calls `adopt`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common_actix {
    use hardtack::SessionData;

    #[derive(serde::Serialize, serde::Deserialize)]
    pub(crate) struct Login {
        pub(crate) user: u64,
    }

    impl SessionData for Login {
        const COOKIE: &'static str = "__Host-login";
    }
}

use actix_web::{
    App, Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{COOKIE, HeaderValue},
    middleware::{Next, from_fn},
    test::{self, TestRequest},
    web,
};
use common_actix::Login;
use cookie::{Cookie, CookieJar, Key};
use hardtack::{KnownCookie, Session, actix::SessionMiddleware, testing::TestKit};
use hardtack_migrating::{Moving, PrivateJar, actix_state};
use time::Duration;

async fn adopt(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let session = request.extract::<Session<Login>>().await?;
    let (moving, kit) = (request.app_data::<web::Data<Moving<Login>>>(), request.app_data::<web::Data<TestKit>>());
    if let (Some(moving), Some(kit)) = (moving, kit) {
        let headers = request.headers().get_all(COOKIE).map(HeaderValue::as_bytes);
        moving.adopt(&session, headers, kit.now()).await?;
    }
    next.call(request).await
}

#[actix_web::test]
async fn an_old_cookie_becomes_a_session_and_is_removed() {
    let (kit, key) = (TestKit::new(), Key::from(&[3; 64]));
    let until = kit.now() + Duration::days(3);
    let read = |value: &str| Some(Login { user: actix_state(value)?.get("user")?.parse().ok()? });
    let moving = web::Data::new(Moving::new(PrivateJar::new("id", key.clone()), until, read));
    let sessions = SessionMiddleware::<Login>::builder(kit.keyring())
        .clock(kit.clock())
        .former_cookie(KnownCookie::named("id"), until)
        .build()
        .expect("a middleware");
    let whoami = |session: Session<Login>| async move { session.get().map_or(0, |login| login.user).to_string() };
    let app = App::new()
        .app_data(moving)
        .app_data(web::Data::new(kit))
        .wrap(from_fn(adopt))
        .wrap(sessions)
        .route("/", web::get().to(whoami));
    let app = test::init_service(app).await;

    let mut jar = CookieJar::new();
    jar.private_mut(&key).add(Cookie::new("id", r#"{"user":"7"}"#));
    let old = jar.get("id").expect("added").encoded().to_string();
    let response = test::call_service(&app, TestRequest::get().insert_header((COOKIE, old)).to_request()).await;
    let set: Vec<_> = response.headers().get_all("set-cookie").map(|v| v.to_str().expect("text").to_owned()).collect();
    assert_eq!(set.len(), 2);
    assert!(set[0].starts_with("id=;") && set[0].contains("Max-Age=0"), "{set:?}");
    assert!(set[1].starts_with("__Host-login="), "{set:?}");
    assert_eq!(test::read_body(response).await, "7");
}
