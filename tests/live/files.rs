//! Files that are watched.

use std::{fs, path::PathBuf};

use hardtack::{KeyError, KeySourceError, LiveKeyring};
use time::OffsetDateTime;

use crate::live::{
    common::{Told, timed::list},
    now,
};

/// A path of the test's own.
pub(crate) fn path(test: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("hardtack-live-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    directory.join(test)
}

/// The text of a list.
pub(crate) fn text(letters: &str) -> String {
    let ring = list(letters);
    let keys = ring.keys().map(|(key, _)| key.expose_text().as_str().to_owned());
    keys.collect::<Vec<_>>().join(",")
}

#[test]
fn a_file_is_read_anew_however_it_was_replaced() {
    let (file, other) = (path("replaced"), path("replaced.new"));
    fs::write(&file, text("A")).unwrap();
    let keys = LiveKeyring::watch_file(&file).unwrap();
    let at = OffsetDateTime::now_utc();
    // Written in place.
    fs::write(&file, text("AB")).unwrap();
    assert!(now(keys.look(at)).unwrap());
    // Put in its place.
    fs::write(&other, text("ABC")).unwrap();
    fs::rename(&other, &file).unwrap();
    assert!(now(keys.look(at)).unwrap());
    assert!(!now(keys.look(at)).unwrap());
}

#[cfg(unix)]
#[test]
fn a_link_that_is_changed_leads_to_the_new_file() {
    let (one, two, link, new) = (path("one"), path("two"), path("link"), path("link.new"));
    fs::write(&one, text("A")).unwrap();
    fs::write(&two, text("AB")).unwrap();
    std::os::unix::fs::symlink(&one, &link).unwrap();
    let keys = LiveKeyring::watch_file(&link).unwrap();
    std::os::unix::fs::symlink(&two, &new).unwrap();
    fs::rename(&new, &link).unwrap();
    assert!(now(keys.look(OffsetDateTime::now_utc())).unwrap());
}

#[test]
fn what_is_no_keyring_any_more_changes_nothing() {
    let file = path("broken");
    fs::write(&file, text("AB")).unwrap();
    let keys = LiveKeyring::watch_file(&file).unwrap();
    let (at, before) = (OffsetDateTime::now_utc(), keys.primary(OffsetDateTime::now_utc()));
    let whole = text("AB");
    let (half, enormous) = (&whole[..80], "x".repeat(64 * 1024 + 1));
    for broken in ["", half, "format = 1\nkeys = 2\n", "no key", "\0", &enormous] {
        fs::write(&file, broken).unwrap();
        let error = now(keys.look(at)).unwrap_err();
        assert!(matches!(error, KeySourceError::Key(_)), "{error}");
    }
    fs::remove_file(&file).unwrap();
    assert!(matches!(now(keys.look(at)), Err(KeySourceError::Key(KeyError::File { .. }))));
    fs::create_dir(&file).unwrap();
    assert!(matches!(now(keys.look(at)), Err(KeySourceError::Key(KeyError::NoFile { .. }))));
    assert_eq!(keys.primary(at), before);
    fs::remove_dir(&file).unwrap();
    fs::write(&file, whole).unwrap();
    assert!(!now(keys.look(at)).unwrap());
}

#[cfg(unix)]
#[test]
fn a_pipe_in_place_of_the_file_keeps_nobody_waiting() {
    let file = path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&file).status().unwrap();
    assert!(made.success());
    let error = LiveKeyring::watch_file(&file).unwrap_err();
    assert_eq!(error, KeyError::NoFile { path: file.display().to_string() });
}

#[cfg(unix)]
#[test]
fn a_file_that_everybody_can_read_is_taken_and_told_once() {
    use std::os::unix::fs::PermissionsExt;
    let file = path("readable");
    fs::write(&file, text("A")).unwrap();
    let told_with = |mode| {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let (keys, told) = (LiveKeyring::watch_file(&file).unwrap(), Told::default());
        let builder = hardtack::SessionManager::<crate::live::Login>::builder(&keys).observer(told.clone());
        let _manager = builder.build().unwrap();
        now(keys.look(OffsetDateTime::now_utc())).unwrap();
        told.take()
    };
    assert_eq!(told_with(0o644), ["key_source - -", "key_file_readable - -"]);
    // A group is how orchestrators give a secret to one service.
    assert_eq!(told_with(0o440), ["key_source - -"]);
    assert_eq!(told_with(0o600), ["key_source - -"]);
}
