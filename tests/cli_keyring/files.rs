//! The file itself: its mode, its owner, links to it, and what lies beside it.
#![cfg(unix)]

use std::{
    fs::{self, File},
    os::unix::fs::{MetadataExt, symlink},
    path::Path,
};

use crate::cli_keyring::{
    ROTATING,
    command::{directory, ids, mode, private, run, set_mode},
    file, keyring,
};

/// Before the key that waits seals.
const NOW: &str = "2027-02-24T04:30:00Z";
const LATER: &str = "2027-05-20T00:00:00Z";

#[test]
fn files_that_others_can_read_are_refused_by_every_command() {
    let path = file("files-open", ROTATING);
    for open in [0o640, 0o604, 0o644, 0o660, 0o601, 0o777] {
        set_mode(&path, open);
        let problem =
            format!("hardtack: {path} is open to others than its owner (mode {open:04o}): chmod 600 {path}\n");
        for (command, more) in [
            ("check", &[][..]),
            ("explain", &[]),
            ("rotate", &[]),
            ("promote", &[]),
            ("prune", &[]),
            ("revoke", &["cd4cceef"]),
            ("retire", &["cd4cceef"]),
        ] {
            assert_eq!(keyring(command, &path, LATER, more).failed(), (2, problem.clone()), "{command}");
        }
    }
    for private in [0o600, 0o400] {
        set_mode(&path, private);
        assert_eq!(keyring("check", &path, NOW, &[]).code, Some(0));
    }
    // The file of before is looked at as well.
    let other = file("files-open-previous", ROTATING);
    set_mode(&other, 0o644);
    let problem = format!("hardtack: {other} is open to others than its owner (mode 0644): chmod 600 {other}\n");
    assert_eq!(keyring("check", &path, NOW, &["--previous", &other]).failed(), (2, problem));
}

#[test]
fn the_mode_is_0600_whatever_it_was_and_whatever_the_mask() {
    let path = file("files-mode", ROTATING);
    set_mode(&path, 0o400);
    let command = format!("umask 000; exec {} keyring rotate {path} --now {LATER}", env!("CARGO_BIN_EXE_hardtack"));
    let status = std::process::Command::new("sh").args(["-c", &command]).output().unwrap().status;
    assert!(status.success());
    assert_eq!((mode(&path), mode(format!("{path}.lock"))), (0o600, 0o600));
    assert_eq!(ids(&path).len(), 3);
}

#[test]
fn nothing_but_the_lock_is_left_beside_it() {
    let path = file("files-beside", ROTATING);
    assert_eq!(keyring("rotate", &path, LATER, &[]).code, Some(0));
    let mut names: Vec<_> =
        fs::read_dir(Path::new(&path).parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["keys.toml", "keys.toml.lock"]);
    assert_eq!(fs::metadata(format!("{path}.lock")).unwrap().len(), 0);
}

#[test]
fn what_a_killed_command_left_is_replaced() {
    for (name, left) in
        [("files-left-empty", ""), ("files-left-half", "format = 1\nkeys = "), ("files-left-whole", ROTATING)]
    {
        let path = file(name, ROTATING);
        fs::write(format!("{path}.new"), left).unwrap();
        set_mode(format!("{path}.new"), 0o444);
        assert_eq!(keyring("rotate", &path, LATER, &[]).code, Some(0), "{name}");
        assert_eq!((ids(&path).len(), mode(&path)), (3, 0o600), "{name}");
        assert!(!Path::new(&format!("{path}.new")).exists());
    }
}

#[test]
fn a_link_that_lies_in_wait_is_not_written_through() {
    let path = file("files-trap", ROTATING);
    let victim = directory("files-victim").join("victim");
    fs::write(&victim, "precious").unwrap();
    symlink(&victim, format!("{path}.new")).unwrap();
    assert_eq!(keyring("rotate", &path, LATER, &[]).code, Some(0));
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    assert_eq!(ids(&path).len(), 3);
}

#[test]
fn a_link_to_the_file_stays_one() {
    let real = file("files-real", ROTATING);
    let link = directory("files-link").join("keys.toml").display().to_string();
    symlink(&real, &link).unwrap();
    assert_eq!(keyring("rotate", &link, LATER, &[]).code, Some(0));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!((ids(&real).len(), ids(&link).len()), (3, 3));
    // The lock is the file's, under whatever name it was called.
    let lock = File::open(format!("{real}.lock")).unwrap();
    lock.try_lock().unwrap();
    let problem =
        format!("another command is changing {real}: see what it did (hardtack keyring explain), then decide again");
    for name in [&real, &link] {
        assert_eq!(keyring("prune", name, LATER, &[]).failed(), (2, format!("hardtack: {problem}\n")));
    }
    // Who only reads, needs no lock.
    assert_eq!(keyring("check", &link, LATER, &[]).code, Some(0));
    lock.unlock().unwrap();
    assert_eq!(keyring("prune", &real, LATER, &[]).code, Some(0));
}

