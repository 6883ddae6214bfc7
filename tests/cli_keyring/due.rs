//! `rotate --if-due`, for jobs that run now and then.

use std::{fs, fs::File};

use crate::cli_keyring::{
    ROTATING,
    command::{hardtack, ids, waited},
    file, keyring, said,
};

/// One key, which seals from 2026-11-26T04:00:00Z to 2027-02-24T04:00:00Z. It has to make room by 02:59, and may from nine days
/// before, a tenth of its time.
fn one(name: &str) -> String {
    let end = ROTATING.rfind("\n[[key]]").unwrap();
    let text = &ROTATING[..end];
    file(name, &text.replace("02-24T05:01:00Z", "02-24T04:00:00Z").replace("03-03T05:04:01Z", "03-03T04:03:01Z"))
}

#[test]
fn nothing_is_done_and_the_code_is_0_until_a_rotation_is_due() {
    let path = one("due-early");
    let before = fs::read_to_string(&path).unwrap();
    let text = said(keyring("rotate", &path, "2027-02-15T02:58:59Z", &["--if-due"]), &path);
    assert!(text.starts_with(": left as it is\n  No rotation is due.\n"), "{text}");
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    let ran = keyring("rotate", &path, "2027-02-15T02:58:59Z", &["--if-due", "--format", "json"]).json();
    assert_eq!((&ran["changed"], &ran["added"]), (&false.into(), &serde_json::json!([])));
}

#[test]
fn a_job_that_runs_again_and_again_rotates_once() {
    let path = one("due");
    let text = said(keyring("rotate", &path, "2027-02-15T02:59:00Z", &["--if-due"]), &path);
    assert!(text.starts_with(": written\n"), "{text}");
    assert_eq!(ids(&path).len(), 2);
    for now in ["2027-02-15T02:59:00Z", "2027-02-15T02:59:01Z", "2027-02-15T05:00:00Z", "2027-02-22T00:00:00Z"] {
        said(keyring("rotate", &path, now, &["--if-due"]), &path);
        assert_eq!(ids(&path).len(), 2, "{now}");
    }
}

#[test]
fn a_job_that_was_late_rotates_all_the_same() {
    let path = one("due-late");
    said(keyring("rotate", &path, "2028-01-01T00:00:00Z", &["--if-due"]), &path);
    assert_eq!(ids(&path).len(), 2);
}

#[test]
fn keys_that_have_gone_are_removed_too() {
    let path = file("due-prune", ROTATING);
    let before = said(keyring("rotate", &path, "2027-03-03T05:05:00Z", &["--if-due"]), &path);
    assert!(before.starts_with(": left as it is\n"), "{before}");
    let text = said(keyring("rotate", &path, "2027-03-03T05:05:01Z", &["--if-due"]), &path);
    let expected = ": written\n  No rotation is due.\n  Removed: cd4cceef. No cookie of theirs is good any more.\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn of_two_at_once_one_does_it_and_both_end_well() {
    let path = one("due-two");
    let arguments = ["keyring", "rotate", &path, "--if-due", "--now", "2027-02-20T12:00:00Z"];
    let children: Vec<_> = (0..8).map(|_| hardtack(&arguments).spawn().unwrap()).collect();
    let written = children.into_iter().map(waited).filter(|ran| {
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        ran.stdout.contains(": written\n")
    });
    assert_eq!(written.count(), 1);
    assert_eq!(ids(&path).len(), 2);
}

#[test]
fn a_file_that_another_command_holds_is_left_to_it() {
    let path = one("due-held");
    let lock = File::create(format!("{path}.lock")).unwrap();
    lock.try_lock().unwrap();
    let text = said(keyring("rotate", &path, "2027-02-20T12:00:00Z", &["--if-due"]), &path);
    assert!(text.starts_with(": left as it is\n  Another command is changing it: nothing was done here.\n"), "{text}");
    // Without the option it is an error, since somebody asked for it.
    assert_eq!(keyring("rotate", &path, "2027-02-20T12:00:00Z", &[]).code, Some(2));
}
