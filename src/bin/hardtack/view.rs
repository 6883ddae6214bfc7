//! A ring as machines see it. Times are unix seconds, ids hexadecimal, and nothing is secret.

use hardtack::{Key, KeyState, Keyring, NextStep, RotationError, RotationPolicy};
use serde::Serialize;
use time::OffsetDateTime;

use crate::times::unix;

#[derive(Serialize)]
pub(crate) struct Ring {
    now: u64,
    /// `None` for a list without times.
    policy: Option<PolicyView>,
    keys: Vec<KeyView>,
    overdue_since: Option<u64>,
    next: Vec<StepView>,
    problems: Vec<String>,
}

/// What rotations reckon with, in seconds.
#[derive(Serialize)]
struct PolicyView {
    propagation_delay: u64,
    skew: u64,
    token_life: u64,
    seal_period: u64,
}

#[derive(Serialize)]
struct KeyView {
    key_id: String,
    suite: u8,
    state: &'static str,
    times: Option<Times>,
}

#[derive(Serialize)]
struct Times {
    created: u64,
    may_seal_from: u64,
    seal_from: u64,
    seal_until: Option<u64>,
    stops_sealing: Option<u64>,
    must_open_until: Option<u64>,
    open_until: Option<u64>,
    may_be_destroyed_from: Option<u64>,
    revoked: Option<u64>,
}

#[derive(Serialize)]
struct StepView {
    step: &'static str,
    key_id: String,
    due: u64,
}

impl Ring {
    pub(crate) fn of(ring: &Keyring, now: OffsetDateTime) -> Self {
        Self {
            now: unix(now),
            policy: ring.rotation_policy().map(PolicyView::of),
            keys: keys(ring, now),
            overdue_since: ring.overdue_since(now),
            next: ring.next_steps(now).iter().map(StepView::of).collect(),
            problems: ring.problems(now).iter().map(RotationError::to_string).collect(),
        }
    }
}

impl PolicyView {
    fn of(policy: &RotationPolicy) -> Self {
        Self {
            propagation_delay: policy.propagation_delay_seconds(),
            skew: policy.skew_seconds(),
            token_life: policy.token_life_seconds(),
            seal_period: policy.seal_period_seconds(),
        }
    }
}

fn keys(ring: &Keyring, now: OffsetDateTime) -> Vec<KeyView> {
    let plan = ring.plan(now);
    let times = |id| {
        plan.iter().find(|key| key.key_id == id).map(|key| Times {
            created: key.schedule.created,
            may_seal_from: key.may_seal_from,
            seal_from: key.schedule.seal_from,
            seal_until: key.schedule.seal_until,
            stops_sealing: key.stops_sealing,
            must_open_until: key.must_open_until,
            open_until: key.schedule.open_until,
            may_be_destroyed_from: key.may_be_destroyed_from,
            revoked: key.schedule.revoked,
        })
    };
    let key = |key: &Key| KeyView {
        key_id: key.id().to_string(),
        suite: key.suite().number(),
        state: ring.state(key.id(), now).map_or("gone", KeyState::name),
        times: times(key.id()),
    };
    ring.keys().map(|(each, _)| key(each)).collect()
}

impl StepView {
    fn of(step: &NextStep) -> Self {
        let (name, key_id) = match step {
            NextStep::Distribute { key_id, .. } => ("distribute", key_id),
            NextStep::TakesOver { key_id, .. } => ("takes_over", key_id),
            NextStep::Rotate { key_id, .. } => ("rotate", key_id),
            NextStep::Prune { key_id, .. } => ("prune", key_id),
            // What a later version of the library adds, it names itself.
            _ => return Self { step: "other", key_id: String::new(), due: step.due() },
        };
        Self { step: name, key_id: key_id.to_string(), due: step.due() }
    }
}
