//! Refused tokens in axum and in actix-web: a 403, the same for every reason.

use actix_web::{App, test as actix};
use axum::{Router, body::Body, http::Request, routing};
use hardtack::{Session, SessionError, actix::SessionMiddleware, tower::SessionLayer};

use crate::csrf::{
    ID, Login, PURPOSE, WORKED,
    common::{
        Hands, OTHER, SECRET, ring,
        web::{read, unread},
    },
    cookie, login, session,
};

async fn form(login: Session<Login>) -> Result<String, SessionError> {
    Ok(login.csrf_token()?.to_string())
}

async fn act(login: Session<Login>, token: String) -> Result<String, SessionError> {
    login.verify_csrf(&token)?;
    Ok("done".to_owned())
}

/// Status, headers in order of their names, body. The length is in the body: axum writes it as a header too, actix-web when
/// it sends.
type Seen = (u16, Vec<(String, Vec<u8>)>, Vec<u8>);

#[track_caller]
fn seen<'a>(status: u16, headers: impl Iterator<Item = (&'a str, &'a [u8])>, body: &[u8]) -> Seen {
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_owned(), value.to_vec())).collect();
    headers.retain(|(name, value)| name != "content-length" || *value != body.len().to_string().as_bytes());
    headers.sort();
    (status, headers, body.to_vec())
}

async fn through_axum(method: &str, cookie: &str, body: &str) -> Seen {
    let sessions =
        SessionLayer::<Login>::builder(ring()).purpose(PURPOSE).clock(Hands::default().clock()).build().unwrap();
    let app = Router::new().route("/", routing::get(form).post(act)).layer(sessions);
    let request = Request::builder().method(method).uri("/").header("cookie", cookie);
    let reply = read(unread(&app, request.body(Body::from(body.to_owned())).unwrap()).await).await;
    let headers = reply.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    seen(reply.status.as_u16(), headers, &reply.body)
}

async fn through_actix(method: &str, cookie: &str, body: &str) -> Seen {
    let sessions =
        SessionMiddleware::<Login>::builder(ring()).purpose(PURPOSE).clock(Hands::default().clock()).build().unwrap();
    let routes =
        actix_web::web::resource("/").route(actix_web::web::get().to(form)).route(actix_web::web::post().to(act));
    let app = actix::init_service(App::new().service(routes).wrap(sessions)).await;
    let request = actix::TestRequest::default().method(method.parse().unwrap()).insert_header(("cookie", cookie));
    let response = actix::call_service(&app, request.set_payload(body.to_owned()).to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = actix::read_body(response).await;
    seen(status, headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())), &body)
}

/// The same through both, which is the answer of each.
async fn through_both(method: &str, cookie: &str, body: &str) -> Seen {
    let (axum, actix) = (through_axum(method, cookie, body).await, through_actix(method, cookie, body).await);
    assert_eq!(axum, actix, "{method} {body:?}");
    axum
}

fn run(test: impl Future<Output = ()>) {
    actix_web::rt::System::new().block_on(test);
}

#[test]
fn a_form_of_each_is_accepted_by_both() {
    run(async {
        for (status, _, token) in
            [through_axum("GET", &login(ID), "").await, through_actix("GET", &login(ID), "").await]
        {
            assert_eq!((status, token.len()), (200, 43));
            let (status, _, body) = through_both("POST", &login(ID), std::str::from_utf8(&token).unwrap()).await;
            assert_eq!((status, &*body), (200, &b"done"[..]));
        }
    });
}

#[test]
fn every_refusal_is_the_same_403() {
    let (good, other) = (login(ID), login([1; 16]));
    let forged = cookie::<Login>(&OTHER, PURPOSE, ID, &crate::common::layout::user(7));
    let staging = cookie::<Login>(&SECRET, "shop/staging", ID, &crate::common::layout::user(7));
    let of_other = session(ring(), [1; 16]).csrf_token().unwrap();
    let extended = format!("{WORKED}A");
    let mut changed = WORKED.to_owned();
    changed.replace_range(30..31, "A");
    let requests: [(&str, &str); 11] = [
        (&good, ""),
        (&good, "nonsense"),
        (&good, &"A".repeat(43)),
        (&good, &WORKED[..42]),
        (&good, &extended),
        (&good, &changed),
        (&good, of_other.as_str()),
        (&other, WORKED),
        ("", WORKED),
        (&forged, WORKED),
        (&staging, WORKED),
    ];
    let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    let expected = (403, vec![header("cache-control", "private, no-store"), header("vary", "Cookie")], Vec::new());
    run(async {
        assert_eq!(through_both("POST", &good, WORKED).await.0, 200, "as it is");
        for (cookie, token) in requests {
            assert_eq!(through_both("POST", cookie, token).await, expected, "{token:?}");
        }
    });
}

#[test]
fn the_reason_is_there_for_whoever_logs_it() {
    run(async {
        let sessions = SessionLayer::<Login>::new(ring()).unwrap();
        let app = Router::new().route("/", routing::post(act)).layer(sessions);
        let response = unread(&app, Request::post("/").body(Body::empty()).unwrap()).await;
        assert_eq!(response.extensions().get(), Some(&SessionError::Csrf));

        let sessions = SessionMiddleware::<Login>::new(ring()).unwrap();
        let app = App::new().route("/", actix_web::web::post().to(act)).wrap(sessions);
        let app = actix::init_service(app).await;
        let response = actix::call_service(&app, actix::TestRequest::post().to_request()).await;
        let error = response.response().error().and_then(|error| error.as_error::<SessionError>());
        assert_eq!(error, Some(&SessionError::Csrf));
    });
}
