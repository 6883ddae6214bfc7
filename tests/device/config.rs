//! What `build` refuses.

use hardtack::{
    Builder, ConfigError, DeviceBound, Key, Keyring, Policy, RotationPolicy, SameSite, Schedule, tower::SessionLayer,
};
use time::Duration;

use crate::device::{common, site::Login};

type Layers = Builder<Login, SessionLayer<Login>>;

fn built(device: DeviceBound, more: impl FnOnce(Layers) -> Layers) -> Result<(), ConfigError> {
    more(SessionLayer::builder(common::ring()).device_bound(device)).build().map(drop)
}

fn is_refused(built: &Result<(), ConfigError>) -> bool {
    matches!(built, Err(ConfigError::DeviceBound { .. }))
}

#[test]
fn a_cookie_that_browsers_cannot_bind_is_an_error() {
    let refused = |more: fn(Layers) -> Layers| is_refused(&built(DeviceBound::new(), more));
    assert!(refused(|layer| layer.cookie_name("login").insecure_without_secure()));
    assert!(refused(|layer| layer.cookie_name("login").domain("shop.example")));
    assert!(refused(|layer| layer.cookie_name("login").path("/app")));
    assert!(refused(|layer| layer.same_site(SameSite::None)));
    assert!(refused(|layer| layer.same_site(SameSite::None).partitioned()));
    assert!(refused(Builder::insecure_plain_http));
    assert!(refused(Builder::insecure_development_over_http));
    assert!(built(DeviceBound::new(), |layer| layer).is_ok());
    assert!(built(DeviceBound::new(), |layer| layer.same_site(SameSite::Strict)).is_ok());
    assert!(built(DeviceBound::new(), |layer| layer.cookie_name("login")).is_ok());
}

#[test]
fn a_proof_lasts_five_minutes_to_an_hour() {
    let lasting = |seconds: i64| built(DeviceBound::new().proof_lifetime(Duration::seconds(seconds)), |layer| layer);
    assert!(is_refused(&lasting(-1)) && is_refused(&lasting(299)) && is_refused(&lasting(3601)));
    assert!(lasting(300).is_ok() && lasting(3600).is_ok());
}

#[test]
fn challenges_do_not_outlive_the_keys_that_open_them() {
    let with_life = |seconds: i64| {
        let policy = RotationPolicy::default().token_life(Duration::seconds(seconds));
        let keyring = Keyring::scheduled(policy, [(Key::generate().unwrap(), Schedule::new(0, 0))]).unwrap();
        let device = DeviceBound::new().proof_lifetime(Duration::minutes(20));
        let policy = Policy::default().lifetimes(Duration::minutes(30), Duration::minutes(30));
        SessionLayer::<Login>::builder(keyring).policy(policy).device_bound(device).build().map(drop)
    };
    assert!(is_refused(&with_life(2399)));
    assert_eq!(with_life(2400), Ok(()));
}

#[test]
fn paths_are_absolute_and_plain() {
    for path in ["", "/", "device", "/a/", "//a", "/a?b", "/a\"b", "/a b", "/ä", "/a;b", "/a%2f", "https://a/b"] {
        assert!(is_refused(&built(DeviceBound::new().at(path), |layer| layer)), "{path}");
        assert!(is_refused(&built(DeviceBound::new().leave_out(path), |layer| layer)), "{path}");
    }
    assert!(built(DeviceBound::new().at("/a/b-c_d.e~f").leave_out("/static"), |layer| layer).is_ok());
}

#[test]
fn the_proof_has_a_name_of_its_own() {
    assert!(is_refused(&built(DeviceBound::new().proof_cookie("__Host-login"), |layer| layer)));
    assert!(matches!(
        built(DeviceBound::new().proof_cookie("a b"), |layer| layer),
        Err(ConfigError::CookieName { .. })
    ));
    assert!(built(DeviceBound::new().proof_cookie("__Host-proof"), |layer| layer).is_ok());
}
