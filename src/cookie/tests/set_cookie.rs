use crate::cookie::attributes::{Attributes, SameSite};
use crate::cookie::set_cookie::SetCookie;
use crate::error::ConfigError;

fn with(name: &str, change: impl FnOnce(&mut Attributes)) -> SetCookie {
    let mut attributes = Attributes::new(name);
    change(&mut attributes);
    SetCookie::new(&attributes).unwrap()
}

#[test]
fn the_defaults_in_full() {
    let cookie = with("__Host-sid", |_| ());
    assert_eq!(cookie.write("aZ0-_", None), "__Host-sid=aZ0-_; Path=/; Secure; HttpOnly; SameSite=Lax");
    assert_eq!(
        cookie.write("abc", Some(604_800)),
        "__Host-sid=abc; Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Lax"
    );
    assert_eq!(cookie.removal(), "__Host-sid=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
}

#[test]
fn every_attribute_in_full() {
    let cookie = with("sid", |a| {
        a.identity.path = "/app".to_owned();
        a.identity.domain = Some("example.com".to_owned());
        a.same_site = SameSite::None;
        a.identity.partitioned = true;
    });
    assert_eq!(
        cookie.write("abc", Some(60)),
        "sid=abc; Path=/app; Domain=example.com; Max-Age=60; Secure; HttpOnly; SameSite=None; Partitioned"
    );
    assert_eq!(
        cookie.write("abc", None),
        "sid=abc; Path=/app; Domain=example.com; Secure; HttpOnly; SameSite=None; Partitioned"
    );
    assert_eq!(
        cookie.removal(),
        "sid=; Path=/app; Domain=example.com; Max-Age=0; Secure; HttpOnly; SameSite=None; Partitioned"
    );
}

#[test]
fn what_is_switched_off_is_not_written() {
    let cookie = with("sid", |a| a.secure = false);
    assert_eq!(cookie.write("abc", None), "sid=abc; Path=/; HttpOnly; SameSite=Lax");
    let cookie = with("sid", |a| a.http_only = false);
    assert_eq!(cookie.write("abc", None), "sid=abc; Path=/; Secure; SameSite=Lax");
    let cookie = with("sid", |a| (a.secure, a.http_only, a.same_site) = (false, false, SameSite::Strict));
    assert_eq!(cookie.write("abc", Some(1)), "sid=abc; Path=/; Max-Age=1; SameSite=Strict");
    assert_eq!(cookie.removal(), "sid=; Path=/; Max-Age=0; SameSite=Strict");
}

#[test]
fn max_age_ends_at_400_days() {
    let cookie = with("sid", |_| ());
    let longest = "sid=abc; Path=/; Max-Age=34560000; Secure; HttpOnly; SameSite=Lax";
    assert_eq!(cookie.write("abc", Some(34_560_000)), longest);
    assert_eq!(cookie.write("abc", Some(34_560_001)), longest);
    assert_eq!(cookie.write("abc", Some(u64::MAX)), longest);
    assert_eq!(
        cookie.write("abc", Some(34_559_999)),
        "sid=abc; Path=/; Max-Age=34559999; Secure; HttpOnly; SameSite=Lax"
    );
}

/// A string that had to grow would have grown to more than it holds.
#[test]
fn a_write_is_one_allocation() {
    let cookie = with("__Host-sid", |a| a.identity.partitioned = true);
    for header in [cookie.write(&"x".repeat(4000), None), cookie.write("abc", Some(u64::MAX))] {
        assert_eq!(header.capacity(), header.len());
    }
}

#[test]
fn attributes_that_do_not_go_together_make_no_header() {
    let mut attributes = Attributes::new("__Host-sid");
    attributes.secure = false;
    let error = SetCookie::new(&attributes).err();
    assert_eq!(error, Some(ConfigError::Prefix { prefix: "__Host-", requires: "Secure" }));
}
