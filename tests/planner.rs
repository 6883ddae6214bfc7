//! Which rings, and which steps from one to the next, keep every session that is out: allowed and refused at the exact second.

use crate::common;

#[path = "planner/import.rs"]
mod import;
#[path = "planner/late.rs"]
mod late;
#[path = "planner/plan.rs"]
mod plan;
#[path = "planner/promote.rs"]
mod promote;
#[path = "planner/prune.rs"]
mod prune;
#[cfg(properties)]
#[path = "planner/random.rs"]
mod random;
#[path = "planner/revoke.rs"]
mod revoke;
#[path = "planner/rings.rs"]
mod rings;
#[path = "planner/rotate.rs"]
mod rotate;
#[path = "planner/rules.rs"]
mod rules;
#[path = "planner/texts.rs"]
mod texts;

use common::{
    at,
    timed::{id_bytes, key, policy, second},
};
use hardtack::{Keyring, RotationError};

/// A, which came at `NOW` and seals from then on: until 100000, and opens until 105181.
fn started() -> Keyring {
    Keyring::start(policy(), key('A'), at(0)).unwrap()
}

/// A, and B, which came at 50 and seals from 1110 on.
fn rotated() -> Keyring {
    started().rotate(key('B'), None, at(50)).unwrap()
}

fn strands(letter: char, opens_until: Option<i64>, needed_until: i64) -> RotationError {
    RotationError::Strands {
        key: id_bytes(letter),
        opens_until: opens_until.map(second),
        needed_until: second(needed_until),
    }
}

fn too_early(letter: char, seal_from: i64, earliest: i64) -> RotationError {
    RotationError::TooEarly { key: id_bytes(letter), seal_from: second(seal_from), earliest: second(earliest) }
}
