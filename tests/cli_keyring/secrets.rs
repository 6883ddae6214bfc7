//! A key in the wrong place, such as that of a path: it is not shown again, neither by a command nor for wrong usage.

use crate::cli_keyring::{
    ROTATING,
    command::{ONE, OTHER, TWO, run},
    file,
};

const HIDDEN: &str = "(not shown: it is a key)";

/// None of this may be written: neither whole keys, nor what stands behind their prefixes.
const PARTS: [&str; 4] = ["htk1_", "htk2_", "dLI4gkvqgw3", "ZIXLabM7xIF"];

/// Exit code 2, with a message in which something is hidden. No part of a key stands in it.
#[track_caller]
fn assert_hidden(arguments: &[&str]) -> String {
    let (code, stderr) = run(arguments).failed();
    assert_eq!(code, 2, "{arguments:?}: {stderr}");
    assert!(stderr.contains(HIDDEN), "{arguments:?}: {stderr}");
    for part in PARTS {
        assert!(!stderr.contains(part), "{arguments:?}: {stderr}");
    }
    stderr
}

#[test]
fn in_place_of_a_path() {
    let list = format!("{ONE},{TWO}");
    let unreadable =
        "hardtack: the key file (not shown: it is a key) cannot be read (entity not found): check path and rights\n";
    for key in [ONE, TWO, &list, &format!("./{ONE}"), &format!("HARDTACK_KEYS={TWO}")] {
        for (command, more) in [
            ("check", &[][..]),
            ("explain", &[]),
            ("rotate", &[]),
            ("promote", &[]),
            ("prune", &[]),
            ("retire", &["cd4cceef"]),
            ("revoke", &["cd4cceef"]),
        ] {
            assert_eq!(assert_hidden(&[&["keyring", command, key], more].concat()), unreadable, "{command}");
        }
        let json = assert_hidden(&["keyring", "check", key, "--format", "json"]);
        assert!(json.starts_with(r#"{"error":"the key file (not shown: it is a key) cannot be read"#), "{json}");
        let seal = ["token", "seal", "--cookie-name", "x", "--schema", "1", "--payload", "", "--keyring", key];
        assert_eq!(assert_hidden(&seal), unreadable);
        assert_eq!(assert_hidden(&["token", "open", "--cookie-name", "x", "--keyring", key]), unreadable);
    }
    let path = file("secrets-previous", ROTATING);
    assert_eq!(assert_hidden(&["keyring", "check", &path, "--previous", ONE]), unreadable);
}

/// Also where a file of that name is there.
#[cfg(unix)]
#[test]
fn as_the_name_of_a_file() {
    use crate::command::{directory, finished, hardtack, private, set_mode};
    let directory = directory("secrets-names");
    let path = private(&directory.join(ONE), ROTATING);
    let run = |arguments: &[&str]| finished(&mut hardtack(&[arguments, &["--now", "2027-02-24T04:30:00Z"]].concat()));
    let checked = run(&["keyring", "check", &path]).fine();
    assert!(checked.starts_with("(not shown: it is a key): every session"), "{checked}");
    let step = run(&["keyring", "check", &path, "--previous", &path]).fine();
    assert!(step.contains("by the step from (not shown: it is a key) to it\n"), "{step}");
    assert_eq!(run(&["keyring", "check", &path, "--format", "json"]).json()["file"], HIDDEN);
    assert!(run(&["keyring", "explain", &path]).fine().starts_with("(not shown: it is a key): 2 keys"));
    assert!(run(&["keyring", "init", &path]).failed().1.starts_with("hardtack: (not shown: it is a key) is there"));
    assert_eq!(run(&["keyring", "prune", &path, "--format", "json"]).json()["file"], HIDDEN);
    set_mode(&path, 0o644);
    let problem = "hardtack: (not shown: it is a key) is open to others than its owner (mode 0644): chmod 600 \
                       (not shown: it is a key)\n";
    assert_eq!(run(&["keyring", "check", &path]).failed(), (2, problem.to_owned()));
    std::fs::write(&path, "format = 2\n").unwrap();
    set_mode(&path, 0o600);
    assert!(run(&["keyring", "check", &path]).failed().1.starts_with("hardtack: (not shown: it is a key): line 1: "));
    let nowhere = directory.join(TWO).join("keys.toml").display().to_string();
    assert!(
        run(&["keyring", "init", &nowhere]).failed().1.starts_with("hardtack: cannot lock (not shown: it is a key):")
    );
}

#[test]
fn in_wrong_usage() {
    let path = file("secrets-usage", ROTATING);
    let cut = ONE.replacen("QtY3", "QtY3\n", 1);
    let option = format!("--{ONE}");
    let suite = format!("--suite={TWO}");
    let now = format!("{ONE} {TWO}");
    for arguments in [
        &[ONE][..],
        &["keyring", ONE],
        &["keyring", "check", &path, ONE],
        &["keyring", "check", &path, &cut],
        &["keyring", "check", &path, &option],
        &["keyring", "check", &path, "--format", ONE],
        &["keyring", "explain", &path, "--now", &now],
        &["keyring", "rotate", &path, &suite],
        &["keyring", "rotate", &path, "--at", TWO],
        &["keyring", "init", &path, "--skew", ONE],
        &["key", "generate", "--suite", ONE],
        &["key", "generate", OTHER],
        &["token", "open", "--cookie-name", "x", "--idle", ONE],
        &["token", "seal", "--cookie-name", "x", "--payload", "", "--schema", ONE],
    ] {
        let text = assert_hidden(arguments);
        assert!(!text.contains("WtjDQ2KKnO7"), "the end of one that was cut in two: {text}");
        assert!(text.starts_with("error: ") && text.contains("\nFor more information, try '--help'.\n"), "{text}");
    }
    for arguments in [
        ["keyring", "check", "--format", "json", ONE, &cut],
        ["keyring", "explain", &path, "--format=json", "--now", &now],
    ] {
        let json = assert_hidden(&arguments);
        assert!(json.starts_with(r#"{"error":""#) && !json.contains("WtjDQ2KKnO7"), "{json}");
    }
    let text = assert_hidden(&["key", "generate", "--suite", ONE]);
    let expected = "error: invalid value '(not shown: it is a key)' for '--suite <NUMBER>': suites are 1 and 2\n";
    assert!(text.starts_with(expected), "{text}");
}

/// What has no key in it is said as it always was.
#[test]
fn other_usage_is_told_whole() {
    let (code, stderr) = run(&["keyring", "check", "keys.toml", "htk.toml"]).failed();
    assert_eq!(code, 2);
    assert!(stderr.starts_with("error: unexpected argument 'htk.toml' found\n"), "{stderr}");
    for asked in [&["--help"][..], &["--version"], &["keyring", "revoke", "--help"], &["help", "token"]] {
        assert!(run(asked).fine().contains("hardtack"), "{asked:?}");
    }
    assert_eq!(run(&[]).code, Some(2));
    assert_eq!(run(&["keyring"]).code, Some(2));
}

/// Other arguments that a key may be given in place of.
#[test]
fn in_place_of_other_text() {
    let path = file("secrets-text", ROTATING);
    for (name, purpose, binding, payload) in [
        (ONE, "", "", ""),
        ("x", ONE, "", ""),
        ("x", "", ONE, ""),
        ("x", "", "", ONE),
        ("a b;htk1_dLI4gkv", "", "", ""),
    ] {
        let naming = ["--cookie-name", name, "--purpose", purpose, "--binding", binding, "--payload", payload];
        let more = ["--schema", "1", "--keyring", &path, "--now", "1798000000"];
        // `run` looks at what is written, whatever comes of it.
        run(&[&["token", "seal"][..], &naming, &more].concat());
    }
    for command in ["retire", "revoke"] {
        let problem = "hardtack: a key's id is 8 hexadecimal digits, as hardtack keyring explain shows them\n";
        assert_eq!(run(&["keyring", command, &path, ONE]).failed(), (2, problem.to_owned()));
    }
}
