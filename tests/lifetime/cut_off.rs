//! The deployment's cut-off: everybody out, and in again.

use hardtack::{ConfigError, Context, Policy, Refusal, Sealer, SessionError, SessionManager};
use time::Duration;

use crate::lifetime::{
    common::{
        Hands, NOW, at, pair, ring,
        steps::{Login, begun, carried, login, logins, logins_under, plain, remembered, written},
    },
    refusal,
};

/// The bound of FORMAT.md, section 5, step 9, for a skew of 60 s.
const FURTHEST: i64 = 121;

fn too_far() -> ConfigError {
    ConfigError::Timeout {
        setting: "valid_after",
        requires: "must be at most 2 x skew + 1 s ahead of now, or new sessions are not valid yet: wait, or lower it",
    }
}

#[track_caller]
fn configured(cut_off: i64) -> Result<SessionManager<Login>, ConfigError> {
    let policy = Policy::default().valid_after(at(cut_off));
    SessionManager::builder(ring()).policy(policy).clock(Hands::default().clock()).build()
}

#[test]
fn there_is_none_at_first() {
    assert_eq!(logins().cut_off(), None);
    assert_eq!(configured(-5).unwrap().cut_off(), Some(at(-5)));
}

#[test]
fn end_all_ends_what_has_begun_until_now() {
    let manager = logins();
    let out = [begun(&manager, login(7), -1000), begun(&manager, login(7), 0), remembered(&manager, login(7), -86_400)];
    for cookie in &out {
        assert_eq!(refusal(&manager, cookie, 0), None);
    }
    assert_eq!(manager.end_all(at(0)), Ok(at(61)));
    assert_eq!(manager.cut_off(), Some(at(61)));
    for cookie in &out {
        assert_eq!(refusal(&manager, cookie, 0), Some(Refusal::Revoked));
        assert_eq!(refusal(&manager, cookie, 100), Some(Refusal::Revoked));
    }
}

#[test]
fn end_all_ends_what_has_begun_on_a_fast_node() {
    let (fast, slow) = (logins(), logins());
    // Its clock is ahead by the whole skew; the request before the cut-off is its last.
    let cookie = begun(&fast, login(7), 60);
    assert_eq!(refusal(&slow, &cookie, 0), None);
    slow.end_all(at(0)).unwrap();
    for seconds in [0, 60, 1000] {
        assert_eq!(refusal(&slow, &cookie, seconds), Some(Refusal::Revoked), "{seconds}");
    }
    fast.set_cut_off(at(61), at(60)).unwrap();
    assert_eq!(refusal(&fast, &cookie, 60), Some(Refusal::Revoked));
}

#[test]
fn end_all_lets_people_in_again_at_once() {
    let manager = logins();
    manager.end_all(at(0)).unwrap();
    let cookie = begun(&manager, login(7), 0);
    let sealed = plain(&cookie);
    assert_eq!((sealed.created_at, sealed.issued_at, sealed.ends_at), (NOW + 61, NOW + 61, NOW + 61 + 43_200));
    for seconds in [0, 1, 61, 1860] {
        assert_eq!(refusal(&manager, &cookie, seconds), None, "{seconds}");
    }
    assert_eq!(refusal(&manager, &cookie, 1861), Some(Refusal::IdleTimeout));
}

#[test]
fn end_all_twice_in_one_second_ends_what_began_in_between() {
    let manager = logins();
    assert_eq!(manager.end_all(at(0)), Ok(at(61)));
    let cookie = begun(&manager, login(7), 0);
    assert_eq!(refusal(&manager, &cookie, 0), None);
    assert_eq!(manager.end_all(at(0)), Ok(at(62)));
    assert_eq!(refusal(&manager, &cookie, 0), Some(Refusal::Revoked));
    let cookie = begun(&manager, login(7), 0);
    assert_eq!(refusal(&manager, &cookie, 0), None);
}

#[test]
fn repeated_without_a_pause_each_one_cuts_until_the_bound() {
    let manager = logins();
    let mut cookie = begun(&manager, login(7), 0);
    for cut_off in 61..=FURTHEST {
        assert_eq!(manager.end_all(at(0)), Ok(at(cut_off)));
        assert_eq!(refusal(&manager, &cookie, 0), Some(Refusal::Revoked), "{cut_off}");
        cookie = begun(&manager, login(7), 0);
        assert_eq!(refusal(&manager, &cookie, 0), None, "{cut_off}");
    }
    // Further ahead nobody could log in: the cut-off in force stays.
    assert_eq!(manager.end_all(at(0)), Err(too_far()));
    assert_eq!((manager.cut_off(), refusal(&manager, &cookie, 0)), (Some(at(FURTHEST)), None));
    // A second later there is room for one more.
    assert_eq!(manager.end_all(at(1)), Ok(at(FURTHEST + 1)));
    assert_eq!(refusal(&manager, &cookie, 1), Some(Refusal::Revoked));
    assert_eq!(manager.end_all(at(1)), Err(too_far()));
}