#[test]
fn a_lock_that_is_a_link_or_a_pipe_is_refused_at_once() {
    let path = file("files-lock-link", ROTATING);
    let lock = format!("{path}.lock");
    let elsewhere = directory("files-lock-elsewhere").join("precious");
    private(&elsewhere, "precious");
    let pipe = std::process::Command::new("mkfifo").arg(format!("{path}.pipe")).status().unwrap();
    assert!(pipe.success());
    for target in [elsewhere.display().to_string(), format!("{path}.pipe")] {
        symlink(&target, &lock).unwrap();
        let failed = keyring("rotate", &path, LATER, &[]).failed();
        assert_eq!(
            failed,
            (2, format!("hardtack: cannot lock {lock}: it is a link, or no plain file: remove it\n")),
            "{target}"
        );
        fs::remove_file(&lock).unwrap();
    }
    fs::rename(format!("{path}.pipe"), &lock).unwrap();
    let failed = keyring("rotate", &path, LATER, &[]).failed();
    assert_eq!(failed, (2, format!("hardtack: cannot lock {lock}: it is a link, or no plain file: remove it\n")));
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "precious");
    fs::remove_file(&lock).unwrap();
    assert_eq!(keyring("rotate", &path, LATER, &[]).code, Some(0));
}

#[test]
fn a_file_in_the_present_directory_needs_no_path() {
    let directory = directory("files-relative");
    private(&directory.join("keys.toml"), ROTATING);
    for arguments in [&["keyring", "rotate", "keys.toml", "--now", LATER][..], &["keyring", "init", "new.toml"]] {
        let mut command = crate::command::hardtack(arguments);
        assert_eq!(crate::command::finished(command.current_dir(&directory)).code, Some(0), "{arguments:?}");
    }
    assert_eq!((ids(directory.join("keys.toml")).len(), ids(directory.join("new.toml")).len()), (3, 1));
}

#[test]
fn a_directory_that_cannot_be_written_is_said() {
    let missing = directory("files-missing").join("nowhere").join("keys.toml").display().to_string();
    let (code, stderr) = run(&["keyring", "init", &missing]).failed();
    assert_eq!(
        (code, stderr),
        (2, format!("hardtack: cannot lock {missing}.lock: No such file or directory (os error 2)\n"))
    );
}

/// Only an administrator can give a file to somebody else: elsewhere there is nothing to see.
#[test]
fn a_file_of_the_service_stays_its_own_when_an_administrator_changes_it() {
    let path = file("files-owner", ROTATING);
    if std::os::unix::fs::chown(&path, Some(12_345), Some(54_321)).is_err() {
        return;
    }
    assert_eq!(keyring("rotate", &path, LATER, &[]).code, Some(0));
    // The lock too, or the service could not lock its own file any more.
    for name in [path.clone(), format!("{path}.lock")] {
        let owner = fs::metadata(&name).unwrap();
        assert_eq!((owner.uid(), owner.gid(), mode(&name)), (12_345, 54_321, 0o600), "{name}");
    }
}

#[test]
fn a_lock_that_was_there_stays_as_it_is() {
    let path = file("files-lock-owner", ROTATING);
    let lock = private(Path::new(&format!("{path}.lock")), "");
    if std::os::unix::fs::chown(&lock, Some(12_345), Some(54_321)).is_err() {
        return;
    }
    assert_eq!(keyring("rotate", &path, LATER, &[]).code, Some(0));
    let owners = [&path, &lock].map(|name| fs::metadata(name).unwrap().uid());
    assert_eq!(owners[1], 12_345);
    assert_ne!(owners[0], 12_345);
}

/// Where nothing that it says can be written, that the file was changed is said.
#[cfg(target_os = "linux")]
#[test]
fn a_change_that_cannot_be_told_is_not_taken_for_none() {
    let full = |arguments: &[&str]| {
        let mut command = crate::command::hardtack(arguments);
        command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        crate::command::finished(&mut command).failed()
    };
    let problem = "hardtack: standard output cannot be written: No space left on device (os error 28)";
    let path = file("files-full", ROTATING);
    let written = format!("{problem}; {path} is written all the same: see it with hardtack keyring explain");
    let json = format!(r#"{{"error":"{}","exit_code":2}}"#, written.strip_prefix("hardtack: ").unwrap());
    for (format, expected) in [("text", written), ("json", json)] {
        let revoke = ["keyring", "revoke", &path, "--all", "--now", LATER, "--format", format];
        assert_eq!(full(&revoke), (2, expected + "\n"));
    }
    assert_eq!(ids(&path).len(), 4);
    // What changed nothing says nothing of the kind.
    for command in ["prune", "explain", "check"] {
        let nothing = ["keyring", command, &path, "--now", LATER];
        assert_eq!(full(&nothing), (2, format!("{problem}\n")), "{command}");
    }
    let new = directory("files-full-init").join("keys.toml").display().to_string();
    let written = format!("{problem}; {new} is written all the same: see it with hardtack keyring explain\n");
    assert_eq!(full(&["keyring", "init", &new]), (2, written));
    assert_eq!(ids(&new).len(), 1);
}
