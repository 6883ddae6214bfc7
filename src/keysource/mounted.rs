//! Secrets that the platform mounts: systemd's credentials, Docker's secrets.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::error::KeyError;

/// Where Docker and Podman mount secrets.
const RUN_SECRETS: &str = "/run/secrets";

/// The secret of this variable's name, in lower case or as it is; `None` if nobody mounted one.
///
/// # Errors
/// [`KeyError::SeveralFiles`] if there is more than one.
pub(super) fn secret_of(variable: &str) -> Result<Option<PathBuf>, KeyError> {
    let credentials = env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    secret_in(credentials.iter().map(PathBuf::as_path).chain([Path::new(RUN_SECRETS)]), variable)
}

pub(super) fn secret_in<'a>(
    directories: impl Iterator<Item = &'a Path>,
    variable: &str,
) -> Result<Option<PathBuf>, KeyError> {
    let names = [variable.to_ascii_lowercase(), variable.to_owned()];
    let paths = directories.flat_map(|directory| names.iter().map(|name| directory.join(name)));
    let mut found: Vec<PathBuf> = paths.filter(|path| path.exists()).collect();
    found.dedup();
    if found.len() > 1 {
        let paths = found.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
        return Err(KeyError::SeveralFiles { paths: paths.join(" and ") });
    }
    Ok(found.pop())
}
