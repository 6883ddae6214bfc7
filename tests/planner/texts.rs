//! Each refusal says which key, what would happen, and what to do.

use hardtack::{KeyError, RotationError};

use crate::planner::{
    common::timed::{id, id_bytes, second},
    strands, too_early,
};

#[test]
fn each_error_says_what_to_do() {
    let (key, a) = (id_bytes('A'), id('A'));
    for (error, text) in [
        (
            strands('A', Some(60), 3600),
            format!(
                "key {a} would open until 2027-01-15T08:01:00Z only, but cookies sealed under it are good until \
                 2027-01-15T09:00:00Z: set its open_until to that or later"
            ),
        ),
        (
            strands('A', None, 3600),
            format!(
                "key {a} is missing, but cookies sealed under it may be good until 2027-01-15T09:00:00Z: keep it in the ring \
                 until then, or revoke it if they are to end"
            ),
        ),
        (
            too_early('A', 60, 3600),
            format!(
                "key {a} would seal from 2027-01-15T08:01:00Z, before every node has it: from 2027-01-15T09:00:00Z on it may"
            ),
        ),
        (
            RotationError::Unannounced { key },
            format!(
                "key {a} would seal at once, and other nodes may not have it: put it behind the primary first, everywhere"
            ),
        ),
        (
            RotationError::Returns { key },
            format!("key {a} was revoked or had ceased to open, and would open again: make a new one"),
        ),
        (
            RotationError::Future { key, created: second(3600) },
            format!(
                "key {a} was created at 2027-01-15T09:00:00Z, which is yet to come: correct the clock of this machine, or the ring"
            ),
        ),
        (
            RotationError::AlreadyPending { key, seal_from: second(3600) },
            format!(
                "key {a} waits already, and seals from 2027-01-15T09:00:00Z: let it, promote it, or withdraw it with retire"
            ),
        ),
        (RotationError::NothingPending, "no key waits to take over: rotate first".to_owned()),
        (RotationError::NotInRing { key }, format!("key {a} is not in the ring")),
        (RotationError::NotSealing { key }, format!("key {a} seals no more: there is nothing to retire")),
        (
            RotationError::TooLate { key, seal_from: second(3600) },
            format!(
                "key {a} seals from 2027-01-15T09:00:00Z, too soon for every node to hear that it is withdrawn: let it take over, \
                 and rotate again; or revoke it"
            ),
        ),
        (RotationError::NothingToRevoke, "there is no such key that was not revoked already".to_owned()),
        (
            RotationError::NoSchedule,
            "these keys are a list without times: give them a schedule first (keyring init --import)".to_owned(),
        ),
        (RotationError::Key(KeyError::NothingSeals), "every key is revoked: add a new one".to_owned()),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_time_past_the_year_9999_is_written_as_a_number() {
    let error = RotationError::Future { key: id_bytes('A'), created: 1 << 39 };
    let text = format!(
        "key {} was created at unix 549755813888, which is yet to come: correct the clock of this machine, or the ring",
        id('A')
    );
    assert_eq!(error.to_string(), text);
}
