//! What a change does, above all to people's sessions: told by every command that makes one.

use hardtack::{KeyId, KeyPlan, Keyring, NextStep, Revocation, RotationPolicy};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    args::Target,
    ended::Ended,
    explain,
    outcome::{Failure, Outcome},
    times::{shown, unix},
    view,
};

/// What was done, line by line.
#[derive(Default)]
pub(crate) struct Change {
    lines: Vec<String>,
    added: Vec<KeyId>,
    revoked: Vec<KeyId>,
    removed: Vec<KeyId>,
    /// Whether somebody is logged out by it.
    ends_sessions: bool,
    unchanged: bool,
}

/// The same for machines.
#[derive(Serialize)]
struct View<'a> {
    file: String,
    changed: bool,
    ends_sessions: bool,
    added: Vec<String>,
    revoked: Vec<String>,
    removed: Vec<String>,
    said: &'a [String],
    ring: view::Ring,
}

impl Change {
    pub(crate) fn begun(ring: &Keyring, imported: bool, now: OffsetDateTime) -> Self {
        let sealing = ring.primary(now);
        let lines = if imported {
            let others = ring.key_ids().filter(|id| *id != sealing);
            let others = others.map(|id| format!("{id} opens {}.", opens(ring, id, now)));
            let first = format!("{sealing} goes on sealing, as the first of the list.");
            let last = "Nobody is logged out: the keys are those of the list, with times.".to_owned();
            [first].into_iter().chain(others).chain([last]).collect()
        } else {
            let first = format!("{sealing} is a new key, and seals from now on.");
            vec![first, "Nobody is logged out. Bring the file to every node before it serves requests.".to_owned()]
        };
        Self { lines, added: ring.key_ids().collect(), ..Self::default() }
    }

    pub(crate) fn rotated(ring: &Keyring, id: KeyId, now: OffsetDateTime) -> Self {
        let mut lines = takes_over(ring, now);
        lines.insert(0, format!("{id} is a new key, and waits: until it seals, it only opens."));
        Self { lines, added: vec![id], ..Self::default() }
    }

    pub(crate) fn promoted(ring: &Keyring, now: OffsetDateTime) -> Self {
        Self { lines: takes_over(ring, now), ..Self::default() }
    }

    pub(crate) fn withdrawn(ring: &Keyring, id: KeyId, now: OffsetDateTime) -> Self {
        let by = shown(everywhere_by(ring, now));
        let lines = vec![
            format!("{id} is out of the ring again. {} goes on sealing.", ring.primary(now)),
            format!("Nobody is logged out, if every node has this file by {by}:"),
            "then it never seals.".to_owned(),
        ];
        Self { lines, removed: vec![id], ..Self::default() }
    }

    /// `plan` is that of the ring before.
    pub(crate) fn revoked(ring: &Keyring, plan: &[KeyPlan], revocation: &Revocation, now: OffsetDateTime) -> Self {
        let mut change = Self::default();
        let at = |id| ring.plan(now).iter().find(|key| key.key_id == id).and_then(|key| key.schedule.revoked);
        for key in plan.iter().filter(|key| revocation.revoked.iter().any(|(id, _)| *id == key.key_id)) {
            change.revoked.push(key.key_id);
            let Some((policy, at)) = ring.rotation_policy().zip(at(key.key_id)) else { continue };
            let ended = Ended::by(key, policy, at);
            change.ends_sessions |= ended.sessions;
            change.lines.extend(ended.lines);
        }
        if change.ends_sessions {
            change.lines.push("Sessions sealed anew under another key since then go on.".to_owned());
        }
        change.lines.extend(not_revoked(plan, &change.revoked));
        change.lines.push(format!("{} seals from now on.", revocation.seals));
        if let Some((id, at)) = revocation.added {
            change.added.push(id);
            change.lines.push(format!("{id} is a new key, and seals from {} on.", shown(at)));
        }
        if revocation.at_once {
            change
                .lines
                .push(format!("Some nodes may not have {} yet: bring them this file at once.", revocation.seals));
            change.lines.push("Until a node has it, sessions sealed on others wait there.".to_owned());
        }
        change
    }

