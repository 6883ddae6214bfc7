//! `hardtack keyring check`: all that is wrong with a ring, or with the step to it.

use hardtack::{Keyring, RotationError};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    args::Check,
    file,
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
        ([], Some(previous)) => format!("nobody is logged out by the step from {} to it", previous.display()),
        ([_], _) => "1 problem".to_owned(),
        (problems, _) => format!("{} problems", problems.len()),
    };
    let overdue = ring.overdue_since(now).map(|since| {
        format!("  rotation is overdue since {}: the key goes on sealing until it is rotated", shown(since))
    });
    let listed = problems.iter().map(|problem| format!("  {problem}"));
    [format!("{name}: {verdict}")].into_iter().chain(listed).chain(overdue).collect()
}
