//! One test for each wrong name, prefix and attribute.

use hardtack::{ConfigError, KnownCookie, SameSite};

use crate::cookie_policy::{Manager, Shop, assert_refused, build, named, refusal, refused};

#[track_caller]
fn assert_name(found: &ConfigError, name: &str) {
    let expected = ConfigError::CookieName { name: name.to_owned() };
    assert_refused(found, &expected, "cookie name", "use 1 to 64 letters, digits");
}

#[track_caller]
fn assert_prefix(found: &ConfigError, prefix: &'static str, requires: &'static str) {
    let remedy = format!("requires {requires}: change the attribute or the name");
    assert_refused(found, &ConfigError::Prefix { prefix, requires }, &format!("with {prefix} "), &remedy);
}

#[track_caller]
fn assert_case(found: &ConfigError, name: &str, prefix: &'static str) {
    let expected = ConfigError::PrefixCase { name: name.to_owned(), prefix };
    assert_refused(found, &expected, &format!("cookie name {name:?}"), &format!("spell its prefix {prefix}"));
}

const SIXTY_FIVE: &str = "x2345678901234567890123456789012345678901234567890123456789012345";

#[test]
fn an_empty_name() {
    assert_name(&refused!("", |builder| builder), "");
}

#[test]
fn a_name_of_65_characters() {
    assert_eq!(SIXTY_FIVE.len(), 65);
    assert_name(&refused!(SIXTY_FIVE, |builder| builder), SIXTY_FIVE);
    named!(SixtyFour, SIXTY_FIVE.split_at(64).0);
    assert!(build::<SixtyFour>(|builder| builder).is_ok());
}

#[test]
fn a_name_that_is_no_token() {
    assert_name(&refused!("my session", |builder| builder), "my session");
    assert_name(&refused!("a=b", |builder| builder), "a=b");
    assert_name(&refused!("a;b", |builder| builder), "a;b");
    assert_name(&refused!("s\u{e9}ance", |builder| builder), "s\u{e9}ance");
    assert_name(&refused!("a\r\nb", |builder| builder), "a\r\nb");
}

#[test]
fn a_prefix_in_other_letter_case() {
    assert_case(&refused!("__host-shop", |builder| builder), "__host-shop", "__Host-");
    assert_case(&refused!("__SECURE-shop", |builder| builder), "__SECURE-shop", "__Secure-");
    assert_case(&refused!("__http-shop", |builder| builder), "__http-shop", "__Http-");
    assert_case(&refused!("__Host-http-shop", |builder| builder), "__Host-http-shop", "__Host-Http-");
}

#[test]
fn host_with_another_path() {
    assert_prefix(&refusal::<Shop>(|builder| builder.path("/shop")), "__Host-", "Path=/");
}

#[test]
fn host_with_a_domain() {
    assert_prefix(&refusal::<Shop>(|builder| builder.domain("example.com")), "__Host-", "no Domain");
}

#[test]
fn host_without_secure() {
    assert_prefix(&refusal::<Shop>(Manager::insecure_without_secure), "__Host-", "Secure");
}

#[test]
fn secure_without_secure() {
    assert_prefix(&refused!("__Secure-shop", Manager::insecure_without_secure), "__Secure-", "Secure");
}

#[test]
fn http_without_secure() {
    assert_prefix(&refused!("__Http-shop", Manager::insecure_without_secure), "__Http-", "Secure");
}

#[test]
fn http_without_http_only() {
    assert_prefix(&refused!("__Http-shop", Manager::insecure_without_http_only), "__Http-", "HttpOnly");
}

#[test]
fn host_http_without_secure() {
    assert_prefix(&refused!("__Host-Http-shop", Manager::insecure_without_secure), "__Host-Http-", "Secure");
}

#[test]
fn host_http_without_http_only() {
    assert_prefix(&refused!("__Host-Http-shop", Manager::insecure_without_http_only), "__Host-Http-", "HttpOnly");
}

