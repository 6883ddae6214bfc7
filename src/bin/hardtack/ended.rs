//! Whose sessions end when a key is revoked.

use hardtack::{KeyPlan, KeyState, RotationPolicy};

use crate::times::shown;

/// A revoked key, and whether somebody is logged out by that.
pub(crate) struct Ended {
    pub(crate) sessions: bool,
    pub(crate) lines: Vec<String>,
}

impl Ended {
    /// `key` is as it was before, revoked at `now`.
    pub(crate) fn by(key: &KeyPlan, policy: &RotationPolicy, now: u64) -> Self {
        let furthest_clock = now.saturating_add(policy.skew_seconds());
        let known_everywhere = furthest_clock.saturating_add(policy.propagation_delay_seconds());
        let (sessions, lines) = match key.schedule.seal_from {
            _ if key.state == KeyState::Gone => (false, nobody(key, "No cookie of its was good any more")),
            from if from >= known_everywhere => (false, nobody(key, "It never sealed")),
            from if from > furthest_clock => (true, who_is_late(key)),
            _ => (true, everybody(key, now)),
        };
        Self { sessions, lines }
    }
}

fn nobody(key: &KeyPlan, why: &str) -> Vec<String> {
    vec![format!("{} is revoked. {why}: nobody is logged out by that.", key.key_id)]
}

/// It seals yet on nodes that hear of it too late, though within the propagation delay.
fn who_is_late(key: &KeyPlan) -> Vec<String> {
    let (id, from) = (key.key_id, shown(key.schedule.seal_from));
    vec![
        format!("{id} is revoked. From {from} on, nodes that do not have this file may still seal under it."),
        "Whose cookie they seal under it is logged out, on each node as soon as it has this file.".to_owned(),
    ]
}

fn everybody(key: &KeyPlan, now: u64) -> Vec<String> {
    let (id, from) = (key.key_id, key.schedule.seal_from);
    let until = key.stops_sealing.filter(|stop| *stop < now && key.state != KeyState::Active).unwrap_or(now);
    vec![
        // A node whose clock is ahead sealed before our clock shows `from`.
        format!("{id} is revoked. It sealed from {} to {}.", shown(from), shown(until.max(from))),
        "Everybody whose cookie was sealed last under it is logged out,".to_owned(),
        "on each node as soon as it has this file.".to_owned(),
    ]
}
