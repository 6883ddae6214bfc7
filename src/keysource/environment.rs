//! A ring from the environment, or from a file that the environment names.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::mounted;
use crate::{crypto::keyring::Keyring, error::KeyError};

/// A full ring of keys with a comment beside each stays far below this.
const MAX_FILE_LEN: usize = 64 * 1024;

impl Keyring {
    /// The ring in this environment variable, such as `HARDTACK_KEYS`: keys separated by commas, the primary first. If it
    /// is not set, the ring in the file that `HARDTACK_KEYS_FILE` (the name with `_FILE`) names, a list or a keyring file.
    ///
    /// If neither is set, the secret `hardtack_keys` (the name in lower case, or as it is) that systemd or Docker mounted, in
    /// `$CREDENTIALS_DIRECTORY` or `/run/secrets`.
    ///
    /// # Errors
    /// [`KeyError`], which says what to do: neither or both are set, the first has a path in it, the file cannot be read, or what
    /// is in it is refused.
    pub fn from_env(variable: &str) -> Result<Self, KeyError> {
        match Place::in_environment(variable)? {
            Place::Text(keys) => Self::from_text(&keys),
            Place::File(path) => Self::from_file(path),
        }
    }

    /// The ring in this file: a list or a keyring file, as [`Keyring::from_text`] reads it. Who may read the file is not looked
    /// at; `hardtack keyring check` does.
    ///
    /// # Errors
    /// As [`Keyring::from_reader`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let name = name_of(path);
        let file = File::open(path).map_err(|error| unreadable(&error, &name))?;
        Self::from_reader(file, &name)
    }

    /// The ring that is read there, at most 64 KiB, as [`Keyring::from_text`] reads it. `name` is for errors.
    ///
    /// # Errors
    /// [`KeyError::File`] if it cannot be read, [`KeyError::FileTooLong`] above 64 KiB, [`KeyError::NotText`] if it is not
    /// UTF-8 or has zero bytes, and what [`Keyring::from_text`] returns.
    pub fn from_reader(reader: impl Read, name: &str) -> Result<Self, KeyError> {
        // With room from the start, for the byte too many as well: a buffer that grew would leave unwiped copies behind.
        let room = MAX_FILE_LEN.saturating_add(1);
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        reader.take(room as u64).read_to_end(&mut bytes).map_err(|error| unreadable(&error, name))?;
        if bytes.len() > MAX_FILE_LEN {
            return Err(KeyError::FileTooLong { path: name.to_owned() });
        }
        match core::str::from_utf8(&bytes) {
            Ok(text) if !text.contains('\0') => Self::from_text(text),
            _ => Err(KeyError::NotText { source: name.to_owned() }),
        }
    }
}

/// Where the environment says that the keys are.
pub(crate) enum Place {
    /// In the variable itself.
    Text(Zeroizing<String>),
    /// In a file.
    File(PathBuf),
}

impl Place {
    pub(crate) fn in_environment(variable: &str) -> Result<Self, KeyError> {
        let file_variable = format!("{variable}_FILE");
        match (env::var_os(variable), env::var_os(&file_variable)) {
            (None, None) => {
                let mounted = mounted::secret_of(variable)?.map(Self::File);
                mounted.ok_or_else(|| KeyError::Missing { variable: variable.to_owned() })
            }
            (Some(_), Some(_)) => Err(KeyError::Ambiguous { variable: variable.to_owned() }),
            (Some(keys), None) => match text(keys, variable)? {
                path if is_path(&path) => Err(KeyError::NamesFile { variable: variable.to_owned() }),
                keys => Ok(Self::Text(keys)),
            },
            (None, Some(path)) => Ok(Self::File(path.into())),
        }
    }
}

/// A path for errors. A key that was given in place of a path is not shown.
pub(super) fn name_of(path: &Path) -> String {
    let name = path.display().to_string();
    if has_key(&name) {
        return "(not shown: it is a key)".to_owned();
    }
    name
}

/// Whether a file is named where keys should stand: a word that is none, and of a file that is there, or that may come to be.
fn is_path(text: &str) -> bool {
    let word = text.trim();
    let is_word = !word.is_empty() && !has_key(word) && !word.contains(char::is_whitespace);
    let path = Path::new(word);
    is_word && (path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) || path.is_file())
}

fn has_key(text: &str) -> bool {
    ["htk1_", "htk2_"].iter().any(|prefix| text.contains(prefix))
}

pub(super) fn unreadable(error: &io::Error, name: &str) -> KeyError {
    KeyError::File { path: name.to_owned(), kind: error.kind() }
}

fn text(value: OsString, variable: &str) -> Result<Zeroizing<String>, KeyError> {
    value.into_string().map(Zeroizing::new).map_err(|_| KeyError::NotText { source: variable.to_owned() })
}
