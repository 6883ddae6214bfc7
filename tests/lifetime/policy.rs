//! The policy: remembered or not, tightened, and as others have written it down.

use hardtack::{Policy, Refusal};
use time::Duration;

use crate::lifetime::{
    common::{
        NOW, pair,
        steps::{begun, carried, login, logins, logins_under, plain, remembered, written},
    },
    refusal,
};

#[test]
fn a_session_lasts_until_the_browser_closes_unless_it_is_remembered() {
    let manager = logins();
    for (remember, attributes) in [
        (false, "Path=/; Secure; HttpOnly; SameSite=Lax"),
        (true, "Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Lax"),
    ] {
        let session = manager.load([], crate::common::at(0));
        session.begin(login(7)).unwrap();
        session.remember(remember).unwrap();
        let set_cookie = written(&manager, &session, 0);
        assert_eq!(set_cookie.split_once("; ").unwrap().1, attributes);
        // So does what a later request is sent.
        let session = carried(&manager, pair(&set_cookie), 1000);
        session.update(|login| login.user = 8).unwrap();
        assert_eq!(written(&manager, &session, 1000).split_once("; ").unwrap().1, attributes);
    }
}

#[test]
fn max_age_is_the_time_until_the_token_expires() {
    let manager = logins();
    // Renewed every three and a half days; in the last week the end comes first.
    let mut cookie = remembered(&manager, login(7), 0);
    let mut max_ages = Vec::new();
    for day in [4, 8, 12, 16, 20, 24, 28] {
        let session = carried(&manager, &cookie, day * 86_400);
        assert!(session.get().is_some());
        let set_cookie = written(&manager, &session, day * 86_400);
        let (_, after) = set_cookie.split_once("; Max-Age=").unwrap();
        max_ages.push(after.split_once(';').unwrap().0.to_owned());
        pair(&set_cookie).clone_into(&mut cookie);
        if plain(&cookie).expires_at == NOW + 30 * 86_400 {
            break;
        }
    }
    assert_eq!(max_ages, ["604800", "604800", "604800", "604800", "604800", "518400"]);
}

#[test]
fn a_tightened_policy_acts_at_once_on_cookies_already_out() {
    let cookie = begun(&logins(), login(7), 0);
    let idle = logins_under(Policy::default().idle_timeout(Duration::seconds(100)));
    assert_eq!(refusal(&idle, &cookie, 99), None);
    assert_eq!(refusal(&idle, &cookie, 100), Some(Refusal::IdleTimeout));
    let absolute = Policy::default().idle_timeout(Duration::seconds(100)).absolute_timeout(Duration::seconds(200));
    let (renewed, absolute) = (carried(&logins(), &cookie, 0), logins_under(absolute));
    renewed.renew().unwrap();
    let renewed = written(&logins(), &renewed, 150);
    assert_eq!(refusal(&absolute, pair(&renewed), 199), None);
    assert_eq!(refusal(&absolute, pair(&renewed), 200), Some(Refusal::AbsoluteTimeout));
    // What the others, not tightened, make of it.
    assert_eq!(refusal(&logins(), pair(&renewed), 200), None);
}

#[test]
fn a_tightened_policy_acts_at_once_on_remembered_ones_too() {
    let cookie = remembered(&logins(), login(7), 0);
    let tight = logins_under(Policy::default().lifetimes(Duration::seconds(100), Duration::seconds(100)));
    assert_eq!(refusal(&tight, &cookie, 99), None);
    assert_eq!(refusal(&tight, &cookie, 100), Some(Refusal::AbsoluteTimeout));
    assert_eq!(refusal(&logins(), &cookie, 100), None);
}

#[test]
fn a_loosened_policy_revives_nothing() {
    let tight = logins_under(Policy::default().lifetimes(Duration::seconds(100), Duration::seconds(200)));
    let cookie = begun(&tight, login(7), 0);
    assert_eq!(refusal(&logins(), &cookie, 99), None);
    assert_eq!(refusal(&logins(), &cookie, 100), Some(Refusal::IdleTimeout));
    assert_eq!(refusal(&logins(), &cookie, 200), Some(Refusal::AbsoluteTimeout));
}

/// `[expires_at, ends_at]` of a session that begins at [`NOW`] under this policy, plain and remembered.
#[track_caller]
fn times(policy: &Policy) -> [[u64; 2]; 2] {
    let manager = logins_under(policy.clone());
    [begun(&manager, login(7), 0), remembered(&manager, login(7), 0)].map(|cookie| {
        let plain = plain(&cookie);
        [plain.expires_at - NOW, plain.ends_at - NOW]
    })
}

#[test]
fn the_default_is_half_an_hour_and_half_a_day_or_a_week_and_a_month() {
    assert_eq!(times(&Policy::default()), [[1800, 43_200], [604_800, 2_592_000]]);
}

#[test]
fn nist_aal1_is_thirty_days() {
    assert_eq!(times(&Policy::nist_aal1()), [[604_800, 2_592_000]; 2]);
}

#[test]
fn nist_aal2_is_twelve_hours_and_thirty_minutes_of_inactivity() {
    assert_eq!(times(&Policy::nist_aal2()), [[1800, 43_200]; 2]);
}

#[test]
fn nist_aal3_is_twelve_hours_and_fifteen_minutes_of_inactivity() {
    assert_eq!(times(&Policy::nist_aal3()), [[900, 43_200]; 2]);
}

#[test]
fn presets_are_held_to_on_cookies_already_out() {
    let cookie = remembered(&logins(), login(7), 0);
    let aal3 = logins_under(Policy::nist_aal3());
    assert_eq!(refusal(&aal3, &cookie, 899), None);
    assert_eq!(refusal(&aal3, &cookie, 900), Some(Refusal::IdleTimeout));
    assert_eq!(refusal(&aal3, &cookie, 43_200), Some(Refusal::AbsoluteTimeout));
}

#[test]
fn lifetimes_sets_one_pair_for_both() {
    let policy = Policy::default().lifetimes(Duration::seconds(61), Duration::seconds(99));
    assert_eq!(times(&policy), [[61, 99]; 2]);
}
