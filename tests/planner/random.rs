//! Any steps in any order at any time: what comes out is right, and every node takes it, whenever it hears of it.

use hardtack::{Key, KeyState, Keyring, RotationError, Suite};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use time::{Duration, OffsetDateTime};

use crate::planner::{
    common::{
        at,
        timed::{again, policy},
    },
    started,
};

/// The key of this number.
fn numbered(number: usize) -> Key {
    let secret = [&u64::try_from(number).unwrap().to_be_bytes()[..], b"four and twenty others:)"].concat();
    Key::from_secret(Suite::Xaes256Gcm, &secret).unwrap()
}

/// What an operator may do, with a number to choose by.
#[derive(Clone, Copy, Debug)]
enum Step {
    Rotate,
    RotateAt(i64),
    Promote,
    Retire(usize),
    Revoke(usize),
    RevokeActive,
    RevokeCreatedBefore(i64),
    Prune,
    NewPolicy(i64),
}

impl Step {
    fn new(kind: u8, number: u16) -> Self {
        let seconds = i64::from(number % 8000);
        match kind {
            0..4 => Self::Rotate,
            4 => Self::RotateAt(seconds),
            5 => Self::Promote,
            6 => Self::Retire(number.into()),
            7 => Self::Revoke(number.into()),
            8 => Self::RevokeActive,
            9 => Self::RevokeCreatedBefore(seconds),
            10 => Self::NewPolicy(seconds),
            _ => Self::Prune,
        }
    }

    fn take(self, ring: &Keyring, new: Key, now: OffsetDateTime) -> Result<Keyring, RotationError> {
        let any = |number: usize| ring.key_ids().nth(number % ring.key_ids().count()).unwrap();
        let ring_of = again(ring);
        match self {
            Self::Rotate => ring_of.rotate(new, None, now),
            Self::RotateAt(seconds) => ring_of.rotate(new, Some(now + Duration::seconds(seconds)), now),
            Self::Promote => ring_of.promote(now),
            Self::Retire(number) => ring_of.retire(any(number), now),
            Self::Revoke(number) => ring_of.revoke(&[any(number)], new, now).map(|(ring, _)| ring),
            Self::RevokeActive => ring_of.revoke(&[ring.primary(now)], new, now).map(|(ring, _)| ring),
            Self::RevokeCreatedBefore(seconds) => {
                ring_of.revoke_created_before(now - Duration::seconds(seconds), new, now).map(|(ring, _)| ring)
            }
            Self::Prune => ring_of.prune(now).map(|(ring, _)| ring),
            // Another period changes nothing that is out.
            Self::NewPolicy(seconds) => {
                Ok(ring_of.with_schedule(policy().seal_period(Duration::seconds(1 + seconds)), now)?)
            }
        }
    }
}

/// Refusals that say that it is not the time for it. Others would be faults.
fn is_ordinary(error: &RotationError) -> bool {
    matches!(
        error,
        RotationError::AlreadyPending { .. }
            | RotationError::NothingPending
            | RotationError::NothingToRevoke
            | RotationError::NotSealing { .. }
            | RotationError::TooEarly { .. }
            | RotationError::TooLate { .. }
            | RotationError::Key(hardtack::KeyError::TooMany { .. })
    )
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_comes_out_is_right_and_every_node_takes_it(
        steps in proptest::collection::vec(
            (0_u8..14, proptest::prelude::any::<u16>(), 0_u8..4, 0_i64..3_000_000, 0_i64..=60_000),
            1..40,
        ),
    ) {
        // The slowest clock of all; the operator's is up to 60 s ahead of it, and not always the same.
        let (mut ring, mut slowest, mut taken) = (started(), at(0), 0);
        for (number, (kind, choice, pause, milliseconds, ahead)) in steps.into_iter().enumerate() {
            // Often at once, or within a second.
            slowest += match pause {
                0 => Duration::ZERO,
                1 => Duration::milliseconds(milliseconds % 1000),
                _ => Duration::milliseconds(milliseconds),
            };
            let (step, now) = (Step::new(kind, choice), slowest + Duration::milliseconds(ahead));
            match step.take(&ring, numbered(number), now) {
                Ok(next) => {
                    taken += 1;
                    prop_assert_eq!(next.check(now), Ok(()), "{:?}", step);
                    for seconds in [0, 1, 30, 59, 60, 61, 500, 1000, 1059, 1060] {
                        let heard = slowest + Duration::seconds(seconds);
                        prop_assert_eq!(ring.check_step(&next, heard), Ok(()), "{:?} after {} s", step, seconds);
                        let active = next.key_ids().filter(|id| next.state(*id, heard) == Some(KeyState::Active));
                        prop_assert_eq!(active.collect::<Vec<_>>(), vec![next.primary(heard)], "{:?}", step);
                    }
                    ring = next;
                }
                Err(error) => prop_assert!(is_ordinary(&error), "{:?}: {:?}", step, error),
            }
        }
        prop_assert!(taken > 0 || ring.key_ids().count() == 1);
    }
}