#[test]
fn the_next_cut_off_is_after_now_and_after_the_one_before() {
    let policy = Policy::default();
    assert_eq!(policy.next_cut_off(None, at(0)), at(61));
    for (previous, next) in [(-1000, 61), (0, 61), (60, 61), (61, 62), (62, 63), (FURTHEST, 122)] {
        assert_eq!(policy.next_cut_off(Some(at(previous)), at(0)), at(next), "{previous}");
    }
    assert_eq!(Policy::default().skew(Duration::ZERO).next_cut_off(None, at(0)), at(1));
    assert_eq!(Policy::default().skew(Duration::seconds(300)).next_cut_off(None, at(0)), at(301));
}

#[test]
fn a_cut_off_configured_too_far_ahead_is_refused() {
    assert_eq!(configured(FURTHEST + 1).err(), Some(too_far()));
    assert_eq!(configured(86_400).err(), Some(too_far()));
    // At the bound people can log in, and what they get opens.
    let manager = configured(FURTHEST).unwrap();
    let cookie = begun(&manager, login(7), 0);
    assert_eq!((plain(&cookie).created_at, refusal(&manager, &cookie, 0)), (NOW + 121, None));
    let (skew, cut_off) = (Duration::seconds(300), Policy::default().valid_after(at(601)));
    let build =
        |policy| SessionManager::<Login>::builder(ring()).policy(policy).clock(Hands::default().clock()).build();
    assert!(build(cut_off.clone().skew(skew)).is_ok());
    assert_eq!(build(cut_off.skew(Duration::seconds(299))).err(), Some(too_far()));
}

#[test]
fn a_cut_off_set_too_far_ahead_is_refused_and_the_one_in_force_stays() {
    let manager = logins();
    manager.set_cut_off(at(-10), at(0)).unwrap();
    assert_eq!(manager.set_cut_off(at(FURTHEST + 1), at(0)), Err(too_far()));
    assert_eq!(manager.cut_off(), Some(at(-10)));
    assert_eq!(manager.set_cut_off(at(FURTHEST), at(0)), Ok(()));
    assert_eq!(manager.cut_off(), Some(at(FURTHEST)));
}

#[test]
fn an_earlier_cut_off_brings_nobody_back() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    manager.set_cut_off(at(30), at(40)).unwrap();
    for earlier in [29, 0, -86_400, -1_800_000_000] {
        assert_eq!(manager.set_cut_off(at(earlier), at(40)), Ok(()));
        assert_eq!((manager.cut_off(), refusal(&manager, &cookie, 40)), (Some(at(30)), Some(Refusal::Revoked)));
    }
}

#[test]
fn a_cut_off_configured_cuts_to_the_second() {
    let cookies = [-11, -10, -9].map(|seconds| begun(&logins(), login(7), seconds));
    let manager = logins_under(Policy::default().valid_after(at(-10)));
    assert_eq!(cookies.map(|cookie| refusal(&manager, &cookie, 0)), [Some(Refusal::Revoked), None, None]);
}

#[test]
fn clones_of_a_manager_have_one_cut_off() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    manager.clone().end_all(at(0)).unwrap();
    assert_eq!(refusal(&manager, &cookie, 0), Some(Refusal::Revoked));
}

#[test]
fn a_renewal_carries_no_session_over_a_cut_off() {
    let manager = logins();
    let cookie = begun(&manager, login(7), 0);
    // Opened before the cut-off, written after it: what it is sent no longer opens.
    let session = carried(&manager, &cookie, 900);
    assert!(session.get().is_some());
    manager.end_all(at(900)).unwrap();
    let renewed = written(&manager, &session, 900);
    assert_eq!(refusal(&manager, pair(&renewed), 900), Some(Refusal::Revoked));
    // One that comes later has no session to prove its user again for.
    assert_eq!(carried(&manager, &cookie, 900).reauthenticate(), Err(SessionError::NoSession));
}

#[test]
fn a_sealer_has_a_cut_off_of_its_own() {
    let context = Context::cookie("session", "cut-off").unwrap();
    let sealer = Sealer::new(&ring(), &context, Policy::default()).unwrap();
    assert_eq!(sealer.cut_off(), None);
    assert_eq!(sealer.set_cut_off(at(FURTHEST + 1), at(0)), Err(too_far()));
    assert_eq!((sealer.set_cut_off(at(61), at(0)), sealer.cut_off()), (Ok(()), Some(at(61))));
    assert_eq!(sealer.begin(1, false, at(0)).unwrap().created_at(), at(61));
}
