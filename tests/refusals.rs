//! A bad cookie is no cookie: whatever is wrong with it, the response is byte for byte that to a request without one. Why
//! is known inside only.

use crate::common;

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Request, State},
    http::header::{ACCEPT, COOKIE},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use common::{
    Hands, NOW, OTHER, Plain, SECRET, at, ring, token,
    web::{self, Reply, raw, read},
};
use hardtack::{Current, Policy, Refusal, Session, SessionData, SessionError, tower::SessionLayer};
use serde::{Deserialize, Serialize};

const NAME: &str = "__Host-login";
const PURPOSE: &str = "shop/production";

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = NAME;
}

/// Reasons, as an operator would log them.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Option<Refusal>>>>);

impl Log {
    fn take(&self) -> Vec<Option<Refusal>> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Routes that ask for the session in each way, behind a middleware that logs why there is none.
#[track_caller]
fn app(log: &Log) -> Router {
    async fn page(login: Session<Login>) -> String {
        let times = login.claims().map(|claims| claims.created_at());
        format!("{:?} {times:?} {:?}", login.get(), login.key_id())
    }
    async fn visit(login: Session<Login>) -> Result<&'static str, SessionError> {
        login.update(|login| login.user += 1)?;
        Ok("counted")
    }
    async fn logging(State(log): State<Log>, login: Session<Login>, request: Request, next: Next) -> Response {
        log.0.lock().unwrap().push(login.refusal());
        next.run(request).await
    }
    let policy = Policy::default().valid_after(at(-100_000));
    let layer = SessionLayer::<Login>::builder(ring()).purpose(PURPOSE).policy(policy).sign_in_at("/login");
    Router::new()
        .route("/page", get(page))
        .route("/current", get(async |login: Current<Login>| login.name.clone()))
        .route("/option", get(async |login: Option<Current<Login>>| login.is_some().to_string()))
        .route("/visit", post(visit))
        .layer(middleware::from_fn_with_state(log.clone(), logging))
        .layer(layer.clock(Hands::default().clock()).build().unwrap())
}

fn good() -> Plain {
    Plain {
        flags: 0,
        schema: 1,
        created_at: NOW - 600,
        ends_at: NOW + 42_600,
        issued_at: NOW - 600,
        expires_at: NOW + 1200,
        session_id: [5; 16],
        payload: crate::common::layout::named(7, "Ada"),
        extensions: None,
    }
}

#[track_caller]
fn sealed(plain: &Plain) -> String {
    plain.seal(&SECRET, NAME, PURPOSE)
}

/// A token whose standard base64 looks different: one with both of the letters that differ.
#[track_caller]
fn standard_base64() -> String {
    let token = (0..=255)
        .map(|byte| sealed(&Plain { session_id: [byte; 16], ..good() }))
        .find(|token| token.contains('-') && token.contains('_'))
        .unwrap();
    token.replace('-', "+").replace('_', "/")
}

fn ours(value: &str) -> Vec<Vec<u8>> {
    vec![format!("{NAME}={value}").into_bytes()]
}

/// A token, changed in its bytes.
fn changed(change: impl FnOnce(&mut Vec<u8>)) -> Vec<Vec<u8>> {
    let mut bytes = token::bytes(&sealed(&good()));
    change(&mut bytes);
    ours(&token::text(&bytes))
}

