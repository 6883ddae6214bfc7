//! Faults that a review found, each mended.
use crate::common;
use axum::{
    Router,
    extract::Request,
    http::header,
    middleware::{Next, from_fn},
    response::Response,
    routing::{get, post},
};
use common::{
    Hands, NOW, Plain, SECRET, at, ring,
    web::{self, send},
};
use hardtack::{Current, Session, SessionData, SessionError, SessionManager, Verdict, tower::SessionLayer};
use serde::{Deserialize, Serialize};
use std::time::Duration as D;
use time::Duration;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
}
impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

fn user7_at(issued: u64, id: u8) -> String {
    let plain = Plain {
        flags: 0,
        schema: 1,
        created_at: issued,
        ends_at: issued + 43_200,
        issued_at: issued,
        expires_at: issued + 1800,
        session_id: [id; 16],
        payload: crate::common::layout::user(7),
        extensions: None,
    };
    format!("__Host-login={}", plain.seal(&SECRET, "__Host-login", ""))
}
fn user7() -> String {
    user7_at(NOW, 5)
}

async fn who(login: Option<Current<Login>>) -> String {
    login.map_or("nobody".into(), |l| l.user.to_string())
}

#[tokio::test(start_paused = true)]
async fn cancelled_admission_lets_a_revoked_session_in() {
    async fn impatient(req: Request, next: Next) -> Response {
        let (parts, body) = req.into_parts();
        let _ = tokio::time::timeout(D::from_millis(5), hardtack::tower::session::<Login>(&parts)).await;
        next.run(Request::from_parts(parts, body)).await
    }
    let sessions = SessionLayer::<Login>::builder(ring())
        .clock(Hands::default().clock())
        .recheck_after(Duration::ZERO)
        .check_user(|_, _| async {
            tokio::time::sleep(D::from_millis(50)).await;
            Ok(Verdict::Revoked)
        })
        .build()
        .unwrap();
    let app = Router::new().route("/", get(who)).layer(from_fn(impatient)).layer(sessions);
    let reply = send(&app, web::get("/"), &user7()).await;
    assert_eq!(reply.text(), "nobody");
}

#[tokio::test(start_paused = true)]
async fn concurrent_extraction_sees_unadmitted() {
    async fn two(req: Request) -> String {
        let (parts, _) = req.into_parts();
        let a = hardtack::tower::session::<Login>(&parts);
        let b = async { hardtack::tower::session::<Login>(&parts).await.unwrap().get().map(|l| l.user) };
        let (_, b) = tokio::join!(a, b);
        format!("{b:?}")
    }
    let sessions = SessionLayer::<Login>::builder(ring())
        .clock(Hands::default().clock())
        .recheck_after(Duration::ZERO)
        .check_user(|_, _| async {
            tokio::time::sleep(D::from_millis(20)).await;
            Ok(Verdict::Revoked)
        })
        .build()
        .unwrap();
    let app = Router::new().route("/", get(two)).layer(sessions);
    let reply = send(&app, web::get("/"), &user7()).await;
    assert_eq!(reply.text(), "None");
}

#[test]
fn cut_off_never_goes_back() {
    let m = SessionManager::<Login>::builder(ring()).build().unwrap();
    let c = user7();
    assert!(m.load([c.as_bytes()], at(5)).get().is_some());
    m.end_all(at(5)).unwrap();
    assert!(m.load([c.as_bytes()], at(6)).get().is_none());
    let _ = m.set_cut_off(at(-1000), at(7));
    assert!(m.load([c.as_bytes()], at(8)).get().is_none(), "a logged out session is back");
}

#[tokio::test]
async fn readmit_failure_is_a_success_page_without_its_cookie() {
    async fn update(login: Session<Login>) -> Result<&'static str, SessionError> {
        login.update(|l| l.user = 8)?;
        Ok("saved")
    }
    async fn cycle(login: Session<Login>) -> Result<&'static str, SessionError> {
        login.cycle()?;
        Ok("cycled")
    }
    let sessions = SessionLayer::<Login>::builder(ring())
        .clock(Hands::default().clock())
        .check_user(|_, _| async { Err("database away".into()) })
        .build()
        .unwrap();
    let app = Router::new().route("/u", post(update)).route("/c", post(cycle)).layer(sessions);
    for p in ["/u", "/c"] {
        let reply = send(&app, web::post(p), &user7()).await;
        assert!(reply.status.is_server_error() || !reply.cookies().is_empty());
    }
}

