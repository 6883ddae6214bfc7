//! `with_schedule`: a list is given times, and nobody notices.

use hardtack::{KeyError, Keyring};
use time::Duration;

use crate::planner::{
    common::{
        at,
        timed::{key, list, policy, revoked, scheduled, second, shown, states, times},
    },
    rotated,
};

fn imported() -> Keyring {
    list("BAC").with_schedule(policy(), at(0)).unwrap()
}

#[test]
fn the_primary_seals_on_and_the_others_open_until_what_they_sealed_has_expired() {
    // Every node has this ring at 1060; what the others sealed until then is good for 5181 s.
    let other = |from| times([from, from], [Some(from + 1), Some(1060 + 5181)], None);
    let b = times([-2121, -2121], [Some(100_000), Some(105_181)], None);
    assert_eq!(shown(&imported()), [('C', other(-2123)), ('A', other(-2122)), ('B', b)]);
    for seconds in [-60, 0, 6240] {
        assert_eq!(states(&imported(), seconds), "C retiring, A retiring, B active", "{seconds}");
    }
    assert_eq!(states(&imported(), 6241), "C gone, A gone, B active");
    assert_eq!(imported().check(at(0)), Ok(()));
    assert_eq!(list("BAC").check_step(&imported(), at(0)), Ok(()));
}

#[test]
fn it_is_rotated_and_revoked_like_any() {
    let ring = imported().rotate(key('D'), None, at(10)).unwrap();
    assert_eq!(states(&ring, 1070), "C retiring, A retiring, B retiring, D active");
    let (ring, told) = imported().revoke_created_before(at(0), key('D'), at(10)).unwrap();
    assert_eq!(states(&ring, 10), "C revoked, A revoked, B revoked, D active");
    assert_eq!(told.revoked.len(), 3);
}

#[test]
fn a_list_of_one_key_and_one_of_32() {
    let b = times([-2121, -2121], [Some(100_000), Some(105_181)], None);
    assert_eq!(shown(&list("B").with_schedule(policy(), at(0)).unwrap()), [('B', b)]);
    let keys = (0..32).map(|place: u8| {
        let secret = [&[place][..], b"hirty-one bytes, and one before"].concat();
        hardtack::Key::from_secret(hardtack::Suite::Xaes256Gcm, &secret).unwrap()
    });
    let ring = Keyring::new(keys).unwrap();
    let primary = ring.primary(at(0));
    let ring = ring.with_schedule(policy(), at(0)).unwrap();
    assert_eq!((ring.primary(at(0)), ring.key_ids().count(), ring.check(at(0))), (primary, 32, Ok(())));
}

#[test]
fn a_ring_with_times_keeps_them_under_another_policy() {
    let longer = policy().token_life(Duration::seconds(6000));
    let ring = rotated().with_schedule(longer.clone(), at(5000)).unwrap();
    assert_eq!(shown(&ring), shown(&rotated()));
    assert_eq!(ring.rotation_policy(), Some(&longer));
    // What was revoked stays so.
    let keys = [('A', revoked(times([-2000, 0], [None; 2], None), 90)), ('B', times([-2000, 100], [None; 2], None))];
    let ring = scheduled(&keys).with_schedule(longer, at(5000)).unwrap();
    assert_eq!(shown(&ring), keys);
}

#[test]
fn a_clock_before_1970_and_a_policy_out_of_range_are_errors() {
    let long_ago = time::macros::datetime!(1969-01-01 00:00 UTC);
    let error = list("BAC").with_schedule(policy(), long_ago).unwrap_err();
    assert_eq!(error, KeyError::OutOfOrder { position: 2 });
    let error = list("B").with_schedule(policy().skew(Duration::seconds(301)), at(0)).unwrap_err();
    assert_eq!(error, KeyError::Policy { problem: "skew must be 0 to 300 seconds".to_owned() });
    assert_eq!(second(0), 1_800_000_000);
}
