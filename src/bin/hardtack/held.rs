//! Keyring files, replaced in one step, by one command at a time.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use hardtack::Keyring;

use crate::{
    file::{read_private, unreadable},
    given,
    outcome::Failure,
};

/// A keyring file that no other command changes meanwhile. A symbolic link is followed: what it leads to is read and replaced,
/// and the link stays.
pub(crate) struct Held {
    path: PathBuf,
    /// Released when it is closed, also by the system if the command is killed. The lock file stays: to remove it would let two in.
    _lock: File,
}

impl Held {
    /// Holds a file that is there.
    pub(crate) fn existing(path: &Path) -> Result<Self, Failure> {
        Self::lock(path.canonicalize().map_err(|error| unreadable(path, &error))?)
    }

    /// Holds a file that is to come.
    pub(crate) fn new(path: &Path) -> Result<Self, Failure> {
        // Looked at first, so that no lock is left where nothing is to be done.
        match path.symlink_metadata() {
            Ok(_) => Err(is_there(path)),
            Err(_) => Self::lock(path.to_owned()),
        }
    }

    fn lock(path: PathBuf) -> Result<Self, Failure> {
        let lock_path = beside(&path, ".lock");
        let unwritable = |error: io::Error| failed("lock", &lock_path, &error);
        let lock = lock_file(&lock_path, &path).map_err(unwritable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Failure::Busy(format!(
                "another command is changing {}: see what it did (hardtack keyring explain), then decide again",
                given::path(&path)
            ))),
            Err(TryLockError::Error(error)) => Err(unwritable(error)),
        }
    }

    /// The ring as it is.
    pub(crate) fn read(&self) -> Result<Keyring, Failure> {
        read_private(&self.path)
    }

    /// Puts the first ring there: never over a file, even one that came meanwhile.
    pub(crate) fn create(&self, ring: &Keyring) -> Result<(), Failure> {
        self.put(ring, |new| {
            fs::hard_link(new, &self.path)?;
            // A second name for it, if it stays, which the next command takes away.
            let _ = fs::remove_file(new);
            Ok(())
        })
    }

    /// Puts this ring there in one step: whoever reads meanwhile, or after a crash, has the old ring or the new one.
    pub(crate) fn write(&self, ring: &Keyring) -> Result<(), Failure> {
        self.put(ring, |new| fs::rename(new, &self.path))
    }

    fn put(&self, ring: &Keyring, place: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), Failure> {
        let text = ring.expose_text().map_err(Failure::unusable)?;
        let new = beside(&self.path, ".new");
        let written = self.write_beside(&new, text.as_str().as_bytes()).and_then(|()| place(&new));
        written.map_err(|error| {
            // What cannot be removed, the next command replaces.
            let _ = fs::remove_file(&new);
            match error.kind() {
                io::ErrorKind::AlreadyExists => is_there(&self.path),
                _ => failed("write", &self.path, &error),
            }
        })?;
        sync_directory(&self.path).map_err(|error| {
            let path = given::path(&self.path);
            Failure::unusable(format!("{path} is written, but a power failure may undo it: {error}"))
        })
    }

    /// What a killed command left there is replaced: nobody else writes it, since we hold the lock.
    fn write_beside(&self, new: &Path, text: &[u8]) -> io::Result<()> {
        match fs::remove_file(new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private().create_new(true).open(new)?;
        keep_owner(&self.path, &file)?;
        file.write_all(text)?;
        file.sync_all()
    }
}

/// The lock file, which belongs to whom the keyring file does: else the service could not change its own file any more.
fn lock_file(lock_path: &Path, path: &Path) -> io::Result<File> {
    match private().create_new(true).open(lock_path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open_plain(lock_path),
        Err(error) => Err(error),
        Ok(lock) => {
            // Where it cannot be given away, the file cannot either, and `write_beside` says so.
            let _ = keep_owner(path, &lock);
            Ok(lock)
        }
    }
}

/// Opens a file that is there, through no link. A pipe would have us wait for a reader.
fn open_plain(path: &Path) -> io::Result<File> {
    let no_plain_file = || io::Error::other("it is a link, or no plain file: remove it");
    let named = path.symlink_metadata()?;
    if !named.is_file() {
        return Err(no_plain_file());
    }
    let file = private().open(path)?;
    if is_same_file(&named, &file.metadata()?) { Ok(file) } else { Err(no_plain_file()) }
}

#[cfg(unix)]
fn is_same_file(named: &fs::Metadata, opened: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (named.dev(), named.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn is_same_file(_: &fs::Metadata, opened: &fs::Metadata) -> bool {
    opened.is_file()
}

fn is_there(path: &Path) -> Failure {
    Failure::unusable(format!(
        "{} is there already, and is not overwritten: rotate its keys, or give another name",
        given::path(path)
    ))
}

fn failed(verb: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::unusable(format!("cannot {verb} {}: {error}", given::path(path)))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

/// For files that only their owner can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A file that belongs to the service stays its own when an administrator changes it.
#[cfg(unix)]
fn keep_owner(old: &Path, new: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let Ok(old) = old.metadata() else { return Ok(()) };
    let own = new.metadata()?;
    if (old.uid(), old.gid()) == (own.uid(), own.gid()) {
        return Ok(());
    }
    fchown(new, Some(old.uid()), Some(old.gid()))
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

/// The new name too is to survive a power failure.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
