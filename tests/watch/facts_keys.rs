//! Facts over a change of keys and of the cookie's name: they are hashed under the primary key, which comes and goes.

use axum::Router;
use hardtack::{Keyring, tower::SessionLayer};

use crate::watch::{
    Login, NAME,
    common::{Hands, OTHER, Plain, SECRET, Told, at, keys, token, value, web::Reply},
    cookie,
    facts::{from, routes, take},
    good,
};

const HOME: [&str; 2] = ["192.0.2", "firefox"];
const AWAY: [&str; 2] = ["198.51.100", "firefox"];

#[track_caller]
fn app(told: &Told, keys: Keyring) -> Router {
    let builder = SessionLayer::<Login>::builder(keys).clock(Hands::default().clock()).observer(told.clone());
    let builder = builder.former_cookie(hardtack::KnownCookie::named("__Host-id"), at(1000));
    routes().layer(builder.client_facts(take).build().unwrap())
}

/// The extension block of [`HOME`] under a key and a name, and an extension of somebody else's.
#[track_caller]
fn home(secret: &[u8; 32], name: &str) -> Vec<u8> {
    let [agent, network] = [("agent", "firefox"), ("network", "192.0.2")]
        .map(|(kind, value)| token::fact(secret, name, "", kind, value.as_bytes()));
    [&[0x80, 8][..], &agent, &network, &[0x85, 1, 9]].concat()
}

fn sealed_with(extensions: Vec<u8>) -> Plain {
    Plain { flags: 2, extensions: Some(extensions), ..good() }
}

/// `name=value` of the session, which is set after the former name was removed.
#[track_caller]
fn set(reply: &Reply) -> &str {
    let set_cookies = reply.cookies();
    assert!(set_cookies.len() == 2 && set_cookies[0].starts_with("__Host-id=; "), "{set_cookies:?}");
    crate::common::pair(set_cookies[1])
}

#[track_caller]
fn extensions(reply: &Reply) -> Vec<u8> {
    Plain::open(value(set(reply)), &OTHER, NAME, "").extensions.unwrap()
}

fn changed(told: &Told) -> Vec<String> {
    told.take().into_iter().filter(|line| line.starts_with("facts")).collect()
}

#[tokio::test]
async fn a_new_primary_key_is_no_change_of_the_client() {
    let told = Told::default();
    let app = app(&told, keys(&[OTHER, SECRET]));
    let old = cookie(&sealed_with(home(&SECRET, NAME)));
    let reply = from(&app, "GET", "/", HOME, &old).await;
    assert_eq!((reply.text(), changed(&told)), ("7", vec![]));
    assert_eq!(extensions(&reply), home(&OTHER, NAME), "brought under the new primary, the rest carried over");

    // So that the old key can go.
    let alone = self::app(&told, keys(&[OTHER]));
    assert_eq!(from(&alone, "GET", "/", HOME, set(&reply)).await.text(), "7");
    assert_eq!(changed(&told), Vec::<String>::new());
    from(&alone, "GET", "/", AWAY, set(&reply)).await;
    assert_eq!(changed(&told), ["facts_changed A 56631c1a 1"]);
}

#[tokio::test]
async fn a_changed_client_is_told_over_a_change_of_keys() {
    let told = Told::default();
    let app = app(&told, keys(&[OTHER, SECRET]));
    let old = cookie(&sealed_with(home(&SECRET, NAME)));
    let reply = from(&app, "GET", "/", AWAY, &old).await;
    assert_eq!(changed(&told), ["facts_changed A a65c4d76 1"], "one of two, whichever key hashed them");
    assert_eq!(extensions(&reply), home(&SECRET, NAME), "what the login kept stays");

    // Sealed under the new key, hashed under the old one.
    from(&app, "GET", "/", AWAY, set(&reply)).await;
    assert_eq!(changed(&told), ["facts_changed A 56631c1a 1"]);
    let back = from(&app, "POST", "/renew", HOME, set(&reply)).await;
    assert_eq!((changed(&told), extensions(&back)), (vec![], home(&OTHER, NAME)));
}

#[tokio::test]
async fn a_new_name_of_the_cookie_is_no_change_of_the_client() {
    let told = Told::default();
    let app = app(&told, keys(&[OTHER]));
    let of = |client| {
        let plain = sealed_with(home(&OTHER, "__Host-id"));
        let cookie = format!("__Host-id={}", plain.seal(&OTHER, "__Host-id", ""));
        let app = &app;
        async move { from(app, "GET", "/", client, &cookie).await }
    };
    let reply = of(HOME).await;
    assert_eq!((reply.text(), changed(&told), extensions(&reply)), ("7", vec![], home(&OTHER, NAME)));
    assert_eq!(of(AWAY).await.text(), "7");
    assert_eq!(changed(&told), ["facts_changed A 56631c1a 1"]);
}
