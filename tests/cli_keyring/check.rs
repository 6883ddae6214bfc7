//! Check: all that is wrong, and exit code 1; or that nobody is logged out, and 0.

use serde_json::json;

use crate::cli_keyring::{
    ROTATING,
    command::{ONE, Ran, TWO, directory, private},
    file, keyring,
};

const NOW: &str = "2027-02-24T04:30:00Z";

#[test]
fn a_ring_that_keeps_every_session_is_fine() {
    let path = file("check", ROTATING);
    let kept = format!("{path}: every session that is out is kept\n");
    assert_eq!(keyring("check", &path, "2027-02-24T05:01:00Z", &[]).fine(), kept);
    let told = keyring("check", &path, NOW, &["--format", "json"]).json();
    assert_eq!((&told["file"], &told["problems"]), (&json!(path), &json!([])));
    assert_eq!(
        told["ring"]["policy"],
        json!({"propagation_delay": 3600, "skew": 60, "token_life": 604_800, "seal_period": 7_776_000})
    );
}

#[test]
fn a_ring_that_is_on_its_way_has_to_arrive() {
    let path = file("check-way", ROTATING);
    for (now, note) in [
        ("2027-02-24T04:59:59Z", "every node has to have it by 2027-02-24T05:00:00Z"),
        (
            "2027-02-24T05:00:00Z",
            "every node should have it by now: where it is missing at 2027-02-24T05:01:00Z, sessions under 3eeee5a7 wait",
        ),
    ] {
        let expected = format!("{path}: every session that is out is kept\n  {note}\n");
        assert_eq!(keyring("check", &path, now, &[]).fine(), expected);
    }
}

/// One key that opens too briefly, one that seals too soon.
fn wrong() -> String {
    ROTATING
        .replace("2027-03-03T05:04:01Z", "2027-03-03T05:03:00Z")
        .replace("created = 2027-02-24T04:00:00Z", "created = 2027-02-24T04:00:01Z")
}

#[test]
fn all_that_is_wrong_is_listed() {
    let path = file("check-wrong", &wrong());
    let Ran { code, stdout, stderr } = keyring("check", &path, NOW, &[]);
    let expected = format!(
        "{path}: 2 problems\n  key cd4cceef would open until 2027-03-03T05:03:00Z only, but cookies sealed under it are good until \
         2027-03-03T05:03:01Z: set its open_until to that or later\n  key 3eeee5a7 would seal from 2027-02-24T05:01:00Z, before \
         every node has it: from 2027-02-24T05:01:01Z on it may\n  every node has to have it by 2027-02-24T05:00:01Z\n"
    );
    assert_eq!((code, stdout, stderr.as_str()), (Some(1), expected, ""));
    let Ran { code, stdout, .. } = keyring("check", &path, NOW, &["--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, told["problems"].as_array().unwrap().len()), (Some(1), 2));
}

#[test]
fn a_step_that_would_log_people_out_is_refused_beforehand() {
    let directory = directory("check-step");
    let old = private(&directory.join("old.toml"), ROTATING);
    let new = private(&directory.join("new.toml"), &ROTATING.replacen("[[key]]\nkey = \"htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO7\"\ncreated = 2026-11-26T04:00:00Z\nseal_from = 2026-11-26T04:00:00Z\nseal_until = 2027-02-24T05:01:00Z\nopen_until = 2027-03-03T05:04:01Z\n", "", 1));
    let Ran { code, stdout, .. } = keyring("check", &new, "2027-02-25T00:00:00Z", &["--previous", &old]);
    let expected = format!(
        "{new}: 1 problem\n  key cd4cceef is missing, but cookies sealed under it may be good until 2027-03-03T05:03:01Z: keep it in \
         the ring until then, or revoke it if they are to end\n"
    );
    assert_eq!((code, stdout), (Some(1), expected));
    // By itself it is fine, and so is the step once those cookies have expired.
    assert_eq!(keyring("check", &new, "2027-02-25T00:00:00Z", &[]).code, Some(0));
    let later = keyring("check", &new, "2027-03-03T05:04:01Z", &["--previous", &old]);
    assert_eq!(later.fine(), format!("{new}: nobody is logged out by the step from {old} to it\n"));
    // The other way, a key comes back that is gone.
    let back = keyring("check", &old, "2027-03-10T00:00:00Z", &["--previous", &old]);
    assert_eq!(back.code, Some(0));
}

#[test]
fn lists_can_be_checked_for_a_step() {
    let directory = directory("check-lists");
    let list = |name: &str, text: &str| private(&directory.join(name), text);
    let (one, both, swapped) =
        (list("one", ONE), list("both", &format!("{ONE},{TWO}")), list("swapped", &format!("{TWO},{ONE}")));
    let alone = keyring("check", &one, NOW, &[]).fine();
    assert_eq!(alone, format!("{one}: a list without times, which says nothing to check\n"));
    assert_eq!(keyring("check", &both, NOW, &["--previous", &one]).code, Some(0));
    assert_eq!(keyring("check", &swapped, NOW, &["--previous", &both]).code, Some(0));
    let Ran { code, stdout, .. } = keyring("check", &swapped, NOW, &["--previous", &one]);
    let problem = "  key 3eeee5a7 would seal at once, and other nodes may not have it: put it behind the primary first, everywhere\n";
    assert_eq!((code, stdout), (Some(1), format!("{swapped}: 1 problem\n{problem}")));
}

#[test]
fn a_rotation_that_is_overdue_is_said_and_no_problem() {
    let path = file("check-overdue", ROTATING);
    let expected = format!(
        "{path}: every session that is out is kept\n  rotation is overdue since 2027-05-25T05:01:00Z: the key goes on sealing until \
         it is rotated\n"
    );
    assert_eq!(keyring("check", &path, "2027-05-25T05:01:00Z", &[]).fine(), expected);
    assert_eq!(
        keyring("check", &path, "2027-05-25T05:00:59Z", &[]).fine(),
        format!("{path}: every session that is out is kept\n")
    );
}
