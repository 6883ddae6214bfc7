//! From the review: each test here that fails shows a fault; those that pass print what was measured.
#![cfg(feature = "axum")]
#![allow(warnings, clippy::all, clippy::pedantic)]
mod common;
use axum::{
    Form, Router,
    extract::Request,
    http::header,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use common::{
    Hands, NOW, Plain, SECRET, at, ring,
    web::{self, send},
};
use hardtack::{
    Context, Current, DenyList, HookFuture, MemoryDenyList, Policy, SealedValues, Sealer, Session, SessionData,
    SessionError, SessionId, SessionManager, Verdict, tower::SessionLayer,
};
use serde::{Deserialize, Serialize};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration as D,
};
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
        payload: vec![7],
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

#[tokio::test]
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

#[tokio::test]
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
    let r = m.set_cut_off(at(-1000), at(7));
    eprintln!("{r:?} {:?}", m.cut_off());
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
        eprintln!("{p} {} {:?} cookies {:?}", reply.status, reply.text(), reply.cookies());
        assert!(reply.status.is_server_error() || !reply.cookies().is_empty());
    }
}

#[tokio::test]
async fn memory_list_holds_what_it_says() {
    for cap in [64usize, 1000, 10_000, 100_000] {
        let mut worst = usize::MAX;
        for round in 0..20u64 {
            let list = MemoryDenyList::new(cap);
            let mut n = 0;
            loop {
                // ids from manager begin
                let id = rand_id();
                if list.deny(id, at(1000), at(0)).await.is_err() {
                    break;
                }
                n += 1;
            }
            worst = worst.min(n);
        }
        eprintln!("capacity {cap}: refused after {worst}");
    }
}
fn rand_id() -> SessionId {
    thread_local!(static S: Sealer = Sealer::new(&ring(), &Context::cookie("x", "").unwrap(), Policy::default()).unwrap());
    S.with(|s| s.begin(1, false, at(0)).unwrap().session_id())
}

#[tokio::test]
async fn full_list_costs() {
    let list = MemoryDenyList::new(1_000_000);
    let mut ids = vec![];
    loop {
        let id = rand_id();
        if list.deny(id, at(100000), at(0)).await.is_err() {
            break;
        }
        ids.push(id);
    }
    eprintln!("{} in list", list.len());
    let t = std::time::Instant::now();
    let mut fails = 0;
    let mut n = 0;
    let mut slow = std::time::Duration::ZERO;
    while n < 20 {
        let t0 = std::time::Instant::now();
        if list.deny(rand_id(), at(100000), at(0)).await.is_err() {
            n += 1;
            slow += t0.elapsed();
        }
    }
    eprintln!("a refused deny takes {:?}", slow / 20);
}

#[test]
fn end_by_is_moved() {
    let m = SessionManager::<Login>::builder(ring()).build().unwrap();
    let s = m.load([], at(0));
    s.begin(Login { user: 1 }).unwrap();
    s.end_by(at(600)).unwrap();
    s.idle_within(Duration::minutes(5)).unwrap();
    s.remember(false).unwrap();
    eprintln!("after remember(false): {:?}", s.remaining());
    s.end_by(at(600)).unwrap();
    s.idle_within(Duration::minutes(5)).unwrap();
    let c = m.commit(&s, false, at(0)).unwrap().pop().unwrap();
    let s = m.load([common::pair(&c).as_bytes()], at(100));
    eprintln!("arrived: {:?}", s.remaining());
    s.reauthenticate().unwrap();
    eprintln!("after reauthenticate: {:?}", s.remaining());
    assert_eq!(s.remaining().absolute, Duration::seconds(500));
}

#[test]
fn dev_mode_with_former_names() {
    for former in ["login", "__Host-old", "__Secure-login"] {
        let r = SessionManager::<Login>::builder(ring())
            .former_name(former, at(1000))
            .insecure_development_over_http()
            .build();
        eprintln!("{former}: {:?}", r.err().map(|e| e.to_string()));
        let r = SessionManager::<Login>::builder(ring()).former_name(former, at(1000)).build();
        eprintln!("  https {former}: {:?}", r.err().map(|e| e.to_string()));
    }
    let r = SessionManager::<Login>::builder(ring()).partitioned().insecure_development_over_http().build();
    eprintln!("partitioned: {:?}", r.err().map(|e| e.to_string()));
    let r = SessionManager::<Login>::builder(ring()).formerly_partitioned().insecure_development_over_http().build();
    eprintln!("formerly: {:?}", r.err().map(|e| e.to_string()));
    for d in ["127.0.0.1", "com", "localhost", "1.2.3.4", "EXAMPLE.com", "co.uk"] {
        #[derive(Serialize, Deserialize)]
        struct S;
        impl SessionData for S {
            const COOKIE: &'static str = "__Secure-s";
        }
        let r = SessionManager::<S>::builder(ring()).domain(d).build();
        eprintln!("domain {d}: {:?}", r.err().map(|e| e.to_string()));
    }
    let r = SealedValues::<u8>::new(&ring(), "x", Duration::milliseconds(10));
    eprintln!("{:?}", r.err().map(|e| e.to_string()));
    let r = SealedValues::<u8>::new(&ring(), "x", Duration::days(500));
    eprintln!("{:?}", r.err().map(|e| e.to_string()));
}

