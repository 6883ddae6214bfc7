//! `plan`: when each key may seal, has to open, and may be destroyed.

use hardtack::{KeyPlan, KeyState};

use crate::planner::{
    common::{
        at,
        timed::{from, id, key, list, scheduled, second, shown},
    },
    rotated, started,
};

/// The four times of a plan that are worked out, counted from `NOW`.
fn worked_out(plan: &KeyPlan) -> (i64, [Option<i64>; 3]) {
    let seconds = |time: u64| i64::try_from(time).unwrap() - 1_800_000_000;
    let ends = [plan.stops_sealing, plan.must_open_until, plan.may_be_destroyed_from];
    (seconds(plan.may_seal_from), ends.map(|time| time.map(seconds)))
}

#[test]
fn in_the_middle_of_a_rotation() {
    let ring = rotated();
    let plan = ring.plan(at(60));
    assert_eq!(
        plan.iter().map(|key| (key.key_id, key.state)).collect::<Vec<_>>(),
        [(id('A'), KeyState::Active), (id('B'), KeyState::Pending)]
    );
    assert_eq!(
        plan.iter().map(|key| key.schedule).collect::<Vec<_>>(),
        shown(&ring).into_iter().map(|(_, schedule)| schedule).collect::<Vec<_>>()
    );
    assert_eq!(worked_out(&plan[0]), (1060, [Some(1110), Some(6231), Some(6351)]));
    // It opens 60 s longer than it must, and the slowest clock is 60 s behind.
    assert_eq!(worked_out(&plan[1]), (1110, [Some(101_110), Some(106_231), Some(106_351)]));
}

#[test]
fn a_key_without_an_end_has_none() {
    let plan = scheduled(&[('A', from(0))]).plan(at(60));
    assert_eq!(worked_out(&plan[0]), (-940, [None; 3]));
}

#[test]
fn a_revoked_key_need_not_open_and_is_kept_to_tell_its_cookies_by() {
    let (ring, _) = started().revoke(&[id('A')], key('B'), at(160)).unwrap();
    let plan = ring.plan(at(161));
    assert_eq!((plan[0].state, plan[0].schedule.revoked), (KeyState::Revoked, Some(second(160))));
    assert_eq!(worked_out(&plan[0]), (1060, [Some(160), None, Some(6401)]));
    assert_eq!(worked_out(&plan[1]), (1220, [Some(100_160), Some(105_281), Some(105_401)]));
}

#[test]
fn of_a_list_nothing_is_known() {
    assert_eq!(list("AB").plan(at(0)), []);
}
