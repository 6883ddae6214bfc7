//! `promote` and `retire`: a key takes over sooner than planned, or is withdrawn before it seals.

use hardtack::{Keyring, RotationError};

use crate::planner::{
    common::{
        at,
        timed::{from_until, id, id_bytes, key, list, revoked, scheduled, second, shown, times},
    },
    rotated, started, too_early,
};

/// B came at 50, and is to seal from 5000 on.
fn planned() -> Keyring {
    started().rotate(key('B'), Some(at(5000)), at(50)).unwrap()
}

#[test]
fn a_key_takes_over_as_soon_as_every_node_has_it() {
    for (now, seal_from) in [(50, 1110), (1109, 1110), (1110, 1110), (1111, 1111), (4999, 4999)] {
        // Nodes that hear of it late seal under A until 5000.
        let a = times([0, 0], [Some(seal_from), Some(10_181)], None);
        let b = times([50, seal_from], [Some(seal_from + 100_000), Some(seal_from + 105_181)], None);
        assert_eq!(shown(&planned().promote(at(now)).unwrap()), [('A', a), ('B', b)], "{now}");
        assert_eq!(shown(&planned().retire(id('A'), at(now)).unwrap()), [('A', a), ('B', b)], "{now}");
    }
}

#[test]
fn a_key_cannot_take_over_sooner_than_every_node_has_it() {
    for now in [50, 1109] {
        assert_eq!(rotated().promote(at(now)).unwrap_err(), too_early('B', now, 1110), "{now}");
    }
    for now in [1110, 9999] {
        assert_eq!(rotated().promote(at(now)).unwrap_err(), RotationError::NothingPending, "{now}");
    }
    assert_eq!(started().promote(at(50)).unwrap_err(), RotationError::NothingPending);
    assert_eq!(list("AB").promote(at(50)).unwrap_err(), RotationError::NoSchedule);
}

#[test]
fn where_more_keys_wait_the_others_keep_their_times() {
    let b = times([3000, 5000], [Some(7000), Some(12_181)], None);
    let c = times([3000, 7000], [Some(9000), Some(14_181)], None);
    let ring = scheduled(&[('A', from_until(0, 5000)), ('B', b), ('C', c)]).promote(at(4000)).unwrap();
    let a = times([-2000, 0], [Some(4060), Some(10_181)], None);
    let b = times([3000, 4060], [Some(7000), Some(12_181)], None);
    assert_eq!(shown(&ring), [('A', a), ('B', b), ('C', c)]);
}

#[test]
fn a_key_that_waits_is_withdrawn_if_the_last_node_hears_of_it_in_time() {
    let a = times([0, 0], [Some(5000), Some(10_181)], None);
    // 5000 - 2 x (1000 + 60).
    assert_eq!(shown(&planned().retire(id('B'), at(2880)).unwrap()), [('A', a)]);
    let error = RotationError::TooLate { key: id_bytes('B'), seal_from: second(5000) };
    for now in [2881, 3940, 4999] {
        assert_eq!(planned().retire(id('B'), at(now)).unwrap_err(), error, "{now}");
    }
}

#[test]
fn the_last_node_that_hears_of_a_withdrawal_still_takes_it() {
    let withdrawn = planned().retire(id('B'), at(2880)).unwrap();
    assert_eq!(planned().check_step(&withdrawn, at(2880 + 1060)), Ok(()));
    assert!(planned().check_step(&withdrawn, at(2880 + 1061)).is_err());
}

#[test]
fn what_does_not_seal_cannot_be_retired() {
    let error = |ring: Keyring, letter, now| ring.retire(id(letter), at(now)).unwrap_err();
    assert_eq!(error(rotated(), 'A', 1110), RotationError::NotSealing { key: id_bytes('A') });
    assert_eq!(error(rotated(), 'A', 9000), RotationError::NotSealing { key: id_bytes('A') });
    assert_eq!(error(rotated(), 'C', 1110), RotationError::NotInRing { key: id_bytes('C') });
    assert_eq!(error(rotated(), 'B', 1110), RotationError::NothingPending);
    let ring = scheduled(&[('A', revoked(from_until(0, 100), 90)), ('B', from_until(100, 200))]);
    assert_eq!(error(ring, 'A', 150), RotationError::NotSealing { key: id_bytes('A') });
    assert_eq!(error(list("AB"), 'A', 0), RotationError::NoSchedule);
    assert_eq!(error(list("AB"), 'B', 0), RotationError::NotSealing { key: id_bytes('B') });
}
