//! A file that is read again and again.

use core::sync::atomic::{AtomicBool, Ordering};
use std::{
    fs::{File, Metadata},
    path::{Path, PathBuf},
};

use super::{
    KeySource, KeySourceFuture,
    environment::{name_of, unreadable},
};
use crate::{crypto::keyring::Keyring, error::KeyError};

/// A file with a list or a keyring file in it. It is opened anew at every look, so it may be replaced in any way.
pub(crate) struct KeyFile {
    path: PathBuf,
    name: String,
    readable_by_others: AtomicBool,
}

impl KeyFile {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), name: name_of(path), readable_by_others: AtomicBool::new(false) }
    }

    /// The ring in the file. A pipe would keep the reader waiting, so it is refused before it is opened.
    pub(crate) fn ring(&self) -> Result<Keyring, KeyError> {
        let metadata = self.path.metadata().map_err(|error| unreadable(&error, &self.name))?;
        if !metadata.is_file() {
            return Err(KeyError::NoFile { path: self.name.clone() });
        }
        self.readable_by_others.store(is_readable_by_others(&metadata), Ordering::Relaxed);
        let file = File::open(&self.path).map_err(|error| unreadable(&error, &self.name))?;
        Keyring::from_reader(file, &self.name)
    }
}

impl KeySource for KeyFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&self) -> KeySourceFuture<'_> {
        Box::pin(async { Ok(self.ring()?) })
    }

    fn is_readable_by_others(&self) -> bool {
        self.readable_by_others.load(Ordering::Relaxed)
    }
}

/// A group may read: that is how orchestrators give a secret to one service.
#[cfg(unix)]
fn is_readable_by_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &Metadata) -> bool {
    false
}
