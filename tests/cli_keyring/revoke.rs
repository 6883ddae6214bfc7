//! Revoke: whose sessions end, and who seals then.

use serde_json::json;

use crate::cli_keyring::{ROTATING, command::ids, file, keyring, said};

#[test]
fn a_key_that_seals_makes_room_for_the_one_every_node_has() {
    // The one that waits has reached every node.
    let text = ROTATING
        .replace("2027-02-24T05:01:00Z", "2027-03-24T05:01:00Z")
        .replace("2027-03-03T05:04:01Z", "2027-03-31T05:04:01Z");
    let path = file("revoke-waiting", &text);
    let text = said(keyring("revoke", &path, "2027-02-25T00:00:00Z", &["cd4cceef"]), &path);
    let expected = ": written\n  cd4cceef is revoked. It sealed from 2026-11-26T04:00:00Z to 2027-02-25T00:00:00Z.\n  Everybody whose \
                    cookie was sealed last under it is logged out,\n  on each node as soon as it has this file.\n  Sessions sealed \
                    anew under another key since then go on.\n  Not revoked: 3eeee5a7.\n  3eeee5a7 seals from now on.\nnext\n  from 2027-03-04T01:04:01Z  \
                    hardtack keyring prune: cd4cceef is of no use then\n  by 2027-05-25T22:59:00Z    hardtack keyring rotate\n";
    assert_eq!(text, expected);
    let again = keyring("revoke", &path, "2027-02-25T00:00:00Z", &["cd4cceef"]).failed();
    assert_eq!(again, (1, "hardtack: there is no such key that was not revoked already\n".to_owned()));
}