#[test]
fn limits_of_its_own_outlast_what_sets_the_times_anew() {
    let m = SessionManager::<Login>::builder(ring()).build().unwrap();
    let s = m.load([], at(0));
    s.begin(Login { user: 1 }).unwrap();
    s.end_by(at(600)).unwrap();
    s.idle_within(Duration::minutes(5)).unwrap();
    s.remember(false).unwrap();
    assert_eq!((s.remaining().idle, s.remaining().absolute), (Duration::minutes(5), Duration::minutes(10)));
    let c = m.commit(&s, false, at(0)).unwrap().pop().unwrap();
    let s = m.load([common::pair(&c).as_bytes()], at(100));
    s.reauthenticate().unwrap();
    // A new proof of identity is a new session but for its data and its idle timeout.
    assert_eq!((s.remaining().idle, s.remaining().absolute), (Duration::minutes(5), Duration::hours(12)));
}

#[test]
fn renew_then_changed_back() {
    let m = SessionManager::<Login>::builder(ring()).build().unwrap();
    let c = user7();
    let s = m.load([c.as_bytes()], at(5));
    s.renew().unwrap();
    s.update(|l| l.user = 8).unwrap();
    s.update(|l| l.user = 7).unwrap();
    assert_eq!(m.commit(&s, false, at(5)).unwrap().len(), 1, "renew() is lost");
}

#[test]
fn idle_within_remaining() {
    let m = SessionManager::<Login>::builder(ring()).build().unwrap();
    let c = user7();
    let s = m.load([c.as_bytes()], at(1200));
    s.idle_within(Duration::minutes(10)).unwrap();
    assert!(s.remaining().idle > Duration::ZERO);
}

#[tokio::test]
async fn lazily_streamed_read_has_no_vary() {
    let sessions = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock()).build().unwrap();
    let app = Router::new()
        .route(
            "/",
            get(|l: Session<Login>| async move {
                Response::new(axum::body::Body::new(http_body_util::BodyExt::map_frame(
                    http_body_util::Full::new(axum::body::Bytes::from("x")),
                    move |f| f.map_data(|_| format!("{:?}", l.get().map(|l| l.user)).into()),
                )))
            }),
        )
        .layer(sessions);
    let reply = send(&app, web::get("/"), &user7()).await;
    assert!(reply.headers.contains_key(header::VARY));
}

#[test]
fn outlive_subsecond() {
    let m = SessionManager::<Login>::builder(ring()).build().unwrap();
    let now = at(0) + Duration::milliseconds(700);
    let c = user7_at(NOW - 100, 5);
    let s = m.load([c.as_bytes()], now);
    let cut_off = now; // what an application stores: OffsetDateTime::now_utc()
    s.reauthenticate().unwrap();
    s.outlive(cut_off).unwrap();
    assert!(
        s.claims().unwrap().created_at() >= cut_off,
        "the session kept is refused by the check: {} < {}",
        s.claims().unwrap().created_at(),
        cut_off
    );
}

#[tokio::test(start_paused = true)]
async fn refuse_hits_a_session_begun_meanwhile() {
    async fn go(req: Request) -> String {
        let (parts, _) = req.into_parts();
        let a = hardtack::tower::session::<Login>(&parts);
        let b = async {
            tokio::task::yield_now().await;
            hardtack::tower::session::<Login>(&parts).await.unwrap().begin(Login { user: 9 }).unwrap();
        };
        let (a, ()) = tokio::join!(a, b);
        format!("{:?}", a.unwrap().get())
    }
    let sessions = SessionLayer::<Login>::builder(ring())
        .clock(Hands::default().clock())
        .recheck_after(Duration::ZERO)
        .check_user(|_, _| async {
            tokio::time::sleep(D::from_millis(20)).await;
            Ok(Verdict::Revoked)
        })
        .build()
        .unwrap();
    let app = Router::new().route("/", get(go)).layer(sessions);
    let r = send(&app, web::get("/"), &user7()).await;
    assert_eq!(r.cookies().len(), 1);
}
