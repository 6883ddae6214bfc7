//! Which cookies and purposes can be known besides the present ones. Each refusal says what to change.

use hardtack::{ConfigError, KnownCookie, SameSite};

use crate::cookie_policy::{Manager, Shop, assert_refused, build, common::at, named, refusal};

fn named_cookie(name: &str) -> KnownCookie {
    KnownCookie::named(name)
}

#[track_caller]
fn assert_known(configure: impl FnOnce(Manager<Shop>) -> Manager<Shop>, name: &str, problem: &str) {
    let found = refusal(configure);
    assert!(matches!(found, ConfigError::KnownCookie { .. }), "{found:?}");
    let text = found.to_string();
    assert!(text.starts_with(&format!("known cookie {name:?}: ")) && text.contains(problem), "{text}");
}

#[test]
fn a_known_cookie_that_is_the_present_one_is_refused() {
    let problem =
        "it is the present cookie, or is given twice; what is left unsaid is one host, Path=/ and no partition";
    assert_known(|builder| builder.also_known(named_cookie("__Host-shop")), "__Host-shop", problem);
    // Host names have no letter case.
    named!(Wide, "shop");
    let wide =
        |builder: Manager<Wide>| builder.domain("shop.example").also_known(named_cookie("shop").domain("Shop.Example"));
    assert!(refusal(wide).to_string().contains(problem));
}

#[test]
fn a_known_cookie_given_twice_is_refused() {
    let twice = |builder: Manager<Shop>| builder.also_known(named_cookie("old")).also_known(named_cookie("old"));
    assert_known(twice, "old", "is given twice");
    let with_another_path =
        |builder: Manager<Shop>| builder.also_known(named_cookie("old")).also_known(named_cookie("old").path("/app"));
    assert!(build(with_another_path).is_ok());
}

#[test]
fn one_name_has_one_date_and_one_owner() {
    let problem = "say the same of every cookie of one name";
    let app = || named_cookie("old").path("/app");
    let dates = |b: Manager<Shop>| b.former_cookie(named_cookie("old"), at(100)).former_cookie(app(), at(200));
    assert_known(dates, "old", problem);
    let roles = |b: Manager<Shop>| b.former_cookie(named_cookie("old"), at(100)).also_known(app());
    assert_known(roles, "old", problem);
    let owners =
        |b: Manager<Shop>| b.former_cookie(named_cookie("old"), at(100)).former_cookie(app().shared(), at(100));
    assert_known(owners, "old", problem);
    let same = |b: Manager<Shop>| b.former_cookie(named_cookie("old"), at(100)).former_cookie(app(), at(100));
    assert!(build(same).is_ok());
}

#[test]
fn a_former_cookie_of_the_present_name_takes_no_date() {
    named!(Plain, "shop");
    let dated = |b: Manager<Plain>| b.former_cookie(named_cookie("shop").domain("shop.example"), at(100));
    let text = refusal(dated).to_string();
    assert!(text.contains("takes no date") && text.contains("use also_known"), "{text}");
    let shared = |b: Manager<Plain>| b.also_known(named_cookie("shop").domain("shop.example").shared());
    assert!(refusal(shared).to_string().contains("a shared cookie needs a name of its own"));
    assert!(build::<Plain>(|b| b.also_known(named_cookie("shop").domain("shop.example"))).is_ok());
}

#[test]
fn more_than_four_other_cookies_are_refused() {
    let old = |n: u8| named_cookie(&format!("old-{n}"));
    let four = |b: Manager<Shop>| (1..=4).fold(b, |b, n| b.also_known(old(n)));
    assert!(build(four).is_ok());
    assert_known(|b| four(b).also_known(old(5)), "old-5", "at most four other cookies");
    // The twins count.
    assert_known(|b| four(b).partitioned(), "old-4", "at most four other cookies");
}

