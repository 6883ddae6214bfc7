//! The attack of docs/OBSERVING.md: the excerpt there is what is written here, but for the tags of random session ids.
//!
//! To see it: `cargo test --all-features --test tracing_log attack -- --nocapture`.

use std::{collections::BTreeMap, fmt::Write as _};

use axum::{
    Router,
    http::{HeaderValue, request::Parts},
    routing::{get, post},
};
use hardtack::{Facts, MemoryDenyList, Session, SessionError, Tracing, Watch, tower::SessionLayer};
use tracing::{Level, instrument::WithSubscriber};

use crate::tracing_log::{
    Login,
    common::{
        Hands, ring,
        web::{self, send},
    },
    lovelace,
    subscriber::Log,
};

fn client(parts: &Parts, facts: &mut Facts) {
    for kind in ["agent", "network"] {
        facts.add(kind, parts.headers.get(kind).map_or(&b""[..], HeaderValue::as_bytes));
    }
}

type Answer = Result<(), SessionError>;

#[track_caller]
fn app(hands: &Hands) -> Router {
    let layer = SessionLayer::<Login>::builder(ring()).clock(hands.clock()).client_facts(client);
    let layer = layer.deny_list(MemoryDenyList::new(1000)).observer(Watch::new(1000, Tracing::new()));
    Router::new()
        .route("/", get(async |login: Session<Login>| login.get().map_or(0, |login| login.user).to_string()))
        .route("/login", post(async |login: Session<Login>| -> Answer { login.begin(lovelace()) }))
        .route("/admin", post(async |login: Session<Login>| -> Answer { login.cycle() }))
        .route("/logout", post(async |login: Session<Login>| login.end()))
        .layer(layer.build().unwrap())
}

/// A stolen cookie, before the session gets a new id and after.
async fn attack(hands: &Hands) {
    let app = app(hands);
    let home = |request: axum::http::request::Builder| request.header("network", "192.0.2").header("agent", "firefox");
    let away = |request: axum::http::request::Builder| request.header("network", "198.51.100").header("agent", "curl");

    let stolen = send(&app, home(web::post("/login")), "").await.cookie().to_owned();
    hands.set(312);
    assert_eq!(send(&app, away(web::get("/")), &stolen).await.text(), "7");
    hands.set(420);
    let good = send(&app, home(web::post("/admin")), &stolen).await.cookie().to_owned();
    hands.set(478);
    assert_eq!(send(&app, away(web::get("/")), &stolen).await.text(), "0");
    hands.set(603);
    assert_eq!(send(&app, home(web::get("/")), &good).await.text(), "7");
    send(&app, home(web::post("/logout")), &good).await;
}

/// The lines, with letters for the tags of sessions and the ids of keys.
fn with_letters(lines: &[String]) -> Vec<String> {
    let mut letters = BTreeMap::new();
    let mut letter = |word: &str| {
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_tag = word.len() == 16 && word.bytes().all(hexadecimal);
        let next = char::from(b'A' + u8::try_from(letters.len()).unwrap()).to_string();
        if is_tag { letters.entry(word.to_owned()).or_insert(next).clone() } else { word.to_owned() }
    };
    let mut words = |line: &String| {
        line.split_inclusive([' ', '"']).fold(String::new(), |mut text, word| {
            let (bare, end) = word.strip_suffix([' ', '"']).map_or((word, ""), |bare| (bare, &word[bare.len()..]));
            write!(text, "{}{end}", letter(bare)).unwrap();
            text
        })
    };
    lines.iter().map(&mut words).collect()
}

#[tokio::test]
async fn the_excerpt_in_the_guide_is_what_is_written() {
    let hands = Hands::default();
    let log = Log::new(Level::DEBUG, hands.clock());
    attack(&hands).with_subscriber(log.clone()).await;
    let lines = log.timed();
    println!("{}", lines.join("\n"));

    let guide = include_str!("../../docs/OBSERVING.md");
    let excerpt: Vec<_> = guide.lines().filter(|line| line.starts_with("2027-01-15T")).map(str::to_owned).collect();
    assert_eq!(with_letters(&lines), with_letters(&excerpt));
    assert_eq!(lines.len(), 8);
}

#[test]
fn letters_stand_for_tags_only() {
    let lines = ["a=\"0123456789abcdef\" from fedcba9876543210".to_owned(), "b 0123456789abcdef a65c4d76".to_owned()];
    assert_eq!(with_letters(&lines), ["a=\"A\" from B", "b A a65c4d76"]);
}