/// What is told when the key that waits until 05:01 is revoked at this time: whether sessions end, and the first lines.
#[track_caller]
fn revoked_while_waiting(now: &str) -> (bool, Vec<String>) {
    let path = file(&format!("revoke-pending-{}", now.replace(':', "")), ROTATING);
    let told = keyring("revoke", &path, now, &["3eeee5a7", "--format", "json"]).json();
    assert_eq!(told["revoked"], json!(["3eeee5a7"]));
    let said: Vec<_> = told["said"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect();
    assert_eq!(said.last().unwrap(), "cd4cceef seals from now on.");
    (told["ends_sessions"].as_bool().unwrap(), said)
}

#[test]
fn a_key_that_waits_is_revoked_without_ending_a_session_if_every_node_hears_in_time() {
    // An hour for the last node, and 60 seconds for the clock that is furthest ahead.
    let (ends, said) = revoked_while_waiting("2027-02-24T04:00:00Z");
    assert!(!ends);
    assert_eq!(said[0], "3eeee5a7 is revoked. It never sealed: nobody is logged out by that.");
}

#[test]
fn a_key_that_is_to_seal_before_every_node_hears_ends_what_late_nodes_seal() {
    for now in ["2027-02-24T04:00:01Z", "2027-02-24T04:30:00Z", "2027-02-24T04:59:59Z"] {
        let (ends, said) = revoked_while_waiting(now);
        assert!(ends, "{now}");
        let expected = [
            "3eeee5a7 is revoked. From 2027-02-24T05:01:00Z on, nodes that do not have this file may still seal under it.",
            "Whose cookie they seal under it is logged out, on each node as soon as it has this file.",
            "Sessions sealed anew under another key since then go on.",
        ];
        assert_eq!(said[..3], expected, "{now}");
    }
}

#[test]
fn a_key_that_another_node_may_have_sealed_with_counts_as_one_that_did() {
    // 60 seconds before it seals here, it seals on a node whose clock is 60 seconds ahead.
    for now in ["2027-02-24T05:00:00Z", "2027-02-24T05:00:59Z"] {
        let (ends, said) = revoked_while_waiting(now);
        assert!(ends, "{now}");
        assert_eq!(
            said[0], "3eeee5a7 is revoked. It sealed from 2027-02-24T05:01:00Z to 2027-02-24T05:01:00Z.",
            "{now}"
        );
    }
}

#[test]
fn a_key_that_is_gone_ends_no_session() {
    let path = file("revoke-gone", ROTATING);
    let told = keyring("revoke", &path, "2027-03-04T00:00:00Z", &["cd4cceef", "--format", "json"]).json();
    assert_eq!(told["ends_sessions"], false);
    assert_eq!(
        told["said"][0],
        "cd4cceef is revoked. No cookie of its was good any more: nobody is logged out by that."
    );
}

#[test]
fn the_last_key_is_followed_by_a_new_one_at_once() {
    let path = file("revoke-all", ROTATING);
    let text = said(
        keyring("revoke", &path, "2027-03-10T00:00:00Z", &["--created-before", "2027-03-10T00:00:00Z", "--suite", "1"]),
        &path,
    );
    let ids = ids(&path);
    assert_eq!((ids.len(), &ids[0][..], &ids[1][..]), (3, "cd4cceef", "3eeee5a7"));
    let new = &ids[2];
    let expected = format!(
        ": written\n  cd4cceef is revoked. No cookie of its was good any more: nobody is logged out by that.\n  3eeee5a7 is revoked. \
         It sealed from 2027-02-24T05:01:00Z to 2027-03-10T00:00:00Z.\n  Everybody whose cookie was sealed last under it is logged \
         out,\n  on each node as soon as it has this file.\n  Sessions sealed anew under another key since then go on.\n  {new} \
         seals from now on.\n  {new} is a new key, and seals from 2027-03-10T00:00:00Z on.\n  Some nodes may not have {new} yet: \
         bring them this file at once.\n  Until a node has it, sessions sealed on others wait there.\n"
    );
    assert!(text.starts_with(&expected), "{text}");
    let file = std::fs::read_to_string(&path).unwrap();
    assert_eq!(file.matches("revoked = 2027-03-10T00:00:00Z\n").count(), 2);
    assert!(file.lines().last().unwrap().starts_with("key = \"htk1_"));
}

/// Made in the second of `--created-before`, or by a clock that was ahead of it, a key is left; and that is said.
#[test]
fn keys_that_are_left_are_named() {
    for limit in ["2026-11-26T04:00:01Z", "2027-02-24T04:00:00Z"] {
        let path = file("revoke-left", ROTATING);
        let text = said(keyring("revoke", &path, "2027-02-24T04:30:00Z", &["--created-before", limit]), &path);
        assert!(text.contains("\n  Not revoked: 3eeee5a7.\n  3eeee5a7 seals from now on.\n"), "{text}");
    }
    let path = file("revoke-left-none", ROTATING);
    let limit = ["--created-before", "2027-02-24T04:00:01Z"];
    let text = said(keyring("revoke", &path, "2027-02-24T04:30:00Z", &limit), &path);
    assert!(!text.contains("Not revoked"), "{text}");
}

#[test]
fn all_keys_are_revoked_whenever_they_were_made() {
    // The clock of the machine that revokes is behind that of the one that made the second key.
    for now in ["2027-02-24T03:59:00Z", "2027-02-24T04:00:00Z", "2027-03-10T00:00:00Z"] {
        let path = file("revoke-every", ROTATING);
        let told = keyring("revoke", &path, now, &["--all", "--format", "json"]).json();
        let left = ids(&path).into_iter().find(|id| !["cd4cceef", "3eeee5a7"].contains(&id.as_str())).unwrap();
        assert_eq!(told["revoked"], json!(["cd4cceef", "3eeee5a7"]), "{now}");
        assert_eq!((&told["added"], &told["ends_sessions"]), (&json!([left]), &json!(true)), "{now}");
        assert!(!told["said"].to_string().contains("Not revoked"), "{told}");
        // Again, the new key too.
        let again = keyring("revoke", &path, now, &["--all", "--format", "json"]).json();
        assert_eq!((&again["revoked"], ids(&path).len()), (&json!([left]), 4), "{now}");
    }
}

#[test]
fn what_is_not_there_is_not_revoked() {
    let path = file("revoke-none", ROTATING);
    let before = std::fs::read(&path).unwrap();
    for (arguments, code, problem) in [
        (&["3822dd00"][..], 1, "hardtack: key 3822dd00 is not in the ring\n"),
        (&["cd4cceef", "3822dd00"], 1, "hardtack: key 3822dd00 is not in the ring\n"),
        (
            &["--created-before", "2026-11-26T04:00:00Z"],
            1,
            "hardtack: there is no such key that was not revoked already\n",
        ),
    ] {
        assert_eq!(keyring("revoke", &path, "2027-02-24T04:30:00Z", arguments).failed(), (code, problem.to_owned()));
    }
    for arguments in [
        &[][..],
        &["cd4cceef", "--created-before", "2027-01-01T00:00:00Z"],
        &["cd4cceef", "--all"],
        &["--all", "--created-before", "2027-01-01T00:00:00Z"],
    ] {
        assert_eq!(keyring("revoke", &path, "2027-02-24T04:30:00Z", arguments).code, Some(2));
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