#[test]
fn a_known_cookie_that_browsers_would_not_keep_is_refused() {
    let found = refusal::<Shop>(|b| b.also_known(named_cookie("an old one")));
    let expected = ConfigError::CookieName { name: "an old one".to_owned() };
    assert_refused(&found, &expected, "cookie name \"an old one\"", "use 1 to 64 letters");
    let found = refusal::<Shop>(|b| b.also_known(named_cookie("__Host-old").path("/shop")));
    let expected = ConfigError::Prefix { prefix: "__Host-", requires: "Path=/" };
    assert_refused(&found, &expected, "a cookie name with __Host-", "change the attribute or the name");
    let found = refusal::<Shop>(|b| b.also_known(named_cookie("__host-old")));
    let expected = ConfigError::PrefixCase { name: "__host-old".to_owned(), prefix: "__Host-" };
    assert_refused(&found, &expected, "__host-old", "spell its prefix __Host-");
    let found = refusal::<Shop>(|b| b.also_known(named_cookie("old").partitioned().insecure_without_secure()));
    assert_eq!(found, ConfigError::NeedsSecure { attribute: "Partitioned" });
    let found = refusal::<Shop>(|b| b.former_cookie(named_cookie("old").domain(".example"), at(100)));
    assert_eq!(found, ConfigError::Domain { domain: ".example".to_owned() });
}

#[test]
fn a_purpose_known_twice_is_refused() {
    let refused = |purpose: &str| ConfigError::KnownPurpose { purpose: purpose.to_owned() };
    let found = refusal::<Shop>(|b| b.purpose("a").former_purpose("a", at(100)));
    assert_refused(&found, &refused("a"), "purpose \"a\"", "remove it from the list");
    let found = refusal::<Shop>(|b| b.also_known_purpose("a").former_purpose("a", at(100)));
    assert_eq!(found, refused("a"));
    // No purpose is a purpose.
    assert_eq!(refusal::<Shop>(|b| b.former_purpose("", at(100))), refused(""));
    assert_eq!(refusal::<Shop>(|b| b.also_known_purpose(&"x".repeat(256))), ConfigError::Purpose { length: 256 });
}

#[test]
fn a_name_at_run_time_is_held_to_the_rules_of_names() {
    for name in ["", "__Host-"] {
        let found = refusal::<Shop>(|b| b.cookie_name(name).insecure_plain_http());
        assert_eq!(found, ConfigError::CookieName { name: name.to_owned() });
    }
    for name in ["", "sitzung-\u{e4}", "a b", "a;b", &"x".repeat(65)] {
        let found = refusal::<Shop>(|b| b.cookie_name(name));
        let expected = ConfigError::CookieName { name: name.to_owned() };
        assert_refused(&found, &expected, "cookie name", "use 1 to 64 letters");
    }
    let found = refusal::<Shop>(|b| b.cookie_name("__Host-shop").domain("shop.example"));
    assert_eq!(found, ConfigError::Prefix { prefix: "__Host-", requires: "no Domain" });
    assert!(build::<Shop>(|b| b.cookie_name(&"x".repeat(64))).is_ok());
}

#[test]
fn plain_http_is_refused_with_what_needs_https() {
    let refused = |attribute| ConfigError::NeedsSecure { attribute };
    let found = refusal::<Shop>(|b| b.insecure_plain_http().same_site(SameSite::None));
    assert_eq!(found, refused("SameSite=None"));
    assert_eq!(refusal::<Shop>(|b| b.insecure_plain_http().partitioned()), refused("Partitioned"));
    assert_eq!(refusal::<Shop>(|b| b.insecure_plain_http().formerly_partitioned()), refused("Partitioned"));
    let known = |b: Manager<Shop>| b.insecure_plain_http().also_known(named_cookie("old"));
    assert_known(known, "old", "plain http cannot remove a cookie with Secure");
    let known = |b: Manager<Shop>| b.insecure_plain_http().also_known(named_cookie("old").insecure_without_secure());
    assert!(build(known).is_ok());
}
