//! The tests' own browser, held to RFC 6265bis: what it keeps, and what it sends where.

use crate::common::jar::{Jar, Page};

#[track_caller]
fn kept(page: Page<'_>, set_cookies: &[&str]) -> String {
    let mut jar = Jar::default();
    jar.receive(page, set_cookies);
    jar.sent_to(page)
}

#[test]
fn it_keeps_what_browsers_keep() {
    let https = Page::https("www.shop.example", "/app/cart");
    for (set_cookie, sent) in [
        ("a=1", "a=1"),
        ("a=1; Domain=shop.example", "a=1"),
        ("a=1; Domain=.shop.example", "a=1"),
        ("a=1; Domain=other.example", ""),
        ("a=1; Domain=op.example", ""),
        ("a=1; Domain=example", ""),
        ("a=1; Path=/app", "a=1"),
        ("a=1; Path=/ap", ""),
        ("a=1; Path=/app/cart/x", ""),
        ("a=1; Max-Age=0", ""),
        ("a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=1"),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", ""),
        ("a=1; Expires=Fri, 15 Jan 2027 08:00:00 GMT", "a=1"),
        ("a=1; SameSite=None", ""),
        ("a=1; SameSite=None; Secure", "a=1"),
        ("a=1; Partitioned", ""),
        ("__Host-a=1; Path=/; Secure", "__Host-a=1"),
        ("__host-a=1; Path=/; Secure; Domain=shop.example", ""),
        ("__Host-a=1; Path=/app; Secure", ""),
        ("__Host-a=1; Path=/", ""),
        ("__Secure-a=1", ""),
        ("__Http-a=1; Secure", ""),
        ("__Host-Http-a=1; Path=/; Secure; HttpOnly", "__Host-Http-a=1"),
    ] {
        assert_eq!(kept(https, &[set_cookie]), sent, "{set_cookie}");
    }
}

#[test]
fn plain_http_neither_gets_nor_replaces_a_secure_cookie() {
    let (https, http) = (Page::https("shop.example", "/"), Page::http("shop.example", "/"));
    let mut jar = Jar::default();
    jar.receive(https, ["a=1; Path=/; Secure"]);
    assert_eq!((jar.sent_to(https), jar.sent_to(http)), ("a=1".to_owned(), String::new()));
    jar.receive(http, ["a=2; Path=/", "a=; Path=/; Max-Age=0", "b=3; Secure"]);
    assert_eq!((jar.sent_to(https), jar.sent_to(http)), ("a=1".to_owned(), String::new()));
}

#[test]
fn one_name_of_several_scopes_is_several_cookies() {
    let page = Page::https("www.shop.example", "/app/cart");
    let mut jar = Jar::default();
    let scopes =
        ["", "; Domain=shop.example", "; Domain=www.shop.example", "; Path=/app", "; Path=/; Partitioned; Secure"];
    jar.receive(page, scopes.iter().enumerate().map(|(value, scope)| format!("a={value}; Path=/{scope}")));
    // Longer paths first, then the earlier cookie.
    assert_eq!(jar.sent_to(page), "a=3; a=0; a=1; a=2; a=4");
    jar.receive(page, ["a=; Path=/; Max-Age=0"]);
    assert_eq!(jar.sent_to(page), "a=3; a=1; a=2; a=4");
    let elsewhere = Page { top_level: "news.example", ..page };
    assert_eq!(jar.sent_to(elsewhere), "a=3; a=1; a=2");
    assert_eq!(jar.sent_to(Page::https("shop.example", "/")), "a=1");
}

#[test]
fn a_cookie_ends_with_its_max_age() {
    let page = Page::https("shop.example", "/");
    let mut jar = Jar::default();
    jar.receive(page.at(100), ["a=1; Max-Age=10"]);
    assert_eq!((jar.sent_to(page.at(109)), jar.sent_to(page.at(110))), ("a=1".to_owned(), String::new()));
}
