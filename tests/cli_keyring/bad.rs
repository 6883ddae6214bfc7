//! Bad files: each command says which file, which line and what to do, with exit code 2; and no key is shown.

use std::fs;

use serde_json::Value;

use crate::cli_keyring::{
    ROTATING,
    command::{directory, private, run},
    file,
};

/// What the commands that read a file say of it.
#[track_caller]
fn assert_refused(path: &str, problem: &str) {
    let commands = [
        vec!["keyring", "check", path],
        vec!["keyring", "explain", path],
        vec!["keyring", "rotate", path],
        vec!["keyring", "promote", path],
        vec!["keyring", "retire", path, "cd4cceef"],
        vec!["keyring", "revoke", path, "cd4cceef"],
        vec!["keyring", "prune", path],
        vec!["token", "seal", "--cookie-name", "x", "--schema", "1", "--payload", "", "--keyring", path],
    ];
    for command in commands {
        assert_eq!(run(&command).failed(), (2, format!("hardtack: {problem}\n")), "{command:?}");
    }
    let told = format!(r#"{{"error":{},"exit_code":2}}"#, Value::from(problem));
    assert_eq!(run(&["keyring", "check", path, "--format", "json"]).failed(), (2, told + "\n"));
}

#[test]
fn truncated() {
    let cut = &ROTATING[..ROTATING.find("_ZIXLabM").unwrap() + 10];
    let path = file("bad-truncated", cut);
    let problem = "this is no value as a keyring file has them: text stands in double quotes, on one line and without \\, a time is \
                   written such as 2026-11-26T04:00:00Z";
    assert_refused(&path, &format!("{path}: line 15: {problem}"));
}

#[test]
fn duplicate() {
    let first = ROTATING.find("[[key]]").unwrap();
    let second = ROTATING.rfind("[[key]]").unwrap();
    let again = ROTATING[first..second].replace("seal_from = 2026-11-26T04:00:00Z", "seal_from = 2027-02-24T05:01:00Z");
    let again = again.replace("seal_until = 2027-02-24T05:01:00Z", "seal_until = 2027-02-25T00:00:00Z");
    let path = file("bad-duplicate", &format!("{}{again}", &ROTATING[..second]));
    assert_refused(&path, &format!("{path}: line 14: key 2 repeats an earlier secret: remove it"));
    let path = file(
        "bad-duplicate-field",
        &ROTATING.replace("seal_from = 2027", "seal_from = 2027-02-24T05:00:00Z\nseal_from = 2027"),
    );
    assert_refused(&path, &format!("{path}: line 18: seal_from stands here a second time: remove one of them"));
}

#[test]
fn reordered() {
    let (first, second) = (ROTATING.find("[[key]]").unwrap(), ROTATING.rfind("[[key]]").unwrap());
    let text = format!("{}{}\n{}", &ROTATING[..first], &ROTATING[second..], &ROTATING[first..second]);
    let path = file("bad-reordered", &text);
    let problem = "key 2 does not seal after the one before it: write keys in the order of seal_from";
    assert_refused(&path, &format!("{path}: line 14: {problem}"));
}

#[test]
fn contradictory() {
    let path = file("bad-contradictory", &ROTATING.replace("seal_from = 2026-11-26", "seal_from = 2026-11-25"));
    let problem = "key 1: seal_from is before created: a key cannot seal before it is in the ring";
    assert_refused(&path, &format!("{path}: line 7: {problem}"));
    let path = file(
        "bad-overlap",
        &ROTATING.replace("seal_until = 2027-02-24T05:01:00Z", "seal_until = 2027-02-24T05:01:01Z"),
    );
    let problem = "key 2 would seal while the one before it does: end that one's seal_until where this one begins";
    assert_refused(&path, &format!("{path}: line 14: {problem}"));
}

#[test]
fn of_the_future() {
    let path = file("bad-future", &ROTATING.replace("format = 1", "format = 2"));
    let problem = "format is not 1, the only one that this version knows: read it with the version that wrote it";
    assert_refused(&path, &format!("{path}: line 1: {problem}"));
}

#[test]
fn enormous() {
    let path = file("bad-enormous", &"#".repeat(10_000_000));
    assert_refused(
        &path,
        &format!("the key file {path} is longer than 64 KiB: is it the right one? prune keys that have gone"),
    );
}

#[test]
fn binary() {
    let path = directory("bad-binary").join("keys.toml");
    let name = private(&path, "");
    fs::write(&path, [0x7f, b'E', b'L', b'F', 0, 0xff]).unwrap();
    assert_refused(&name, &format!("{name} does not hold text: generate a key and write it there"));
}

#[test]
fn empty() {
    let path = file("bad-empty", "");
    assert_refused(
        &path,
        &format!("{path}: there is no key: make one with Key::generate, write it out with expose_text"),
    );
}

#[test]
fn unreadable() {
    let directory = directory("bad-unreadable");
    let path = directory.join("missing").display().to_string();
    assert_refused(&path, &format!("the key file {path} cannot be read (entity not found): check path and rights"));
    let path = directory.display().to_string();
    for command in ["check", "explain"] {
        assert_eq!(run(&["keyring", command, &path]).failed(), (2, format!("hardtack: {path} is no file\n")));
    }
}
