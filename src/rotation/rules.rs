//! The two rules that everything else follows from (FORMAT.md, section 6; docs/KEYS.md has the reasons).

use time::OffsetDateTime;

use crate::{
    clock::unix_seconds_up,
    crypto::{rotation_policy::RotationPolicy, schedule::Schedule},
};

/// When a step that is taken now counts as taken: at the next whole second, so that nodes have all of the delay to hear of it.
pub(super) fn taken_at(now: OffsetDateTime) -> u64 {
    unix_seconds_up(now)
}

/// From when a key that came into the ring at `created` may seal: every node has it by then, also by the clock of the node
/// that is furthest ahead.
pub(super) fn may_seal_from(policy: &RotationPolicy, created: u64) -> u64 {
    created.saturating_add(policy.propagation_delay_seconds()).saturating_add(policy.skew_seconds())
}

/// Until when a key that seals no more from `stop` on has to open: three times the skew cover a session that begins under repeated
/// cut-offs on a fast node and is renewed on a slow one (docs/KEYS.md).
pub(super) fn must_open_until(policy: &RotationPolicy, stop: u64) -> u64 {
    let skew = policy.skew_seconds().saturating_mul(3);
    stop.saturating_add(skew).saturating_add(1).saturating_add(policy.token_life_seconds())
}

/// How much less than that is let pass, for one minor release: rings of before went by twice the skew. Services tell of such keys
/// when they start.
pub(super) fn is_too_brief(policy: &RotationPolicy, opens_until: u64, needed_until: u64) -> bool {
    opens_until.saturating_add(policy.skew_seconds()) < needed_until
}

/// The times of a key that comes into the ring now and seals from then on.
pub(super) fn schedule(policy: &RotationPolicy, created: u64, seal_from: u64) -> Schedule {
    let mut schedule = Schedule::new(created, seal_from);
    until(policy, &mut schedule, seal_from.saturating_add(policy.seal_period_seconds()));
    schedule
}

/// Ends a key's sealing there, and its opening when the last of what it sealed has expired.
pub(super) fn until(policy: &RotationPolicy, schedule: &mut Schedule, stop: u64) {
    schedule.seal_until = Some(stop);
    schedule.open_until = Some(must_open_until(policy, stop));
}
