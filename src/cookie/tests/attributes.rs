use crate::cookie::attributes::{Attributes, SameSite};
use crate::error::ConfigError;

/// The defaults under this name, with some of them changed.
fn with(name: &str, change: impl FnOnce(&mut Attributes)) -> Result<(), ConfigError> {
    let mut attributes = Attributes::new(name);
    change(&mut attributes);
    attributes.check()
}

fn name_only(name: &str) -> Result<(), ConfigError> {
    with(name, |_| ())
}

fn path(path: &str) -> Result<(), ConfigError> {
    with("sid", |a| a.identity.path = path.to_owned())
}

fn domain(domain: &str) -> Result<(), ConfigError> {
    with("sid", |a| a.identity.domain = Some(domain.to_owned()))
}

fn prefix(prefix: &'static str, requires: &'static str) -> Result<(), ConfigError> {
    Err(ConfigError::Prefix { prefix, requires })
}

#[track_caller]
fn assert_name_refused(name: &str) {
    assert_eq!(name_only(name), Err(ConfigError::CookieName { name: name.to_owned() }));
}

#[track_caller]
fn assert_case_refused(name: &str, prefix: &'static str) {
    assert_eq!(name_only(name), Err(ConfigError::PrefixCase { name: name.to_owned(), prefix }));
}

#[track_caller]
fn assert_path_refused(text: &str) {
    assert_eq!(path(text), Err(ConfigError::Path { path: text.to_owned() }));
}

#[track_caller]
fn assert_domain_refused(text: &str) {
    assert_eq!(domain(text), Err(ConfigError::Domain { domain: text.to_owned() }));
}

#[test]
fn the_defaults_are_safe_and_right_under_every_prefix() {
    for name in ["sid", "__Host-sid", "__Secure-sid", "__Http-sid", "__Host-Http-sid", "__Host-", "__Hos", "x__host-"] {
        let defaults = Attributes::new(name);
        assert_eq!(defaults.check(), Ok(()), "{name}");
        assert_eq!((defaults.identity.path.as_str(), defaults.identity.domain), ("/", None));
        assert_eq!((defaults.secure, defaults.http_only, defaults.identity.partitioned), (true, true, false));
        assert_eq!(defaults.same_site, SameSite::Lax);
    }
}

#[test]
fn names_of_one_to_64_token_characters_are_right() {
    assert_eq!(name_only("x"), Ok(()));
    assert_eq!(name_only(&"x".repeat(64)), Ok(()));
    assert_eq!(name_only("azAZ09!#$%&'*+-.^_`|~"), Ok(()));
}

#[test]
fn an_empty_name_is_refused() {
    assert_name_refused("");
}

#[test]
fn a_name_of_65_characters_is_refused() {
    assert_name_refused(&"x".repeat(65));
}

#[test]
fn a_name_with_any_other_ascii_character_is_refused() {
    for other in ('\0'..=' ').chain("\"(),/:;<=>?@[\\]{}\u{7f}".chars()) {
        assert_name_refused(&format!("s{other}d"));
    }
}

#[test]
fn a_name_beyond_ascii_is_refused() {
    assert_name_refused("s\u{ed}d");
}

#[test]
fn host_in_other_case_is_refused() {
    assert_case_refused("__host-sid", "__Host-");
}

#[test]
fn secure_in_other_case_is_refused() {
    assert_case_refused("__SECURE-sid", "__Secure-");
}

#[test]
fn http_in_other_case_is_refused() {
    assert_case_refused("__HTTP-sid", "__Http-");
}

#[test]
fn host_http_in_other_case_is_refused() {
    assert_case_refused("__hOST-hTTP-sid", "__Host-Http-");
}

#[test]
fn host_http_with_only_its_end_in_other_case_is_refused() {
    assert_case_refused("__Host-http-sid", "__Host-Http-");
}

#[test]
fn each_prefix_requires_secure() {
    for text in ["__Secure-", "__Host-", "__Http-", "__Host-Http-"] {
        assert_eq!(with(&format!("{text}sid"), |a| a.secure = false), prefix(text, "Secure"));
    }
}

#[test]
fn host_requires_the_root_path() {
    assert_eq!(with("__Host-sid", |a| a.identity.path = "/app".to_owned()), prefix("__Host-", "Path=/"));
}

#[test]
fn host_requires_no_domain() {
    assert_eq!(
        with("__Host-sid", |a| a.identity.domain = Some("a.example".to_owned())),
        prefix("__Host-", "no Domain")
    );
}

#[test]
fn http_requires_http_only() {
    assert_eq!(with("__Http-sid", |a| a.http_only = false), prefix("__Http-", "HttpOnly"));
}

#[test]
fn host_http_requires_http_only() {
    assert_eq!(with("__Host-Http-sid", |a| a.http_only = false), prefix("__Host-Http-", "HttpOnly"));
}

#[test]
fn host_http_requires_the_root_path() {
    assert_eq!(with("__Host-Http-sid", |a| a.identity.path = "/app".to_owned()), prefix("__Host-Http-", "Path=/"));
}

