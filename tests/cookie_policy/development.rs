//! Plain http for development. Refused in release builds: `scripts/test`, and so CI, runs these tests once in a release
//! build as well, where the other half of each counts.

use hardtack::ConfigError;

use crate::cookie_policy::{
    Manager, Shop, assert_refused, build,
    common::{
        Plain, SECRET, at, pair,
        steps::{begun, carried, written},
        value,
    },
    named, refusal,
};

#[test]
fn development_leaves_out_secure_and_the_prefix_and_is_refused_in_release_builds() {
    if !cfg!(debug_assertions) {
        let found = refusal::<Shop>(Manager::insecure_development_over_http);
        let setting = "insecure_development_over_http";
        let expected = ConfigError::DevelopmentOnly { setting };
        return assert_refused(&found, &expected, setting, "serve https, and remove it");
    }
    let manager = build::<Shop>(Manager::insecure_development_over_http).unwrap();
    let session = manager.load([], at(0));
    session.begin(Shop(vec![1])).unwrap();
    let set_cookie = written(&manager, &session, 0);
    let (pair, attributes) = set_cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax");
    let (name, token) = pair.split_once('=').unwrap();
    assert_eq!((name, Plain::open(token, &SECRET, "shop", "").data()), ("shop", vec![1, 1]));
    // And what it writes, it reads.
    assert_eq!(carried(&manager, pair, 0).get().as_deref(), Some(&Shop(vec![1])));
}

#[test]
fn development_leaves_out_each_prefix() {
    named!(Bare, "shop");
    named!(Secure, "__Secure-shop");
    named!(Http, "__Http-shop");
    named!(HostHttp, "__Host-Http-shop");
    macro_rules! name {
        ($type:ident) => {
            build::<$type>(Manager::insecure_development_over_http).map(|manager| {
                let cookie = begun(&manager, $type(vec![]), 0);
                cookie.split('=').next().unwrap().to_owned()
            })
        };
    }
    for name in [name!(Bare), name!(Secure), name!(Http), name!(HostHttp), name!(Shop)] {
        let setting = "insecure_development_over_http";
        let refused = Err(ConfigError::DevelopmentOnly { setting });
        assert_eq!(name, if cfg!(debug_assertions) { Ok("shop".to_owned()) } else { refused });
    }
}

#[test]
fn development_takes_former_names_as_they_are_configured() {
    let configure = |builder: Manager<Shop>| {
        builder
            .former_cookie(hardtack::KnownCookie::named("shop"), at(100))
            .former_cookie(hardtack::KnownCookie::named("__Host-old"), at(100))
            .insecure_development_over_http()
    };
    if !cfg!(debug_assertions) {
        let setting = "insecure_development_over_http";
        return assert_eq!(refusal(configure), ConfigError::DevelopmentOnly { setting });
    }
    // "shop" is what the present name is without its prefix; "__Host-old" loses its own.
    let manager = build(configure).unwrap();
    named!(Old, "old");
    let old = begun(&build::<Old>(Manager::insecure_without_secure).unwrap(), Old(vec![1]), 0);
    let session = carried(&manager, &old, 0);
    assert_eq!(session.get().as_deref(), Some(&Shop(vec![1])));
    session.cycle().unwrap();
    let set_cookies = manager.commit(&session, false, at(0)).unwrap();
    assert_eq!((set_cookies.len(), &*set_cookies[0]), (2, "old=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    assert!(pair(&set_cookies[1]).starts_with("shop=") && !value(&set_cookies[1]).is_empty());
}

#[test]
fn development_leaves_out_partitioned() {
    for switch in [Manager::partitioned, Manager::formerly_partitioned] {
        let built = build::<Shop>(|builder| switch(builder).insecure_development_over_http());
        if !cfg!(debug_assertions) {
            let setting = "insecure_development_over_http";
            assert_eq!(built.err(), Some(ConfigError::DevelopmentOnly { setting }));
            continue;
        }
        let manager = built.unwrap();
        let session = manager.load([], at(0));
        session.end();
        assert_eq!(written(&manager, &session, 0), "shop=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }
}

#[test]
fn without_development_a_manager_is_the_same_in_every_build() {
    let cookie = begun(&build::<Shop>(|builder| builder).unwrap(), Shop(vec![1]), 0);
    assert!(cookie.starts_with("__Host-shop="), "{cookie}");
}
