//! A service does not start with a ring by which people would be logged out.

use hardtack::{ConfigError, Keyring, Policy, RotationError};
use time::Duration;

use crate::replace::{
    builder,
    common::timed::{from, from_until, id, id_bytes, list, revoked, scheduled, second, sessions, times},
    rotated,
};

/// Why a service does not start with this ring at `NOW`.
#[track_caller]
fn error(ring: Keyring) -> ConfigError {
    builder(ring).build().unwrap_err()
}

#[test]
fn a_key_that_opens_too_shortly() {
    let ring = |open| scheduled(&[('A', times([-2000, 0], [Some(100), Some(open)], None)), ('B', from(100))]);
    let strands = |until: i64| RotationError::Strands {
        key: id_bytes('A'),
        opens_until: Some(second(until)),
        needed_until: second(5221),
    };
    assert_eq!(error(ring(5220)), ConfigError::Rotation(strands(5220)));
    assert_eq!(
        error(ring(5220)).to_string(),
        format!(
            "key {} would open until 2027-01-15T09:27:00Z only, but cookies sealed under it are good until \
             2027-01-15T09:27:01Z: set its open_until to that or later",
            id('A')
        )
    );
    assert!(builder(ring(5221)).build().is_ok());
}

#[test]
fn a_key_that_seals_too_early() {
    let ring = |seal_from| scheduled(&[('A', from(-5000)), ('B', times([0, seal_from], [None; 2], None))]);
    let early = RotationError::TooEarly { key: id_bytes('B'), seal_from: second(1059), earliest: second(1060) };
    assert_eq!(error(ring(1059)), ConfigError::Rotation(early));
    assert!(builder(ring(1060)).build().is_ok());
}

#[test]
fn a_key_that_is_yet_to_come() {
    let ring = |created| scheduled(&[('A', times([created, created], [None; 2], None))]);
    let future = RotationError::Future { key: id_bytes('A'), created: second(62) };
    assert_eq!(error(ring(62)), ConfigError::Rotation(future));
    assert!(builder(ring(61)).build().is_ok());
}

#[test]
fn a_ring_made_for_shorter_sessions() {
    let longer = Policy::default().lifetimes(Duration::seconds(5061), Duration::hours(12));
    assert!(builder(rotated()).policy(longer.clone().skew(Duration::seconds(60))).build().is_err());
    // Rings have the skew to spare.
    let longer = longer.lifetimes(Duration::seconds(5060), Duration::hours(12));
    assert!(builder(rotated()).policy(longer).build().is_ok());
    assert!(builder(rotated()).policy(sessions().skew(Duration::seconds(120))).build().is_err());
}

#[test]
fn what_stopped_sealing_before_is_as_it_is() {
    // Nobody can mend it now, and what the others seal is safe.
    let ring = scheduled(&[('A', times([-9000, -8000], [Some(0), Some(10)], None)), ('B', from(0))]);
    assert!(builder(ring).build().is_ok());
}

#[test]
fn an_emergency_does_not_keep_a_service_from_starting() {
    let at_once = times([0, 0], [None; 2], None);
    assert!(builder(scheduled(&[('A', revoked(from_until(-5000, 5000), 0)), ('B', at_once)])).build().is_ok());
    let retiring = from_until(-9000, -5000);
    let ring = scheduled(&[('A', retiring), ('B', revoked(from_until(-5000, 5000), 0)), ('C', at_once)]);
    assert!(builder(ring).build().is_ok());
}

#[test]
fn a_list_says_nothing_that_could_be_wrong() {
    assert!(builder(list("ABC")).build().is_ok());
}
