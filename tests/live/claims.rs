//! One type for each cookie.

use hardtack::{ConfigError, KnownCookie, SessionData, SessionManager};
use serde::{Deserialize, Serialize};

use crate::live::{
    common::{Hands, steps::Login, timed::sessions},
    live,
};

/// A type that has the cookie of [`Login`].
#[derive(Serialize, Deserialize)]
struct Double {
    name: String,
}

impl SessionData for Double {
    const COOKIE: &'static str = "__Host-login";
}

fn builder<T: SessionData>(keys: &hardtack::LiveKeyring) -> hardtack::Builder<T, SessionManager<T>> {
    SessionManager::builder(keys).policy(sessions()).clock(Hands::default().clock())
}

#[test]
fn two_types_of_one_cookie_are_an_error_when_the_second_is_built() {
    let keys = live();
    let logins = builder::<Login>(&keys).build().unwrap();
    let error = builder::<Double>(&keys).build().unwrap_err();
    let ConfigError::CookieTaken { name, by } = &error else { panic!("{error}") };
    assert_eq!(name, "__Host-login");
    assert!(by.ends_with("::Login"), "{by}");
    // A type may have as many layers as it likes, and a cookie is free once the first type is gone.
    builder::<Login>(&keys).build().unwrap();
    drop(logins);
    builder::<Double>(&keys).build().unwrap();
}

#[test]
fn another_name_purpose_path_or_keyring_is_another_cookie() {
    let keys = live();
    let _logins = builder::<Login>(&keys).build().unwrap();
    builder::<Double>(&keys).cookie_name("__Host-double").build().unwrap();
    builder::<Double>(&keys).purpose("double").build().unwrap();
    builder::<Double>(&live()).build().unwrap();
    let keys = live();
    let _logins = builder::<Login>(&keys).cookie_name("login").build().unwrap();
    builder::<Double>(&keys).cookie_name("login").path("/double").build().unwrap();
    builder::<Double>(&keys).cookie_name("login").domain("example.com").build().unwrap();
    assert!(builder::<Double>(&keys).cookie_name("login").build().is_err());
}

#[test]
fn types_that_are_meant_to_share_a_cookie_say_so() {
    let keys = live();
    let _logins = builder::<Login>(&keys).build().unwrap();
    builder::<Double>(&keys).share_cookie_between_types().build().unwrap();
}

#[test]
fn a_cookie_that_is_only_known_is_nobodys() {
    let keys = live();
    let _logins = builder::<Login>(&keys).also_known(KnownCookie::named("__Host-double")).build().unwrap();
    builder::<Double>(&keys).cookie_name("__Host-double").build().unwrap();
}
