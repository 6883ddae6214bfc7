//! Against a fake that answers like Secrets Manager: no account of AWS was at hand.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use aws_sdk_secretsmanager::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_secretsmanager_caching::SecretsManagerCachingClient;
use hardtack::{KeySourceError, Keyring, LiveKeyring};
use secrets_manager::Secret;
use time::OffsetDateTime;

const OLD: &str = "htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO7";
const NEW: &str = "htk1_dLiUZQDSqw9KXRYW43WZzFEXC8tdLvzaLqgQ_QL240cwpiFF";

/// The fake's address, and the secret that it has.
fn fake(secret: &str) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let secret = Arc::new(Mutex::new(secret.to_owned()));
    let kept = Arc::clone(&secret);
    thread::spawn(move || listener.incoming().for_each(|client| answer(client.unwrap(), &kept.lock().unwrap())));
    (address, secret)
}

fn answer(client: TcpStream, secret: &str) {
    let mut reader = BufReader::new(&client);
    let headers: Vec<_> = reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
    let header =
        |name: &str| headers.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix(name).map(str::to_owned));
    let length = header("content-length: ").map_or(0, |length| length.parse().unwrap());
    let mut asked = vec![0; length];
    reader.read_exact(&mut asked).unwrap();
    let asked = String::from_utf8(asked).unwrap();
    // The SDK writes the / of the name with a backslash.
    let names = r#""ARN":"arn:aws:secretsmanager:eu-central-1:1:secret:shop/keys","Name":"shop/keys""#;
    let version = format!("version-{}", secret.len());
    let (status, rest) = match header("x-amz-target: secretsmanager.").as_deref() {
        Some("getsecretvalue") if asked.contains("keys\"") => (
            "200 OK",
            format!(
                r#"{names},"VersionId":"{version}","SecretString":{secret:?},"VersionStages":["AWSCURRENT"],"CreatedDate":1795665600"#
            ),
        ),
        Some("describesecret") if asked.contains("keys\"") => {
            ("200 OK", format!(r#"{names},"VersionIdsToStages":{{"{version}":["AWSCURRENT"]}}"#))
        }
        _ => ("400 Bad Request", r#""__type":"ResourceNotFoundException","Message":"it is not there""#.to_owned()),
    };
    let body = format!("{{{rest}}}");
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.1\r\nconnection: close\r\n");
    write!(&client, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
}

/// A client that asks this address, and keeps nothing for longer than a moment.
async fn client(address: &str) -> SecretsManagerCachingClient {
    let asks = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(address);
    let kept = Duration::from_nanos(1);
    SecretsManagerCachingClient::from_builder(asks, NonZeroUsize::MIN, kept, false).await.unwrap()
}

#[tokio::test]
async fn a_keyring_is_read_from_its_secret_and_read_anew() {
    let (address, secret) = fake(OLD);
    let source = Secret::new(client(&address).await, "shop/keys");
    let keys = LiveKeyring::watcher(source).start().await.unwrap();
    let at = OffsetDateTime::now_utc();
    assert_eq!(keys.primary(at), Keyring::parse(OLD).unwrap().primary(at));
    secret.lock().unwrap().push_str(&format!(",{NEW}"));
    assert!(keys.look(at).await.unwrap());
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_an_error() {
    let (address, _) = fake(OLD);
    let source = Secret::new(client(&address).await, "shop/other");
    let error = LiveKeyring::watcher(source).start().await.unwrap_err();
    assert!(matches!(error, KeySourceError::Failed(_)), "{error}");
    assert!(error.to_string().contains("it is not there"), "{error}");
}
