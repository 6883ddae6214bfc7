//! A ring from the environment, or from a file that the environment names.

use std::{env, ffi::OsString, fs::File, io::Read, path::Path};

use zeroize::Zeroizing;

use crate::{crypto::keyring::Keyring, error::KeyError};

/// A full ring of keys with a comment beside each stays far below this.
const MAX_FILE_LEN: u64 = 64 * 1024;

impl Keyring {
    /// The ring in this environment variable, such as `HARDTACK_KEYS`: keys separated by commas, the primary first. If it
    /// is not set, the ring in the file that `HARDTACK_KEYS_FILE` (the name with `_FILE`) names.
    ///
    /// # Errors
    /// [`KeyError`], which says what to do: neither or both are set, the file cannot be read, or a key is refused.
    pub fn from_env(variable: &str) -> Result<Self, KeyError> {
        let file_variable = format!("{variable}_FILE");
        match (env::var_os(variable), env::var_os(&file_variable)) {
            (None, None) => Err(KeyError::Missing { variable: variable.to_owned() }),
            (Some(_), Some(_)) => Err(KeyError::Ambiguous { variable: variable.to_owned() }),
            (Some(keys), None) => Self::parse(&text(keys, variable)?),
            (None, Some(path)) => Self::from_file(path),
        }
    }

    /// The ring in this file, as [`Keyring::parse`] reads it.
    ///
    /// # Errors
    /// [`KeyError::File`] if it cannot be read, [`KeyError::NotText`] if it is longer than 64 KiB or not UTF-8, and what
    /// [`Keyring::parse`] returns.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let unreadable =
            |error: std::io::Error| KeyError::File { path: path.display().to_string(), kind: error.kind() };
        // With room from the start: a buffer that grew would leave unwiped copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(MAX_FILE_LEN).unwrap_or_default()));
        let mut file = File::open(path).map_err(unreadable)?.take(MAX_FILE_LEN);
        file.read_to_end(&mut bytes).map_err(unreadable)?;
        let cut_off = file.limit() == 0;
        match core::str::from_utf8(&bytes) {
            Ok(text) if !cut_off => Self::parse(text),
            _ => Err(KeyError::NotText { source: path.display().to_string() }),
        }
    }
}

fn text(value: OsString, variable: &str) -> Result<Zeroizing<String>, KeyError> {
    value.into_string().map(Zeroizing::new).map_err(|_| KeyError::NotText { source: variable.to_owned() })
}