#[test]
fn host_http_requires_no_domain() {
    let found = with("__Host-Http-sid", |a| a.identity.domain = Some("a.example".to_owned()));
    assert_eq!(found, prefix("__Host-Http-", "no Domain"));
}

#[test]
fn what_a_prefix_leaves_open_is_right() {
    let elsewhere = |a: &mut Attributes| {
        a.identity.path = "/app".to_owned();
        a.identity.domain = Some("a.example".to_owned());
    };
    assert_eq!(with("__Secure-sid", elsewhere), Ok(()));
    assert_eq!(with("__Http-sid", elsewhere), Ok(()));
    assert_eq!(with("__Secure-sid", |a| a.http_only = false), Ok(()));
    assert_eq!(with("__Host-sid", |a| a.http_only = false), Ok(()));
    assert_eq!(with("sid", |a| (a.secure, a.http_only) = (false, false)), Ok(()));
}

#[test]
fn same_site_none_needs_secure() {
    let found = with("sid", |a| (a.secure, a.same_site) = (false, SameSite::None));
    assert_eq!(found, Err(ConfigError::NeedsSecure { attribute: "SameSite=None" }));
}

#[test]
fn partitioned_needs_secure() {
    let found = with("sid", |a| (a.secure, a.identity.partitioned) = (false, true));
    assert_eq!(found, Err(ConfigError::NeedsSecure { attribute: "Partitioned" }));
}

#[test]
fn with_secure_both_are_right() {
    assert_eq!(with("sid", |a| (a.same_site, a.identity.partitioned) = (SameSite::None, true)), Ok(()));
    assert_eq!(with("sid", |a| (a.secure, a.same_site) = (false, SameSite::Strict)), Ok(()));
}

#[test]
fn paths_of_up_to_1024_characters_are_right() {
    for text in ["/", "/app", "/app/", "/a b", "/~!:<=>\"\\,"] {
        assert_eq!(path(text), Ok(()), "{text}");
    }
    assert_eq!(path(&format!("/{}", "x".repeat(1023))), Ok(()));
}

#[test]
fn a_path_of_1025_characters_is_refused() {
    assert_path_refused(&format!("/{}", "x".repeat(1024)));
}

#[test]
fn an_empty_path_is_refused() {
    assert_path_refused("");
}

#[test]
fn a_path_without_a_slash_in_front_is_refused() {
    assert_path_refused("app");
    assert_path_refused(" /app");
}

#[test]
fn a_path_with_a_semicolon_is_refused() {
    assert_path_refused("/app; Domain=evil.example");
}

#[test]
fn a_path_with_a_control_character_is_refused() {
    for control in ('\0'..' ').chain(['\u{7f}']) {
        assert_path_refused(&format!("/app{control}x"));
    }
}

#[test]
fn a_path_beyond_ascii_is_refused() {
    assert_path_refused("/\u{e4}pp");
}

#[test]
fn host_names_of_up_to_253_characters_are_right() {
    for text in ["example.com", "a.b-c.EXAMPLE", "app.localhost", "xn--bcher-kva.example", "1.example"] {
        assert_eq!(domain(text), Ok(()), "{text}");
    }
    let longest = [&*"a".repeat(63), &*"b".repeat(63), &*"c".repeat(63), &*"d".repeat(61)].join(".");
    assert_eq!((longest.len(), domain(&longest)), (253, Ok(())));
}

#[test]
fn a_domain_of_254_characters_is_refused() {
    assert_domain_refused(&[&*"a".repeat(63), &*"b".repeat(63), &*"c".repeat(63), &*"d".repeat(62)].join("."));
}

#[test]
fn a_label_of_64_characters_is_refused() {
    assert_domain_refused(&format!("{}.example", "a".repeat(64)));
}

#[test]
fn an_empty_domain_is_refused() {
    assert_domain_refused("");
}

#[test]
fn a_domain_of_one_label_is_refused() {
    for label in ["localhost", "intranet", "com", "a", "xn--bcher-kva"] {
        assert_domain_refused(label);
    }
}

#[test]
fn a_leading_dot_is_refused() {
    assert_domain_refused(".example.com");
}

#[test]
fn a_trailing_dot_is_refused() {
    assert_domain_refused("example.com.");
}

#[test]
fn an_empty_label_is_refused() {
    assert_domain_refused("example..com");
}

#[test]
fn a_hyphen_at_either_end_of_a_label_is_refused() {
    assert_domain_refused("-a.example");
    assert_domain_refused("a-.example");
}

#[test]
fn a_domain_with_any_other_character_is_refused() {
    for other in ('\0'..=',').chain("/:;<=>?@[\\]^_`{|}~\u{7f}\u{fc}\u{3002}".chars()) {
        assert_domain_refused(&format!("a{other}b.example"));
    }
}

#[test]
fn same_site_is_lax_by_default() {
    assert_eq!(SameSite::default(), SameSite::Lax);
}
