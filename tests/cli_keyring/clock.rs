//! Clocks that are wrong: before 2020, stepping back, at the end of all times.

use crate::cli_keyring::{
    ROTATING,
    command::{Ran, ids, run},
    file, keyring,
};

#[test]
fn a_clock_before_the_keys_were_made_changes_nothing() {
    for now in ["0", "1", "1577836799", "1795665538"] {
        let path = file("clock-before", ROTATING);
        let before = std::fs::read(&path).unwrap();
        for (command, more) in [
            ("rotate", &[][..]),
            ("promote", &[]),
            ("revoke", &["cd4cceef"]),
            ("prune", &[]),
            ("retire", &["cd4cceef"]),
        ] {
            let (code, stderr) = keyring(command, &path, now, more).failed();
            assert!((1..=2).contains(&code), "{command} at {now}: {code}");
            assert!(stderr.starts_with("hardtack: key "), "{command} at {now}: {stderr}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), before, "{now}");
        let Ran { code, stdout, .. } = keyring("check", &path, now, &[]);
        assert_eq!(
            (code, stdout.matches("which is yet to come: correct the clock of this machine").count()),
            (Some(1), 2)
        );
        assert!(keyring("explain", &path, now, &[]).fine().contains("problems\n  key cd4cceef was created at"));
    }
}

#[test]
fn a_clock_that_steps_back_brings_no_key_back() {
    let path = file("clock-back", ROTATING);
    assert_eq!(keyring("revoke", &path, "2027-02-24T06:00:00Z", &["cd4cceef"]).code, Some(0));
    assert_eq!(keyring("prune", &path, "2027-03-10T00:00:00Z", &[]).code, Some(0));
    assert_eq!(ids(&path), ["3eeee5a7"]);
    // Back by a fortnight, and further than the keys are old.
    for now in ["2027-02-24T05:30:00Z", "2026-11-27T00:00:00Z", "0"] {
        for command in ["prune", "promote", "rotate"] {
            let _ = keyring(command, &path, now, &[]);
            assert!(!ids(&path).contains(&"cd4cceef".to_owned()), "{command} at {now}");
        }
        let explained = keyring("explain", &path, now, &["--format", "json"]).json();
        assert!(!explained.to_string().contains("cd4cceef"));
    }
}

#[test]
fn a_revoked_key_stays_so_whatever_the_clock_shows() {
    let path = file("clock-revoked", ROTATING);
    assert_eq!(keyring("revoke", &path, "2027-02-24T06:00:00Z", &["cd4cceef"]).code, Some(0));
    for now in ["0", "1795665600", "2027-02-24T05:59:59Z", "2027-02-24T06:00:00Z", "253402300799"] {
        let told = keyring("explain", &path, now, &["--format", "json"]).json();
        assert_eq!(told["keys"][0]["state"], "revoked", "{now}");
    }
}

#[test]
fn the_ends_of_all_times_are_errors_and_no_panics() {
    for now in ["0", "253402300799", "253402300800", "1099511627775"] {
        let path = file("clock-ends", ROTATING);
        for command in ["rotate", "promote", "prune", "check", "explain"] {
            let ran = keyring(command, &path, now, &[]);
            assert!(matches!(ran.code, Some(0..=2)), "{command} at {now}: {ran:?}");
        }
        let new = format!("{path}.{now}");
        let ran = run(&["keyring", "init", &new, "--now", now]);
        // Its first key would have to open until after the year 9999.
        assert_eq!(ran.code, Some(if now == "0" { 0 } else { 2 }), "{now}: {ran:?}");
        assert_eq!(std::path::Path::new(&new).exists(), now == "0");
    }
}