#[tokio::test]
async fn cache_headers() {
    for cc in
        ["no-cache", "public, no-cache", "private=\"x-trace\", max-age=600", "no-cache=\"x\", max-age=600, public"]
    {
        let sessions = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock()).build().unwrap();
        let app = Router::new()
            .route(
                "/",
                get(move |l: Session<Login>| async move {
                    (([(header::CACHE_CONTROL, cc)]), format!("{:?}", l.get().is_some()))
                }),
            )
            .layer(sessions);
        let reply = send(&app, web::get("/"), &user7()).await;
        eprintln!("{cc} -> {:?}", reply.headers.get_all(header::CACHE_CONTROL).iter().collect::<Vec<_>>());
    }
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
    eprintln!("{:?}", s.remaining());
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
    eprintln!("{} {:?}", reply.text(), reply.headers);
    assert!(reply.headers.contains_key(header::VARY));
}

#[tokio::test]
async fn denied_beside_good() {
    let list = Arc::new(MemoryDenyList::new(100_000));
    struct L(Arc<MemoryDenyList>);
    impl DenyList for L {
        fn deny(&self, s: SessionId, e: time::OffsetDateTime, n: time::OffsetDateTime) -> HookFuture<'_, ()> {
            self.0.deny(s, e, n)
        }
        fn is_denied(&self, s: SessionId, n: time::OffsetDateTime) -> HookFuture<'_, bool> {
            self.0.is_denied(s, n)
        }
    }
    let sessions = SessionLayer::<Login>::builder(ring())
        .clock(Hands::default().clock())
        .deny_list(L(list.clone()))
        .build()
        .unwrap();
    let app = Router::new()
        .route("/", get(who))
        .route("/out", post(|l: Session<Login>| async move { l.end() }))
        .layer(sessions);
    let (a, b) = (user7_at(NOW, 1), user7_at(NOW, 2));
    send(&app, web::post("/out"), &a).await;
    assert_eq!(list.len(), 1);
    let r = send(&app, web::get("/"), &format!("{a}; {b}")).await;
    eprintln!("denied beside good: {}", r.text());
    // logout on conflicting cookies
    let (c, d) = (user7_at(NOW, 3), user7_at(NOW, 4));
    let r = send(&app, web::post("/out"), &format!("{c}; {d}")).await;
    eprintln!("logout with conflicting cookies: {:?}, list {}", r.cookies(), list.len());
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

#[tokio::test]
async fn refuse_hits_a_session_begun_meanwhile() {
    async fn go(req: Request) -> String {
        let (parts, _) = req.into_parts();
        let a = hardtack::tower::session::<Login>(&parts);
        let b = async {
            tokio::task::yield_now().await;
            hardtack::tower::session::<Login>(&parts).await.unwrap().begin(Login { user: 9 }).unwrap();
        };
        let (a, _) = tokio::join!(a, b);
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
    eprintln!("begun meanwhile: {} cookies {:?}", r.text(), r.cookies().len());
    assert_eq!(r.cookies().len(), 1);
}

#[tokio::test]
async fn open_on_failure_resets_the_clock() {
    let hands = Hands::default();
    let asked = Arc::new(AtomicUsize::new(0));
    let a = asked.clone();
    let up = Arc::new(AtomicBool::new(false));
    let u = up.clone();
    let sessions = SessionLayer::<Login>::builder(ring())
        .clock(hands.clock())
        .insecure_admit_when_hooks_fail()
        .check_user(move |_, _| {
            a.fetch_add(1, SeqCst);
            let up = u.load(SeqCst);
            async move { if up { Ok(Verdict::Revoked) } else { Err("away".into()) } }
        })
        .build()
        .unwrap();
    let app = Router::new().route("/", get(who)).layer(sessions);
    hands.set(1000);
    let r = send(&app, web::get("/"), &user7()).await;
    eprintln!("hook away: {} asked {} cookies {}", r.text(), asked.load(SeqCst), r.cookies().len());
    up.store(true, SeqCst);
    if let Some(c) = r.cookies().first() {
        hands.set(1001);
        let r = send(&app, web::get("/"), common::pair(c)).await;
        eprintln!("hook is back and says revoked: {} asked {}", r.text(), asked.load(SeqCst));
    }
}

#[tokio::test]
async fn zz_cycle_lost() {
    async fn cycle(login: Session<Login>) -> Result<&'static str, SessionError> {
        login.cycle()?;
        Ok("cycled")
    }
    for revoked in [false, true] {
        let sessions = SessionLayer::<Login>::builder(ring())
            .clock(Hands::default().clock())
            .check_user(
                move |_, _| async move { if revoked { Ok(Verdict::Revoked) } else { Err("database away".into()) } },
            )
            .build()
            .unwrap();
        let app = Router::new().route("/c", post(cycle)).layer(sessions);
        let reply = send(&app, web::post("/c"), &user7()).await;
        eprintln!("cycle, revoked {revoked}: {} {:?} cookies {:?}", reply.status, reply.text(), reply.cookies());
    }
}
