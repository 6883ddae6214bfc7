//! Keyring files, read with care.

use std::{
    fs::{File, Metadata},
    io,
    path::Path,
};

use hardtack::{KeyError, Keyring};

use crate::{given, outcome::Failure};

/// The ring in this file, or from this pipe, and what to say if others than the file's owner can read it.
pub(crate) fn read(path: &Path) -> Result<(Keyring, Option<String>), Failure> {
    let name = given::path(path);
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
    let ring = Keyring::from_reader(file, &name).map_err(|error| named(&name, &error))?;
    Ok((ring, open_to_others(&metadata, &name)))
}

/// As [`read`], but refused if it is no file, or others can read it.
pub(crate) fn read_private(path: &Path) -> Result<Keyring, Failure> {
    if !path.metadata().map_err(|error| unreadable(path, &error))?.is_file() {
        return Err(Failure::unusable(format!("{} is no file", given::path(path))));
    }
    match read(path)? {
        (_, Some(problem)) => Err(Failure::unusable(problem)),
        (ring, None) => Ok(ring),
    }
}

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::unusable(KeyError::File { path: given::path(path), kind: error.kind() })
}

/// Errors of lines and keys do not say of which file.
fn named(name: &str, error: &KeyError) -> Failure {
    match error {
        KeyError::File { .. } | KeyError::FileTooLong { .. } | KeyError::NotText { .. } => Failure::unusable(error),
        _ => Failure::unusable(format!("{name}: {error}")),
    }
}

#[cfg(unix)]
fn open_to_others(metadata: &Metadata, name: &str) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    (metadata.is_file() && mode & 0o077 != 0)
        .then(|| format!("{name} is open to others than its owner (mode {mode:04o}): chmod 600 {name}"))
}

#[cfg(not(unix))]
fn open_to_others(_: &Metadata, _: &str) -> Option<String> {
    None
}