/// What was sent, its `Cookie` headers, and why there is no session.
type Case = (&'static str, Vec<Vec<u8>>, Refusal);

/// Values that are not what was sealed.
#[track_caller]
fn altered() -> Vec<Case> {
    use Refusal::{Authentication, Encoding, Suite, TooLong, TooShort, UnknownKey, Version};
    let text = sealed(&good());
    // Four letters are three bytes.
    let cut = &text[..text.len() - 4];
    vec![
        ("empty", ours(""), TooShort),
        ("one letter", ours("E"), Encoding),
        ("one byte", ours("EQ"), TooShort),
        ("67 bytes", changed(|bytes| bytes.truncate(67)), TooShort),
        ("truncated by a letter", ours(&text[..text.len() - 1]), Encoding),
        ("truncated by a byte", changed(|bytes| bytes.truncate(bytes.len() - 1)), Authentication),
        ("truncated by three bytes", ours(cut), Authentication),
        ("extended by a byte", changed(|bytes| bytes.push(0)), Authentication),
        ("extended by text", ours(&format!("{text}!")), Encoding),
        ("padded", ours(&format!("{text}=")), Encoding),
        ("in standard base64", ours(&standard_base64()), Encoding),
        ("quoted twice", ours(&format!("\"\"{text}\"\"")), Encoding),
        ("a quote in front", ours(&format!("\"{text}")), Encoding),
        ("a quote at the end", ours(&format!("{text}\"")), Encoding),
        ("a quote within", ours(&format!("{cut}\"{}", &text[text.len() - 4..])), Encoding),
        ("in single quotes", ours(&format!("'{text}'")), Encoding),
        ("quoted on one side", ours(&format!("\"{text}")), Encoding),
        ("white space within", ours(&format!("{cut} {}", &text[text.len() - 4..])), Encoding),
        ("percent-encoded", ours(&format!("%45{}", &text[1..])), Encoding),
        ("another version", changed(|bytes| bytes[0] = 0x21), Version),
        ("another suite", changed(|bytes| bytes[0] = 0x13), Suite),
        ("the other suite", changed(|bytes| bytes[0] = 0x12), Authentication),
        ("the key id flipped", changed(|bytes| bytes[1] ^= 1), UnknownKey),
        ("the nonce flipped", changed(|bytes| bytes[28] ^= 0x80), Authentication),
        ("the ciphertext flipped", changed(|bytes| bytes[29] ^= 1), Authentication),
        ("the tag flipped", changed(|bytes| *bytes.last_mut().unwrap() ^= 0x80), Authentication),
        ("5 KiB", ours(&"A".repeat(5120)), TooLong),
        ("one byte too long", ours(&"A".repeat(4097 - NAME.len())), TooLong),
        ("as long as may be", ours(&"A".repeat(4096 - NAME.len())), Version),
        ("not UTF-8", vec![[format!("{NAME}=").as_bytes(), b"\xff\xfe\x80"].concat()], Encoding),
        ("controls", vec![[format!("{NAME}=").as_bytes(), b"\tE\tQ"].concat()], Encoding),
        ("100 KiB", vec![vec![b'x'; 102_400]], Refusal::HeaderTooLong),
        ("100 KiB of ours", ours(&"A".repeat(102_400)), Refusal::HeaderTooLong),
        ("100 KiB in front", vec![vec![b'x'; 102_400], ours(&text).remove(0)], Refusal::HeaderTooLong),
    ]
}

/// Values that were sealed, for something else or at another time, and several at once.
#[track_caller]
fn misplaced() -> Vec<Case> {
    use Refusal::{Authentication, ConflictingCookies, NotYetValid, Payload, Schema, TooManyCookies, UnknownKey};
    let ahead = |seconds: u64| {
        let now = NOW + seconds;
        sealed(&Plain { created_at: now, ends_at: now + 43_200, issued_at: now, expires_at: now + 1800, ..good() })
    };
    let idle = Plain { issued_at: NOW - 500, expires_at: NOW, ..good() };
    let policy = Plain { created_at: NOW - 3000, issued_at: NOW - 1800, expires_at: NOW + 9000, ..good() };
    let ended = Plain { created_at: NOW - 43_200, ends_at: NOW, issued_at: NOW - 1, expires_at: NOW, ..good() };
    let started = NOW - 200_000;
    let cut_off = Plain { flags: 1, created_at: started, ends_at: started + 2_592_000, ..good() };
    let other = Plain { session_id: [6; 16], ..good() };
    let several = |values: &[String]| {
        let cookies: Vec<String> = values.iter().map(|value| format!("{NAME}={value}")).collect();
        vec![cookies.join("; ").into_bytes()]
    };
    let (text, two) = (sealed(&good()), [sealed(&good()), sealed(&other)]);
    vec![
        ("another cookie's", ours(&good().seal(&SECRET, "__Host-cart", PURPOSE)), Authentication),
        ("for another purpose", ours(&good().seal(&SECRET, NAME, "shop/staging")), Authentication),
        ("for no purpose", ours(&good().seal(&SECRET, NAME, "")), Authentication),
        ("under another key", ours(&good().seal(&OTHER, NAME, PURPOSE)), UnknownKey),
        ("from the near future", ours(&ahead(61)), NotYetValid { seconds_ahead: 61 }),
        ("from the far future", ours(&ahead(86_400)), NotYetValid { seconds_ahead: 86_400 }),
        ("idle too long", ours(&sealed(&idle)), Refusal::IdleTimeout),
        ("idle too long by today's policy", ours(&sealed(&policy)), Refusal::IdleTimeout),
        ("past its end", ours(&sealed(&ended)), Refusal::AbsoluteTimeout),
        ("from before the cut-off", ours(&sealed(&cut_off)), Refusal::Revoked),
        ("a reserved flag", ours(&sealed(&Plain { flags: 128, ..good() })), Refusal::Flags),
        ("expired when sealed", ours(&sealed(&Plain { expires_at: good().issued_at, ..good() })), Refusal::Format),
        (
            "a critical extension",
            ours(&sealed(&Plain { flags: 2, extensions: Some(vec![1, 0]), ..good() })),
            Refusal::Extension,
        ),
        ("a newer schema", ours(&sealed(&Plain { schema: 2, ..good() })), Schema),
        (
            "another payload",
            ours(&sealed(&Plain { payload: [&good().payload[..5], b"\xffda"].concat(), ..good() })),
            Payload,
        ),
        ("bytes left over", ours(&sealed(&Plain { payload: [good().payload, vec![0]].concat(), ..good() })), Payload),
        ("five", several(&vec![text; 5]), TooManyCookies),
        ("two sessions", several(&two), ConflictingCookies),
        ("two sessions in two headers", two.iter().flat_map(|value| ours(value)).collect(), ConflictingCookies),
        ("two bad ones", several(&["garbage!".to_owned(), String::new()]), Refusal::Encoding),
    ]
}

/// All requests of these tests, with these `Cookie` headers.
async fn replies(app: &Router, cookies: &[Vec<u8>]) -> Vec<Reply> {
    let mut replies = Vec::new();
    for request in [
        web::get("/page"),
        web::get("/current"),
        web::get("/current").header(ACCEPT, "application/json"),
        web::get("/option"),
        web::post("/visit"),
        web::get("/missing"),
    ] {
        let request = cookies.iter().fold(request, |request, cookie| request.header(COOKIE, &cookie[..]));
        replies.push(read(raw(app, request, "").await).await);
    }
    replies
}

async fn assert_as_without(cases: Vec<Case>) {
    let log = Log::default();
    let app = app(&log);
    let without = replies(&app, &[]).await;
    assert_eq!(log.take(), [None; 6]);
    for (case, cookies, reason) in cases {
        let replies = replies(&app, &cookies).await;
        assert_eq!(log.take(), [Some(reason); 6], "{case}");
        for (reply, without) in replies.iter().zip(&without) {
            assert_eq!(reply, without, "{case}");
            assert!(!reply.headers.contains_key("set-cookie"), "{case}");
        }
    }
}

#[tokio::test]
async fn altered_cookies_are_as_none() {
    assert_as_without(altered()).await;
}

#[tokio::test]
async fn misplaced_cookies_are_as_none() {
    assert_as_without(misplaced()).await;
}

#[tokio::test]
async fn every_single_character_counts() {
    let text = sealed(&good());
    let log = Log::default();
    let app = app(&log);
    let without = replies(&app, &[]).await;
    log.take();
    for position in 0..text.len() {
        let mut flipped = text.clone().into_bytes();
        flipped[position] = if flipped[position] == b'A' { b'B' } else { b'A' };
        let replies = replies(&app, &ours(std::str::from_utf8(&flipped).unwrap())).await;
        assert_eq!(replies, without, "{position}");
        assert!(log.take().iter().all(Option::is_some), "{position}");
    }
}

#[tokio::test]
async fn the_good_one_they_are_made_from_is_not_as_none() {
    let log = Log::default();
    let app = app(&log);
    let without = replies(&app, &[]).await;
    let [four_good, beside_garbage] = [vec![sealed(&good()); 4], vec!["garbage!".to_owned(), sealed(&good())]]
        .map(|values| values.iter().flat_map(|value| ours(value)).collect::<Vec<_>>());
    log.take();
    for cookies in [ours(&sealed(&good())), four_good, beside_garbage] {
        let replies = replies(&app, &cookies).await;
        assert_eq!(log.take(), [None; 6]);
        let statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
        assert_eq!(statuses, [200, 200, 200, 200, 200, 404]);
        assert_eq!([replies[1].text(), replies[3].text(), replies[4].text()], ["Ada", "true", "counted"]);
        assert!(replies[0].text().contains("user: 7"), "{}", replies[0].text());
        for (reply, without) in replies.iter().zip(&without).take(5) {
            assert_ne!(reply, without);
        }
    }
}
