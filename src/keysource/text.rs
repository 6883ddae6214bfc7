//! A ring from text, which is a list of keys or a keyring file.

use crate::{crypto::keyring::Keyring, error::KeyError};

impl Keyring {
    /// The ring written as text: a list of keys, as [`Keyring::parse`] reads it, or a keyring file, which gives each key its
    /// times (feature `keyring-file`; `docs/KEYS.md`). It is a list if its first word begins with `htk`, or if there is none.
    ///
    /// # Errors
    /// [`KeyError`], with the line for a keyring file, and the position of the key for a list; [`KeyError::Pasted`] where more than the
    /// keys was copied;
    /// [`KeyError::NeedsFeature`] for a keyring file without the feature.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        super::pasted::check(text, first_line(text.trim_start_matches('\u{feff}')))?;
        match first_line(text) {
            Some(line) if !line.starts_with("htk") => from_keyring_file(text, line),
            _ => Self::parse(text),
        }
    }
}

/// The first line that holds anything but separators and comments, from its first word on.
fn first_line(text: &str) -> Option<&str> {
    let separates = |character: char| character == ',' || character.is_ascii_whitespace();
    text.lines().map(|line| line.trim_start_matches(separates)).find(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(feature = "keyring-file")]
fn from_keyring_file(text: &str, _: &str) -> Result<Keyring, KeyError> {
    super::file::read(text)
}

/// What cannot be a keyring file either, is a list with a mistake.
#[cfg(not(feature = "keyring-file"))]
fn from_keyring_file(text: &str, first_line: &str) -> Result<Keyring, KeyError> {
    if first_line.contains(['=', '[']) {
        return Err(KeyError::NeedsFeature { feature: "keyring-file" });
    }
    Keyring::parse(text)
}
