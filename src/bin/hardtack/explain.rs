//! `hardtack keyring explain`: each key's life drawn, its dates, and what comes next.

use hardtack::{KeyPlan, KeyState, Keyring, NextStep};
use time::OffsetDateTime;

use crate::{
    args::Target,
    bars::{Axis, Phase, WIDTH},
    file,
    outcome::{Failure, Outcome},
    times::{shown, unix},
    view,
};

/// In front of the bars: a key id between spaces.
const INDENT: &str = "            ";
const LEGEND: &str = "  . waits, opens    # seals, opens    - opens    x revoked    blank: of no use";

pub(crate) fn run(target: &Target, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let now = target.now(clock)?;
    let ring = file::read_private(&target.file)?;
    Outcome::of(target.format, || told(&target.name(), &ring, now), &view::Ring::of(&ring, now))
}

fn told(name: &str, ring: &Keyring, now: OffsetDateTime) -> Vec<String> {
    let count = ring.key_ids().count();
    let mut lines = vec![format!("{name}: {count} key{}, at {}", if count == 1 { "" } else { "s" }, shown(unix(now)))];
    let plan = ring.plan(now);
    if plan.is_empty() {
        lines.extend(list(ring, now));
        return lines;
    }
    lines.push(String::new());
    lines.extend(drawing(&plan, unix(now)));
    lines.extend([String::new(), LEGEND.to_owned(), String::new()]);
    lines.extend(plan.iter().flat_map(|key| details(ring, key, unix(now))));
    lines.push(String::new());
    lines.extend(next(ring, now));
    let problems = ring.problems(now);
    lines.extend(problems.first().map(|_| "problems".to_owned()));
    lines.extend(problems.iter().map(|problem| format!("  {problem}")));
    lines
}

/// A list without times.
fn list(ring: &Keyring, now: OffsetDateTime) -> Vec<String> {
    let sealing = ring.primary(now);
    let key = |id| format!("  {id} {}", if id == sealing { "seals and opens" } else { "opens" });
    let hint = "A list without times: hardtack keyring init --import makes a keyring file of it.";
    ring.key_ids().map(key).chain([hint.to_owned()]).collect()
}

/// A bar for each key between two dates, and a mark for the present.
fn drawing(plan: &[KeyPlan], now: u64) -> Vec<String> {
    let times = plan.iter().flat_map(|key| {
        let Dates { seal_end, open_end, .. } = Dates::of(key, now);
        let last = key.schedule.revoked.and(key.may_be_destroyed_from);
        [Some(key.schedule.created), Some(seal_end), open_end, last, Some(now)].into_iter().flatten()
    });
    let axis = Axis::over(times.collect::<Vec<_>>().into_iter());
    let (start, end) = (date(axis.start()), date(axis.end()));
    let gap = usize::from(WIDTH).saturating_sub(start.len());
    let bars = plan.iter().map(|key| {
        let bar = axis.bar(&phases(key, now, axis.end()));
        format!("  {}  {bar}  {}", key.key_id, key.state.name())
    });
    let head = format!("{INDENT}{start}{end:>gap$}");
    [head].into_iter().chain(bars).chain([present(axis.column(now))]).collect()
}

/// The line below the bars.
fn present(column: usize) -> String {
    let before = column.min(usize::from(WIDTH).saturating_sub(1));
    match before.checked_sub("now ".len()) {
        Some(before) => format!("{INDENT}{:before$}now ^", ""),
        None => format!("{INDENT}{:before$}^ now", ""),
    }
}

/// Until when a key seals and opens, by the plan or as it turned out.
struct Dates {
    seal_end: u64,
    /// `None`: for as long as it is in the ring.
    open_end: Option<u64>,
}

impl Dates {
    fn of(key: &KeyPlan, now: u64) -> Self {
        let active = key.state == KeyState::Active;
        let planned = key.stops_sealing.unwrap_or(now);
        let seal_end = if active { planned.max(now) } else { planned };
        Self { seal_end, open_end: key.schedule.open_until }
    }
}

