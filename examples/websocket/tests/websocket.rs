//! A WebSocket that ends with its session, spoken to over a socket by a client of a few lines (RFC 6455).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "the other examples use the rest")]
#[path = "../../../tests/examples/browser.rs"]
mod browser;
#[path = "../../../tests/common/mod.rs"]
mod common;
#[allow(dead_code, reason = "its main")]
#[path = "../src/main.rs"]
mod websocket;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use browser::{Browser, redirect};
use common::Hands;
use websocket::app;

/// A browser with a session, and the address at which the same service takes connections.
async fn ada(hands: &Hands) -> (Browser, String) {
    let app = app(crate::common::ring(), hands.clock()).unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let service = app.clone();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let mut ada = Browser::new(app);
    assert_eq!(redirect(&ada.post("/login", "name=Ada").await), (303, "/"));
    (ada, address)
}

/// A connection, or the status that was answered instead.
async fn connect(address: &str, cookies: &str, origin: &str) -> Result<TcpStream, String> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "GET /socket HTTP/1.1\r\nHost: {address}\r\nOrigin: {origin}\r\nCookie: {cookies}\r\nAccept: application/json\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().to_owned();
    if status == "101" { Ok(stream) } else { Err(status) }
}

/// Says this, and returns what comes back: a text, or why the connection was closed.
async fn say(stream: &mut TcpStream, text: &str) -> Result<String, (u16, String)> {
    // A whole text, masked with zeros.
    let mut frame = vec![0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0];
    frame.extend(text.as_bytes());
    stream.write_all(&frame).await.unwrap();
    let (kind, length) = (stream.read_u8().await.unwrap(), stream.read_u8().await.unwrap());
    let mut payload = vec![0; usize::from(length)];
    stream.read_exact(&mut payload).await.unwrap();
    match kind {
        0x81 => Ok(String::from_utf8(payload).unwrap()),
        0x88 => Err((u16::from_be_bytes([payload[0], payload[1]]), String::from_utf8(payload[2..].to_vec()).unwrap())),
        other => panic!("frame {other:#x}"),
    }
}

#[tokio::test]
async fn a_connection_answers_until_its_session_is_idle_for_too_long() {
    let hands = Hands::default();
    let (mut ada, address) = ada(&hands).await;
    let mut socket = connect(&address, &ada.cookies(), &format!("http://{address}")).await.unwrap();
    for seconds in [0, 60, 119] {
        hands.set(seconds);
        assert_eq!(say(&mut socket, "hello").await, Ok("Ada: hello".to_owned()), "{seconds}");
    }
    hands.set(120);
    assert_eq!(say(&mut socket, "hello").await, Err((4401, "idle for too long".to_owned())));
    assert_eq!(redirect(&ada.get("/").await), (303, "/login"), "a socket is no activity");
}

#[tokio::test]
async fn whoever_is_active_keeps_their_socket_by_connecting_anew_until_the_end() {
    let hands = Hands::default();
    let (mut ada, address) = ada(&hands).await;
    let origin = format!("http://{address}");
    for seconds in (0..=570).step_by(30) {
        hands.set(seconds);
        assert_eq!(ada.post("/stay", "").await.status, 204);
        let mut socket = connect(&address, &ada.cookies(), &origin).await.unwrap();
        assert_eq!(say(&mut socket, "here").await, Ok("Ada: here".to_owned()), "{seconds}");
    }
    let mut socket = connect(&address, &ada.cookies(), &origin).await.unwrap();
    hands.set(600);
    assert_eq!(say(&mut socket, "here").await, Err((4401, "past the session's absolute end".to_owned())));
}

#[tokio::test]
async fn a_logout_in_another_tab_ends_the_connection() {
    let hands = Hands::default();
    let (mut ada, address) = ada(&hands).await;
    let mut socket = connect(&address, &ada.cookies(), &format!("http://{address}")).await.unwrap();
    assert_eq!(say(&mut socket, "still here").await, Ok("Ada: still here".to_owned()));
    assert_eq!(redirect(&ada.post("/logout", "").await), (303, "/login"));
    assert_eq!(say(&mut socket, "and now?").await, Err((4401, "begun before the cut-off, or denied".to_owned())));
}

#[tokio::test]
async fn who_is_not_logged_in_or_comes_from_elsewhere_gets_no_connection() {
    let hands = Hands::default();
    let (ada, address) = ada(&hands).await;
    let here = format!("http://{address}");
    for (cookies, origin, status) in [("", here.as_str(), "401"), (&ada.cookies(), "https://elsewhere.example", "403")]
    {
        assert_eq!(connect(&address, cookies, origin).await.err().as_deref(), Some(status), "{origin}");
    }
}
