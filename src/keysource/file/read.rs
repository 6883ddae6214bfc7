//! A keyring file as a ring.

use super::{
    document::{Document, FIELDS, SETTINGS, Table},
    fields::Problem,
};
use crate::{
    crypto::{key::Key, keyring::Keyring, rotation_policy::RotationPolicy, schedule::Schedule},
    error::{ConfigError, KeyError},
};

/// The one format there is.
const FORMAT: u64 = 1;
const MAX_KEYS: usize = 32;

/// # Errors
/// [`KeyError::Line`] for what stands on a line; [`KeyError::Empty`], [`KeyError::TooMany`], [`KeyError::NothingSeals`] for
/// the whole.
pub(in crate::keysource) fn read(text: &str) -> Result<Keyring, KeyError> {
    let document = Document::read(text)?;
    let on_its_line = |problem: Problem| document.error(problem.at, problem.problem);
    // What the format of a later version has, is not to be called a mistake.
    check_format(&document.ring).map_err(on_its_line)?;
    document.ring.check_names(unknown_setting).map_err(on_its_line)?;
    let policy = policy(&document.ring).map_err(on_its_line)?;
    check_count(&document)?;
    let keys = document.keys.iter().zip(1..).map(|(table, position)| key(table, position));
    let keys = keys.collect::<Result<Vec<_>, _>>().map_err(on_its_line)?;
    Keyring::scheduled(policy, keys).map_err(|error| placed(&document, error))
}

fn unknown_setting() -> String {
    format!("no setting of a ring, which are {}: correct or remove it", SETTINGS.join(", "))
}

fn unknown_field() -> String {
    format!(
        "no field of a key, which are {}: correct it, remove it, or put it before the first [[key]]",
        FIELDS.join(", ")
    )
}

fn check_format(ring: &Table<'_>) -> Result<(), Problem> {
    let field = ring.required("format", "1")?;
    match field.number()? {
        FORMAT => Ok(()),
        _ => {
            Err(field.problem("is not 1, the only one that this version knows: read it with the version that wrote it"))
        }
    }
}

fn policy(ring: &Table<'_>) -> Result<RotationPolicy, Problem> {
    let policy = RotationPolicy::default()
        .propagation_delay(ring.duration("propagation_delay", "\"1h\"")?)
        .skew(ring.duration("skew", "\"60s\"")?)
        .token_life(ring.duration("token_life", "\"7days\"")?)
        .seal_period(ring.duration("seal_period", "\"90days\"")?);
    match policy.check() {
        Err(ConfigError::Timeout { setting, requires }) => {
            let at = ring.field(setting).map_or(ring.at, |field| field.at);
            Err(Problem::new(at, format!("{setting} {requires}")))
        }
        _ => Ok(policy),
    }
}

/// The number of keys, which tells a file that was cut off between two of them.
fn check_count(document: &Document<'_>) -> Result<(), KeyError> {
    let count = document.keys.len();
    if count > MAX_KEYS {
        return Err(KeyError::TooMany { count });
    }
    let Some(field) = document.ring.field("keys") else { return Ok(()) };
    let problem = match field.number() {
        Ok(stated) if stated == count as u64 => return Ok(()),
        Ok(stated) => field
            .problem(&format!("says {stated}, but there are {count}: get the whole file again, or correct the number")),
        Err(problem) => problem,
    };
    Err(document.error(problem.at, problem.problem))
}

fn key(table: &Table<'_>, position: usize) -> Result<(Key, Schedule), Problem> {
    table.check_names(unknown_field)?;
    let field = table.required("key", "\"htk1_...\", as hardtack key generate prints it")?;
    let key = Key::parse_at(field.text()?, position).map_err(|error| Problem::new(field.at, error.to_string()))?;
    check_id(table, &key)?;
    let schedule = Schedule {
        created: table.time("created")?,
        seal_from: table.time("seal_from")?,
        seal_until: table.time_if_any("seal_until")?,
        open_until: table.time_if_any("open_until")?,
        revoked: table.time_if_any("revoked")?,
    };
    Ok((key, schedule))
}

/// An id beside a key is for people; one that is wrong would mislead them.
fn check_id(table: &Table<'_>, key: &Key) -> Result<(), Problem> {
    let Some(field) = table.field("id") else { return Ok(()) };
    let own = key.id().to_string();
    if field.text()? == own {
        return Ok(());
    }
    Err(field.problem(&format!("is not that of the key beside it, which is {own}: correct the one that is wrong")))
}

/// The error of a key, with the line on which its table begins.
fn placed(document: &Document<'_>, error: KeyError) -> KeyError {
    let position = match &error {
        KeyError::Contradiction { position, .. }
        | KeyError::OutOfOrder { position }
        | KeyError::Overlap { position }
        | KeyError::Duplicate { position }
        | KeyError::SameId { position } => *position,
        _ => return error,
    };
    let table = position.checked_sub(1).and_then(|index| document.keys.get(index));
    match table {
        Some(table) => document.error(table.at, error.to_string()),
        None => error,
    }
}