/// What is drawn of a key, what is short behind what is long.
fn phases(key: &KeyPlan, now: u64, end: u64) -> Vec<Phase> {
    let Dates { seal_end, open_end } = Dates::of(key, now);
    let revoked = key.schedule.revoked.unwrap_or(u64::MAX);
    let phase = |from: u64, until: u64, mark| Phase { from, until: until.min(revoked), mark };
    let gone = Phase { from: revoked, until: key.may_be_destroyed_from.unwrap_or(end), mark: 'x' };
    vec![
        phase(seal_end, open_end.unwrap_or(end), '-'),
        phase(key.schedule.seal_from, seal_end, '#'),
        phase(key.schedule.created, key.schedule.seal_from, '.'),
        gone,
    ]
}

fn date(seconds: u64) -> String {
    shown(seconds).chars().take(10).collect()
}

fn details(ring: &Keyring, key: &KeyPlan, now: u64) -> Vec<String> {
    let suite = ring.keys().find(|(each, _)| each.id() == key.key_id).map_or(0, |(each, _)| each.suite().number());
    let line = |name: &str, value: String| format!("  {name:<9}{value}");
    vec![
        format!("{}  suite {suite}, {}", key.key_id, key.state.name()),
        line("created", shown(key.schedule.created)),
        line("seals", format!("{} {}", shown(key.schedule.seal_from), sealing_end(key, now))),
        match key.schedule.revoked {
            Some(revoked) => line("revoked", shown(revoked)),
            None => line("opens", opening_end(key, now)),
        },
    ]
}

/// Whether a key seals on past the time at which it was to make room.
fn is_overdue(key: &KeyPlan, now: u64) -> bool {
    key.state == KeyState::Active && key.stops_sealing.is_some_and(|stop| stop <= now)
}

fn sealing_end(key: &KeyPlan, now: u64) -> String {
    match key.stops_sealing {
        Some(stop) if is_overdue(key, now) => format!("on; was to make room at {}", shown(stop)),
        Some(stop) => format!("to {}", shown(stop)),
        None => "until another does".to_owned(),
    }
}

fn opening_end(key: &KeyPlan, now: u64) -> String {
    let Some(until) = key.schedule.open_until else { return "for as long as it is in the ring".to_owned() };
    if is_overdue(key, now) {
        return "for as long as it seals, at least".to_owned();
    }
    let needed = key.must_open_until.map(|at| format!(", has to until {}", shown(at)));
    format!("to {}{}", shown(until), needed.unwrap_or_default())
}

/// What comes next, by date.
pub(crate) fn next(ring: &Keyring, now: OffsetDateTime) -> Vec<String> {
    let overdue = ring.overdue_since(now).map(|since| format!("  rotation is overdue since {}", shown(since)));
    let steps = ring.next_steps(now).into_iter().map(|step| format!("  {}", step_text(&step, unix(now))));
    ["next".to_owned()].into_iter().chain(overdue).chain(steps).collect()
}

fn step_text(step: &NextStep, now: u64) -> String {
    let when = |word: &str, at: u64| if at <= now { "now".to_owned() } else { format!("{word} {}", shown(at)) };
    match step {
        NextStep::Distribute { key_id, by } => {
            format!("{:<27}every node has this file, with {key_id}", when("by", *by))
        }
        NextStep::TakesOver { key_id, at } => format!("{:<27}{key_id} begins to seal, by itself", when("at", *at)),
        NextStep::Rotate { by, .. } => format!("{:<27}hardtack keyring rotate", when("by", *by)),
        NextStep::Prune { key_id, from } => {
            let is = if *from <= now { "is of no use now" } else { "is of no use then" };
            format!("{:<27}hardtack keyring prune: {key_id} {is}", when("from", *from))
        }
        other => when("at", other.due()),
    }
}
