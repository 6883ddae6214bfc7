//! `hardtack keyring check`: all that is wrong with a ring, or with the step to it.

use hardtack::{Keyring, NextStep, RotationError};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    args::Check,
    file, given,
    outcome::{Failure, Outcome},
    times::shown,
    view,
};

#[derive(Serialize)]
struct View {
    file: String,
    problems: Vec<String>,
    ring: view::Ring,
}

pub(crate) fn run(arguments: &Check, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let target = &arguments.target;
    let now = target.now(clock)?;
    let ring = file::read_private(&target.file)?;
    let mut problems = ring.problems(now);
    if let Some(previous) = &arguments.previous {
        let step = file::read_private(previous)?.step_problems(&ring, now);
        let more: Vec<_> = step.into_iter().filter(|problem| !problems.contains(problem)).collect();
        problems.extend(more);
    }
    let problems: Vec<_> = problems.iter().map(RotationError::to_string).collect();
    let view = View { file: target.name(), problems: problems.clone(), ring: view::Ring::of(&ring, now) };
    let lines = || told(arguments, &ring, &problems, now);
    Ok(Outcome::of(target.format, lines, &view)?.with_code(u8::from(!problems.is_empty())))
}

fn told(arguments: &Check, ring: &Keyring, problems: &[String], now: OffsetDateTime) -> Vec<String> {
    let name = arguments.target.name();
    let verdict = match (problems, &arguments.previous) {
        ([], None) if ring.rotation_policy().is_none() => {
            "a list without times, which says nothing to check".to_owned()
        }
        ([], None) => "every session that is out is kept".to_owned(),
        ([], Some(previous)) => format!("nobody is logged out by the step from {} to it", given::path(previous)),
        ([_], _) => "1 problem".to_owned(),
        (problems, _) => format!("{} problems", problems.len()),
    };
    let listed = problems.iter().map(|problem| format!("  {problem}"));
    [format!("{name}: {verdict}")].into_iter().chain(listed).chain(notes(ring, now)).collect()
}

/// What is no problem of the ring, but may become one.
fn notes(ring: &Keyring, now: OffsetDateTime) -> Vec<String> {
    let overdue = ring.overdue_since(now).map(|since| {
        format!("  rotation is overdue since {}: the key goes on sealing until it is rotated", shown(since))
    });
    let steps = ring.next_steps(now);
    let distribute = steps.iter().find_map(|step| match step {
        NextStep::Distribute { by, .. } => Some(format!("  every node has to have it by {}", shown(*by))),
        _ => None,
    });
    let late = steps.iter().find_map(|step| match step {
        NextStep::TakesOver { key_id, at } => Some(format!(
            "  every node should have it by now: where it is missing at {}, sessions under {key_id} wait",
            shown(*at)
        )),
        _ => None,
    });
    overdue.into_iter().chain(distribute.or(late)).collect()
}
