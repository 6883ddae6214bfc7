//! Errors for machines: with `--format json`, one object on standard error, and the exit code that people get.

use serde_json::{Value, json};

use crate::cli_keyring::{
    ROTATING,
    command::{Ran, directory, run},
    file, keyring,
};

const NOW: &str = "2027-02-24T04:30:00Z";

/// The one line on standard error.
#[track_caller]
fn error(ran: Ran) -> (i32, Value) {
    let (code, stderr) = ran.failed();
    assert_eq!(stderr.find('\n'), Some(stderr.len() - 1), "{stderr}");
    (code, serde_json::from_str(&stderr).unwrap())
}

#[test]
fn a_refusal_is_an_object() {
    let path = file("errors-refused", ROTATING);
    let (code, text) = keyring("rotate", &path, NOW, &[]).failed();
    assert_eq!((code, text.starts_with("hardtack: key 3eeee5a7 waits already, and")), (1, true), "{text}");
    let message = text.trim_start_matches("hardtack: ").trim_end();
    for format in [&["--format", "json"][..], &["--format=json"]] {
        let told = error(keyring("rotate", &path, NOW, format));
        assert_eq!(told, (1, json!({ "error": message, "exit_code": 1 })));
    }
}

#[test]
fn a_file_that_is_missing_is_an_object() {
    let path = directory("errors-missing").join("\"no\".toml").display().to_string();
    let message = format!("the key file {path} cannot be read (entity not found): check path and rights");
    for command in ["check", "explain", "rotate", "promote", "prune"] {
        let told = error(run(&["keyring", command, &path, "--format", "json"]));
        assert_eq!(told, (2, json!({ "error": message, "exit_code": 2 })), "{command}");
    }
}

#[test]
fn wrong_usage_is_an_object_too() {
    for arguments in [
        &["keyring", "check", "--format", "json"][..],
        &["keyring", "explain", "keys.toml", "--now", "soon", "--format=json"],
        &["keyring", "--format", "json"],
    ] {
        let (code, told) = error(run(arguments));
        let message = told["error"].as_str().unwrap();
        assert_eq!((code, &told["exit_code"]), (2, &json!(2)), "{arguments:?}");
        assert!(!message.starts_with("error") && message.ends_with("try '--help'."), "{message}");
    }
}

/// Help is what was asked for, and text is what is said where the format is not clear.
#[test]
fn the_rest_stays_text() {
    assert!(run(&["keyring", "check", "--format", "json", "--help"]).fine().starts_with("Tell all that is wrong"));
    for arguments in
        [&["keyring", "check", "keys.toml", "--format", "xml"][..], &["keyring", "check", "json", "--format"]]
    {
        assert!(run(arguments).failed().1.starts_with("error: "), "{arguments:?}");
    }
}
