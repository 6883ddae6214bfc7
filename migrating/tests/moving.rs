//! What the move promises, with cookies of the `cookie` crate.
#![cfg(feature = "tower")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{Login, ask, moved, show, until, user};
use cookie::{Cookie, CookieJar, Key};
use hardtack::testing::TestKit;
use hardtack_migrating::{Moving, PrivateJar, SignedJar};
use time::Duration;

fn key(byte: u8) -> Key {
    Key::from(&[byte; 64])
}

fn private(name: &'static str, value: &str, key: &Key) -> String {
    let mut jar = CookieJar::new();
    jar.private_mut(key).add(Cookie::new(name, value.to_owned()));
    jar.get(name).expect("added").to_string()
}

fn signed(value: &str, key: &Key) -> Cookie<'static> {
    let mut jar = CookieJar::new();
    jar.signed_mut(key).add(Cookie::new("old", value.to_owned()));
    jar.get("old").expect("added").clone()
}

fn moving(kit: &TestKit) -> Moving<Login> {
    Moving::new(PrivateJar::new("old", key(1)), until(kit), user)
}

#[tokio::test]
async fn an_old_cookie_becomes_a_session_and_is_removed() {
    let kit = TestKit::new();
    let app = moved(&kit, moving(&kit));
    let old = private("old", "7", &key(1));
    let answer = show(&app, &[&old]).await;
    assert_eq!(answer.body, "7");
    assert_eq!(answer.removed, ["old="]);
    assert_eq!(answer.set.len(), 1);

    let after = show(&app, &[&answer.set[0]]).await;
    assert_eq!((after.body.as_str(), after.set.len()), ("7", 0));
}

#[tokio::test]
async fn signed_cookies_open_as_they_are_and_percent_encoded() {
    let kit = TestKit::new();
    let reader = || SignedJar::new("old", key(1));
    let read = |value: &str| (value == "100 %; 7").then_some(Login { user: 7 });
    let app = moved(&kit, Moving::new(reader(), until(&kit), read));
    let encoded = signed("100 %; 7", &key(1)).encoded().to_string();
    assert_eq!(show(&app, &[&encoded]).await.body, "7");

    let raw = signed("%37", &key(1)).to_string();
    let read = |value: &str| (value == "%37").then_some(Login { user: 8 });
    assert_eq!(show(&moved(&kit, Moving::new(reader(), until(&kit), read)), &[&raw]).await.body, "8");
}

#[tokio::test]
async fn forged_foreign_and_damaged_cookies_begin_nothing() {
    let kit = TestKit::new();
    let app = moved(&kit, moving(&kit));
    let good = private("old", "7", &key(1));
    let foreign = private("old", "7", &key(2));
    // Encrypted for another name: the name is in what the tag covers.
    let renamed = private("other", "7", &key(1)).replacen("other", "old", 1);
    let (name, value) = good.split_once('=').expect("a pair");
    let flipped = format!("{name}={}{}", if value.starts_with('A') { "B" } else { "A" }, &value[1..]);
    let cut = good[..good.len() - 4].to_owned();
    let long = format!("old={}", "A".repeat(5000));
    for cookie in
        [foreign, renamed, flipped, cut, long, "old=".into(), "old=7".into(), "old=%ff%00".into(), "old=\u{e9}".into()]
    {
        let answer = show(&app, &[&cookie]).await;
        assert_eq!((answer.body.as_str(), answer.set.len(), answer.removed.len()), ("nobody", 0, 0), "{cookie}");
    }
}

#[tokio::test]
async fn what_the_function_does_not_want_begins_nothing() {
    let kit = TestKit::new();
    let app = moved(&kit, moving(&kit));
    assert_eq!(show(&app, &[&private("old", "no number", &key(1))]).await.body, "nobody");
}

#[tokio::test]
async fn two_old_cookies_begin_nothing() {
    let kit = TestKit::new();
    let app = moved(&kit, moving(&kit));
    let (one, other) = (private("old", "7", &key(1)), private("old", "8", &key(1)));
    assert_eq!(show(&app, &[&one, &other]).await.body, "nobody");
}

#[tokio::test]
async fn nothing_is_opened_from_the_date_on() {
    let kit = TestKit::new();
    let app = moved(&kit, moving(&kit));
    let old = private("old", "7", &key(1));
    kit.advance(Duration::hours(10) - Duration::seconds(1));
    assert_eq!(show(&app, &[&old]).await.body, "7");
    kit.advance(Duration::seconds(1));
    assert_eq!(show(&app, &[&old]).await.body, "nobody");
}

#[tokio::test]
async fn adopted_sessions_end_on_the_date_at_the_latest() {
    let kit = TestKit::new();
    let app = moved(&kit, moving(&kit));
    let mut cookie = show(&app, &[&private("old", "7", &key(1))]).await.set.remove(0);
    for _ in 0..29 {
        kit.advance(Duration::minutes(20));
        let answer = show(&app, &[&cookie]).await;
        assert_eq!(answer.body, "7");
        cookie = answer.set.into_iter().next().unwrap_or(cookie);
    }
    kit.advance(Duration::minutes(20));
    assert_eq!(show(&app, &[&cookie]).await.body, "nobody");
}

#[tokio::test]
async fn a_session_that_is_over_is_not_begun_again_from_the_old_cookie() {
    let kit = TestKit::new();
    let app = moved(&kit, moving(&kit));
    let old = private("old", "7", &key(1));
    let cookie = show(&app, &[&old]).await.set.remove(0);
    kit.advance(Duration::minutes(31));
    assert_eq!(show(&app, &[&old, &cookie]).await.body, "nobody");
    assert_eq!(show(&app, &[&old, "__Host-login=spoilt"]).await.body, "nobody");
}

#[tokio::test]
async fn a_logout_removes_the_old_cookie_too() {
    let kit = TestKit::new();
    let app = moved(&kit, moving(&kit));
    let old = private("old", "7", &key(1));
    let cookie = show(&app, &[&old]).await.set.remove(0);
    for cookies in [vec![old.as_str()], vec![old.as_str(), cookie.as_str()], vec![cookie.as_str()]] {
        let answer = ask(&app, "POST", "/logout", &cookies).await;
        assert!(answer.set.is_empty());
        assert_eq!(answer.removed, ["old=", "__Host-login="]);
    }
}

#[tokio::test]
async fn remembered_moves_begin_remembered_sessions() {
    let kit = TestKit::new();
    let moving = Moving::new(PrivateJar::new("old", key(1)), kit.now() + Duration::days(30), user).remembered();
    let app = moved(&kit, moving);
    let cookie = show(&app, &[&private("old", "7", &key(1))]).await.set.remove(0);
    kit.advance(Duration::days(6));
    assert_eq!(show(&app, &[&cookie]).await.body, "7");
}

#[tokio::test]
async fn a_record_that_the_store_gives_away_once_is_adopted_once() {
    let kit = TestKit::new();
    let store = std::sync::Arc::new(std::sync::Mutex::new(vec![("id-1".to_owned(), 7)]));
    let load = move |id: String| {
        let store = std::sync::Arc::clone(&store);
        async move {
            let mut records = store.lock().expect("no panic");
            let at = records.iter().position(|(known, _)| *known == id)?;
            Some(Login { user: records.remove(at).1 })
        }
    };
    let app = moved(&kit, Moving::with_store(SignedJar::new("old", key(1)), until(&kit), load));
    let old = signed("id-1", &key(1)).to_string();
    assert_eq!(show(&app, &[&old]).await.body, "7");
    assert_eq!(show(&app, &[&old]).await.body, "nobody");
}