    pub(crate) fn pruned(ring: &Keyring, pruned: &[KeyId], now: OffsetDateTime) -> Self {
        let next = ring.next_steps(now).into_iter().find_map(|step| match step {
            NextStep::Prune { key_id, from } => Some(format!(" {key_id} may go from {} on.", shown(from))),
            _ => None,
        });
        let line = match pruned {
            [] => format!("No key is to be removed now.{}", next.unwrap_or_default()),
            pruned => format!("Removed: {}.", list(pruned)),
        };
        let kept =
            (!pruned.is_empty()).then(|| "Nobody is logged out: no cookie of theirs is good any more.".to_owned());
        let lines = [line].into_iter().chain(kept).collect();
        Self { lines, removed: pruned.to_vec(), unchanged: pruned.is_empty(), ..Self::default() }
    }

    /// What `rotate --if-due` did.
    pub(crate) fn if_due(ring: &Keyring, added: Option<KeyId>, pruned: &[KeyId], now: OffsetDateTime) -> Self {
        let mut change = match added {
            Some(id) => Self::rotated(ring, id, now),
            None => Self { lines: vec!["No rotation is due.".to_owned()], ..Self::default() },
        };
        if !pruned.is_empty() {
            change.lines.push(format!("Removed: {}. No cookie of theirs is good any more.", list(pruned)));
        }
        change.unchanged = added.is_none() && pruned.is_empty();
        Self { removed: pruned.to_vec(), ..change }
    }

    pub(crate) fn left_to_another() -> Self {
        let line = "Another command is changing it: nothing was done here.".to_owned();
        Self { lines: vec![line], unchanged: true, ..Self::default() }
    }

    /// As text or as JSON, with what comes next.
    pub(crate) fn told(self, target: &Target, ring: &Keyring, now: OffsetDateTime) -> Result<Outcome, Failure> {
        let ids = |ids: &[KeyId]| ids.iter().map(KeyId::to_string).collect();
        let view = View {
            file: target.name(),
            changed: !self.unchanged,
            ends_sessions: self.ends_sessions,
            added: ids(&self.added),
            revoked: ids(&self.revoked),
            removed: ids(&self.removed),
            said: &self.lines,
            ring: view::Ring::of(ring, now),
        };
        let lines = || {
            let head = format!("{}: {}", target.name(), if self.unchanged { "left as it is" } else { "written" });
            let said = self.lines.iter().map(|line| format!("  {line}"));
            [head].into_iter().chain(said).chain(explain::next(ring, now)).collect()
        };
        let written = view.changed.then(|| target.name());
        Ok(Outcome::of(target.format, lines, &view)?.with_written(written))
    }
}

/// The key that waits takes over, and which one makes room.
fn takes_over(ring: &Keyring, now: OffsetDateTime) -> Vec<String> {
    let sealing = ring.primary(now);
    let waiting = ring.next_steps(now).into_iter().find_map(|step| match step {
        NextStep::TakesOver { key_id, at } => Some((key_id, at)),
        _ => None,
    });
    let Some((id, at)) = waiting else {
        return vec![format!("{sealing} seals from now on."), "Nobody is logged out.".to_owned()];
    };
    let by = shown(everywhere_by(ring, now));
    vec![
        format!("{id} seals from {} on.", shown(at)),
        format!("{sealing} seals until then, and opens {}.", opens(ring, sealing, now)),
        format!("Nobody is logged out, if every node has this file by {by}."),
    ]
}

/// Until when every node has to have a ring that is given out now.
fn everywhere_by(ring: &Keyring, now: OffsetDateTime) -> u64 {
    let delay = ring.rotation_policy().map_or(0, RotationPolicy::propagation_delay_seconds);
    unix(now).saturating_add(delay)
}

/// Until when a key opens.
fn opens(ring: &Keyring, id: KeyId, now: OffsetDateTime) -> String {
    let until = ring.plan(now).into_iter().find(|key| key.key_id == id).and_then(|key| key.schedule.open_until);
    until.map_or_else(|| "for as long as it is in the ring".to_owned(), |until| format!("until {}", shown(until)))
}

/// Who revokes keys because others know them, wants to know of every key that was left.
fn not_revoked(plan: &[KeyPlan], revoked: &[KeyId]) -> Option<String> {
    let left = plan.iter().filter(|key| key.schedule.revoked.is_none()).map(|key| key.key_id);
    let left: Vec<_> = left.filter(|id| !revoked.contains(id)).collect();
    (!left.is_empty()).then(|| format!("Not revoked: {}.", list(&left)))
}

fn list(ids: &[KeyId]) -> String {
    ids.iter().map(KeyId::to_string).collect::<Vec<_>>().join(", ")
}
