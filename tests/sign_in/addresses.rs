//! Which addresses are taken to lead somebody to. No address comes from the code under test.

use hardtack::{ReturnError, ReturnTo};

use crate::common::{at, ring, steps::Login};

#[track_caller]
fn refused(addresses: &[&str], reason: ReturnError) {
    for address in addresses {
        assert_eq!(address.parse::<ReturnTo>(), Err(reason), "{address:?}");
    }
}

#[test]
fn pages_of_this_site_are_taken_as_they_are() {
    let long = format!("/{}", "x".repeat(1023));
    let taken = [
        "/",
        "/orders",
        "/orders/",
        "/orders?page=2&by=date",
        "/?",
        "/caf%C3%A9",
        "/a%20b",
        "/100%25",
        "/100%",
        "/a%zz",
        "/~ada/!$&'()*+,;=:@",
        "/.well-known/x",
        "/..a/a../...",
        "/a;b=c",
        // A query may hold what a path may not.
        "/in?url=https://other.example//x/../y",
        "/in?a=%0A%5C",
        &long,
    ];
    for address in taken {
        assert_eq!(address.parse::<ReturnTo>().unwrap().as_str(), address);
        assert_eq!(address.parse::<ReturnTo>().unwrap().to_string(), address);
    }
}

#[test]
fn other_sites_are_refused() {
    let schemes = [
        "",
        "orders",
        "evil.example",
        "?next=/",
        "#x",
        "https://evil.example",
        "https:evil.example",
        "http:/evil.example",
        "HTTPS://evil.example/",
        "javascript:alert(1)",
        "java%0ascript:alert(1)",
        "data:text/html,x",
        "mailto:ada@example.com",
        "file:///etc/passwd",
        "@evil.example",
        ".evil.example",
        "%2F%2Fevil.example",
        "\\\\evil.example",
        " /orders",
        " //evil.example",
        "\t//evil.example",
        "\u{feff}/orders",
        "\u{ff0f}/evil.example",
    ];
    refused(&schemes, ReturnError::NotAPath);
    let two_slashes = [
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "//evil.example/%2e%2e",
        "//user@evil.example",
        "/%2Fevil.example",
        "/%2f/evil.example",
        "/%252fevil.example",
        "/%25252fevil.example",
        "/a//b",
        "/a/%2fb",
        "/http://evil.example",
        "/https:%2f%2fevil.example",
        "//",
    ];
    refused(&two_slashes, ReturnError::DoubleSlash);
}

#[test]
fn backslashes_and_control_characters_are_refused() {
    let odd = [
        "/\\evil.example",
        "/\\/evil.example",
        "/a\\b",
        "/in?a=\\",
        "/%5cevil.example",
        "/%5C%5Cevil.example",
        "/%255cevil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nset-cookie:a=b",
        "/\0",
        "/a\u{7f}",
        "/a\u{85}",
        "/%09/evil.example",
        "/%0d%0aset-cookie:a=b",
        "/%00",
        "/%7f",
        "/a b",
        "/orders#pay",
        "/a\"b",
        "/a<b>",
        "/caf\u{e9}",
        "/\u{2f}\u{ff0f}evil.example",
        "/\u{202e}",
    ];
    for address in odd {
        let found = address.parse::<ReturnTo>();
        assert!(matches!(found, Err(ReturnError::Character | ReturnError::DoubleSlash)), "{address:?}: {found:?}");
    }
    refused(&["/\\evil.example", "/%5cevil.example", "/%0d%0ax", "/a b", "/orders#pay"], ReturnError::Character);
}

#[test]
fn dot_segments_are_refused() {
    let dots = [
        "/.",
        "/..",
        "/./a",
        "/../a",
        "/a/..",
        "/a/./b",
        "/a/../b",
        "/%2e",
        "/%2E%2e/a",
        "/.%2e/a",
        "/a/%2e./b",
        "/%252e%252e/a",
        "/..;/a",
        "/a/..;x=1/b",
        "/a%2f..%2fb",
    ];
    refused(&dots, ReturnError::DotSegment);
}

#[test]
fn an_address_of_over_1024_bytes_is_refused() {
    let long = format!("/{}", "x".repeat(1024));
    refused(&[&long], ReturnError::TooLong { length: 1025 });
}

#[test]
fn where_people_sign_in_is_no_address_to_return_to() {
    let session = |sign_in: Option<&str>| {
        let builder = hardtack::SessionManager::<Login>::builder(ring());
        let builder = sign_in.into_iter().fold(builder, hardtack::Builder::sign_in_at);
        builder.build().unwrap().load([], at(0))
    };
    let cases = [
        (Some("/login"), "/login", false),
        (Some("/login"), "/login/", false),
        (Some("/login"), "/login?next=/orders", false),
        (Some("/login"), "/log%69n", false),
        (Some("/login?from=here#form"), "/login", false),
        (Some("https://shop.example/login?x"), "/login", false),
        (Some("/login"), "/login/help", true),
        (Some("/login"), "/logins", true),
        (Some("/"), "/", false),
        (Some("/"), "/orders", true),
        (None, "/login", true),
    ];
    for (sign_in, address, taken) in cases {
        let found = session(sign_in).return_to(address);
        let expected = if taken { Ok(address) } else { Err(ReturnError::SignIn) };
        assert_eq!(found.as_ref().map(ReturnTo::as_str).map_err(|error| *error), expected, "{sign_in:?} {address}");
    }
}

#[test]
fn no_error_repeats_the_address() {
    for address in ["//secret", "/a/../secret", "secret", "/secret\\", &"secret".repeat(200)] {
        let error = address.parse::<ReturnTo>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}
