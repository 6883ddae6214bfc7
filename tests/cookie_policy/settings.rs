//! One test for each wrong setting that is no attribute.

use hardtack::{ConfigError, Policy, SealedValues, SessionData, SessionManager};
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::cookie_policy::{
    Shop, assert_refused, build,
    common::{at, ring},
    refusal,
};

const DAY: i64 = 86_400;

#[track_caller]
fn assert_policy(policy: Policy, setting: &'static str, requires: &'static str) {
    let found = refusal::<Shop>(|builder| builder.policy(policy));
    assert_refused(&found, &ConfigError::Timeout { setting, requires }, setting, requires);
}

#[track_caller]
fn assert_accepted(policy: Policy) {
    assert_eq!(build::<Shop>(|builder| builder.policy(policy)).err(), None);
}

fn policy() -> Policy {
    Policy::default()
}

fn seconds(seconds: i64) -> Duration {
    Duration::seconds(seconds)
}

const POSITIVE: &str = "must be at least one second";
const AT_MOST: &str = "must be at most 400 days";
const IN_ORDER: &str = "must not be longer than the absolute timeout: lower it or raise that";

#[test]
fn an_idle_timeout_of_nothing() {
    assert_policy(policy().idle_timeout(seconds(0)), "idle_timeout", POSITIVE);
    assert_policy(policy().idle_timeout(seconds(-1)), "idle_timeout", POSITIVE);
}

#[test]
fn an_idle_timeout_longer_than_the_absolute_one() {
    assert_policy(policy().idle_timeout(seconds(43_201)), "idle_timeout", IN_ORDER);
    assert_accepted(policy().idle_timeout(seconds(43_200)));
}

#[test]
fn an_absolute_timeout_of_nothing() {
    assert_policy(policy().absolute_timeout(seconds(0)), "absolute_timeout", POSITIVE);
}

#[test]
fn an_absolute_timeout_of_more_than_400_days() {
    assert_policy(policy().absolute_timeout(seconds(400 * DAY + 1)), "absolute_timeout", AT_MOST);
    assert_accepted(policy().absolute_timeout(seconds(400 * DAY)));
}

#[test]
fn a_remembered_idle_timeout_of_nothing() {
    assert_policy(policy().remembered_idle_timeout(seconds(0)), "remembered_idle_timeout", POSITIVE);
}

#[test]
fn a_remembered_idle_timeout_longer_than_the_absolute_one() {
    assert_policy(policy().remembered_idle_timeout(seconds(30 * DAY + 1)), "remembered_idle_timeout", IN_ORDER);
    assert_accepted(policy().remembered_idle_timeout(seconds(30 * DAY)));
}

#[test]
fn a_remembered_absolute_timeout_of_nothing() {
    assert_policy(policy().remembered_absolute_timeout(seconds(0)), "remembered_absolute_timeout", POSITIVE);
}

#[test]
fn a_remembered_absolute_timeout_of_more_than_400_days() {
    let long = policy().remembered_absolute_timeout(seconds(400 * DAY + 1));
    assert_policy(long, "remembered_absolute_timeout", AT_MOST);
}

#[test]
fn a_skew_of_more_than_five_minutes() {
    assert_policy(policy().skew(seconds(301)), "skew", "must be 0 to 300 seconds");
    assert_accepted(policy().skew(seconds(300)));
}

#[test]
fn a_skew_as_long_as_an_idle_timeout() {
    let requires = "must be less than every idle timeout: lower it or raise them";
    assert_policy(policy().skew(seconds(120)).idle_timeout(seconds(120)), "skew", requires);
    assert_policy(policy().skew(seconds(120)).remembered_idle_timeout(seconds(120)), "skew", requires);
    assert_accepted(policy().skew(seconds(119)).idle_timeout(seconds(120)));
}

#[test]
fn a_cut_off_too_far_ahead() {
    let requires = "must be at most 2 x skew + 1 s ahead of now, or new sessions are not valid yet: wait, or lower it";
    assert_policy(policy().valid_after(at(122)), "valid_after", requires);
    assert_accepted(policy().valid_after(at(121)));
}

#[test]
fn a_padding_block_of_nothing_or_of_more_than_a_kibibyte() {
    for block in [0, 1025, usize::MAX] {
        let found = refusal::<Shop>(|builder| builder.padding_block(block));
        assert_refused(&found, &ConfigError::PaddingBlock { block }, "padding block", "1 (none) to 1024");
    }
    for block in [1, 1024] {
        assert!(build::<Shop>(|builder| builder.padding_block(block)).is_ok());
    }
}

#[test]
fn a_purpose_of_256_bytes() {
    let found = refusal::<Shop>(|builder| builder.purpose(&"x".repeat(256)));
    assert_refused(&found, &ConfigError::Purpose { length: 256 }, "purpose of 256 bytes", "at most 255");
    // Bytes, not characters.
    let found = refusal::<Shop>(|builder| builder.purpose(&"\u{e9}".repeat(128)));
    assert_refused(&found, &ConfigError::Purpose { length: 256 }, "purpose of 256 bytes", "at most 255");
    assert!(build::<Shop>(|builder| builder.purpose(&"x".repeat(255))).is_ok());
}

#[derive(Serialize, Deserialize)]
struct Third;

impl SessionData for Third {
    const COOKIE: &'static str = "__Host-third";
    const SCHEMA: u16 = 3;
}

#[test]
fn a_schema_newer_than_the_types_own() {
    let found = SessionManager::<Third>::builder(ring()).write_schema(4).build().expect_err("refused");
    let expected = ConfigError::WriteSchema { schema: 4, own: 3 };
    assert_refused(&found, &expected, "write_schema 4", "raise SessionData::SCHEMA");
    assert!(build::<Third>(|builder| builder.write_schema(3)).is_ok());
}

#[test]
fn a_sign_in_address_that_cannot_stand_in_a_header() {
    for address in ["", "/log in", "/login\r\nSet-Cookie: a=b", "/anmelden/f\u{fc}r"] {
        let found = refusal::<Shop>(|builder| builder.sign_in_at(address));
        let expected = ConfigError::SignIn { address: address.to_owned() };
        assert_refused(&found, &expected, "sign-in address", "give a path such as /login, in ASCII");
    }
    for address in ["/login", "https://login.example/?from=shop"] {
        assert!(build::<Shop>(|builder| builder.sign_in_at(address)).is_ok());
    }
}

#[test]
fn a_kind_of_values_with_a_lifetime_out_of_range() {
    for lifetime in [seconds(0), seconds(-1), Duration::milliseconds(999), seconds(400 * DAY + 1), Duration::MAX] {
        let found = SealedValues::<u64>::new(&ring(), "shop/invitation", lifetime).expect_err("refused");
        let requires = "must be 1 second to 400 days";
        assert_refused(&found, &ConfigError::Timeout { setting: "lifetime", requires }, "lifetime", requires);
    }
}