#[test]
fn host_http_with_another_path() {
    assert_prefix(&refused!("__Host-Http-shop", |builder| builder.path("/a")), "__Host-Http-", "Path=/");
}

#[test]
fn host_http_with_a_domain() {
    assert_prefix(&refused!("__Host-Http-shop", |builder| builder.domain("a.b")), "__Host-Http-", "no Domain");
}

#[test]
fn what_a_prefix_does_not_forbid_is_allowed() {
    named!(Secure, "__Secure-shop");
    assert!(build::<Secure>(|b| b.path("/a").domain("example.com").insecure_without_http_only()).is_ok());
    named!(Http, "__Http-shop");
    assert!(build::<Http>(|b| b.path("/a").domain("example.com")).is_ok());
    named!(HostHttp, "__Host-Http-shop");
    assert!(build::<HostHttp>(|b| b.same_site(SameSite::None).partitioned()).is_ok());
    named!(Plain, "shop");
    assert!(build::<Plain>(|b| b.path("/a").insecure_without_secure().insecure_without_http_only()).is_ok());
    assert!(build::<Shop>(Manager::insecure_without_http_only).is_ok());
}

#[test]
fn same_site_none_without_secure() {
    let found = refused!("shop", |b| b.same_site(SameSite::None).insecure_without_secure());
    let expected = ConfigError::NeedsSecure { attribute: "SameSite=None" };
    assert_refused(&found, &expected, "SameSite=None needs Secure", "keep Secure on, or drop SameSite=None");
}

#[test]
fn partitioned_without_secure() {
    let found = refused!("shop", |b| b.partitioned().insecure_without_secure());
    let expected = ConfigError::NeedsSecure { attribute: "Partitioned" };
    assert_refused(&found, &expected, "Partitioned needs Secure", "keep Secure on, or drop Partitioned");
    // The twin that would be removed needs it as well.
    let found = refused!("shop", |b| b.formerly_partitioned().insecure_without_secure());
    assert_refused(&found, &expected, "Partitioned needs Secure", "keep Secure on, or drop Partitioned");
}

#[test]
fn a_path_that_is_none() {
    let long = format!("/{}", "x".repeat(1024));
    for path in ["", "shop", "/a;b", "/a\r\nSet-Cookie: b=c", "/caf\u{e9}", &long] {
        let found = refused!("shop", |builder| builder.path(path));
        assert_refused(&found, &ConfigError::Path { path: path.to_owned() }, "path", "begin with /");
    }
}

#[test]
fn a_domain_that_is_none() {
    for domain in ["", ".example.com", "example.com.", "exa mple.com", "a.b;c", "-a.com", "127.0.0.1"] {
        let found = refused!("shop", |builder| builder.domain(domain));
        let expected = ConfigError::Domain { domain: domain.to_owned() };
        assert_refused(&found, &expected, "domain", "give a host name without a leading dot, or none");
    }
}

#[test]
fn a_domain_of_one_label_says_what_to_do() {
    for domain in ["localhost", "intranet", "com"] {
        let found = refused!("shop", |builder| builder.domain(domain));
        let expected = ConfigError::Domain { domain: domain.to_owned() };
        assert_refused(
            &found,
            &expected,
            "has one label",
            "give a name with a dot in it, or no domain for this host only",
        );
        let known = KnownCookie::named("old").domain(domain);
        let found = refused!("shop", |builder| builder.former_cookie(known, crate::common::at(100)));
        assert_refused(&found, &expected, "has one label", "give a name with a dot in it");
    }
}

#[test]
fn a_domain_beyond_ascii_says_how_to_write_it() {
    for domain in ["b\u{fc}cher.example", "\u{4f8b}\u{5b50}", "example.com\u{3002}"] {
        let found = refused!("shop", |builder| builder.domain(domain));
        let expected = ConfigError::Domain { domain: domain.to_owned() };
        assert_refused(&found, &expected, "write it in ASCII", "as punycode, such as xn--bcher-kva.example");
    }
}
