//! Against a stub that answers like Vault's KV engine, version 2. No real Vault was at hand.

use std::{
    future::Future,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    thread,
};

use hardtack::{KeySourceError, Keyring, LiveKeyring};
use time::OffsetDateTime;
use vault::Vault;

const TOKEN: &str = "hvs.a-token";
const OLD: &str = "htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO7";
const NEW: &str = "htk1_dLiUZQDSqw9KXRYW43WZzFEXC8tdLvzaLqgQ_QL240cwpiFF";

/// The stub's address, and the keyring that it has.
fn stub(keyring: &str) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let keyring = Arc::new(Mutex::new(keyring.to_owned()));
    let kept = Arc::clone(&keyring);
    thread::spawn(move || listener.incoming().for_each(|client| answer(client.unwrap(), &kept.lock().unwrap())));
    (address, keyring)
}

fn answer(client: TcpStream, keyring: &str) {
    let mut lines = BufReader::new(&client).lines().map(Result::unwrap);
    let path = lines.next().unwrap();
    let headers: Vec<_> = lines.take_while(|line| !line.is_empty()).map(|line| line.to_ascii_lowercase()).collect();
    let (status, body) = if !headers.contains(&format!("x-vault-token: {TOKEN}")) {
        ("403 Forbidden", r#"{"errors":["permission denied"]}"#.to_owned())
    } else if path != "GET /v1/secret/data/shop/keys HTTP/1.1" {
        ("404 Not Found", r#"{"errors":[]}"#.to_owned())
    } else {
        let version = r#""metadata":{"created_time":"2026-11-26T04:00:00Z","destroyed":false,"version":3}"#;
        ("200 OK", format!(r#"{{"request_id":"r","data":{{"data":{{"keyring":{keyring:?}}},{version}}}}}"#))
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n");
    write!(&client, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
}

/// Drives a future that waits for nothing.
fn now<V>(future: impl Future<Output = V>) -> V {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn a_keyring_is_read_from_vault_and_read_anew() {
    let (address, keyring) = stub(OLD);
    let source = Vault::new(&address, "secret/data/shop/keys", TOKEN);
    let keys = now(LiveKeyring::watcher(source).start()).unwrap();
    let at = OffsetDateTime::now_utc();
    assert_eq!(keys.primary(at), Keyring::parse(OLD).unwrap().primary(at));
    keyring.lock().unwrap().push_str(&format!(",{NEW}"));
    assert!(now(keys.look(at)).unwrap());
    assert!(!now(keys.look(at)).unwrap());
}

#[test]
fn a_token_that_may_not_read_a_wrong_path_and_no_vault_are_errors_that_show_no_secret() {
    let (address, _) = stub(OLD);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (address, path, token) in [
        (address.as_str(), "secret/data/shop/keys", "hvs.another"),
        (&address, "secret/data/shop", TOKEN),
        (&format!("http://{nobody}"), "secret/data/shop/keys", TOKEN),
    ] {
        let error = now(LiveKeyring::watcher(Vault::new(address, path, token)).start()).unwrap_err();
        assert!(matches!(error, KeySourceError::Failed(_)), "{error}");
        assert!(!error.to_string().contains("hvs"), "{error}");
    }
}
