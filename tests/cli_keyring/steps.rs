//! Rotate, promote, retire, prune: the file after it, and what is said.

use serde_json::json;

use crate::cli_keyring::{
    ROTATING,
    command::{ids, run},
    file, keyring, said,
};

/// One key, which seals from 2026-11-26T04:00:00Z on.
fn one(name: &str) -> String {
    let end = ROTATING.rfind("\n[[key]]").unwrap();
    file(
        name,
        &ROTATING[..end].replace("02-24T05:01:00Z", "02-24T04:00:00Z").replace("03-03T05:04:01Z", "03-03T04:03:01Z"),
    )
}

#[test]
fn rotate_takes_a_key_in_that_every_node_has_before_it_seals() {
    let path = one("rotate");
    let text = said(keyring("rotate", &path, "2027-02-20T12:00:00Z", &[]), &path);
    let id = &ids(&path)[1];
    let expected = format!(
        ": written\n  {id} is a new key, and waits: until it seals, it only opens.\n  {id} seals from 2027-02-20T13:01:00Z on.\n  \
         cd4cceef seals until then, and opens until 2027-02-27T13:04:01Z.\n  Nobody is logged out, if every node has this file by \
         2027-02-20T13:00:00Z.\nnext\n  by 2027-02-20T13:00:00Z    every node has this file, with {id}\n  at 2027-02-20T13:01:00Z    \
         {id} begins to seal, by itself\n  by 2027-05-21T12:00:00Z    hardtack keyring rotate\n"
    );
    assert_eq!(text, expected);
    let again = keyring("rotate", &path, "2027-02-20T12:00:01Z", &[]).failed();
    let waits = format!(
        "hardtack: key {id} waits already, and seals from 2027-02-20T13:01:00Z: let it, promote it, or withdraw it with retire\n"
    );
    assert_eq!(again, (1, waits));
}

#[test]
fn rotate_at_a_time_of_choice() {
    let path = one("rotate-at");
    let early = keyring("rotate", &path, "2027-02-20T12:00:00Z", &["--at", "2027-02-20T13:00:59Z"]).failed();
    assert_eq!(early.0, 1);
    let text = "seal from 2027-02-20T13:00:59Z, before every node has it: from 2027-02-20T13:01:00Z on it may\n";
    assert!(early.1.ends_with(text), "{}", early.1);
    assert_eq!(ids(&path).len(), 0, "left as it was");
    assert_eq!(keyring("rotate", &path, "2027-02-20T12:00:00Z", &["--at", "1803430800"]).code, Some(0));
    assert!(std::fs::read_to_string(&path).unwrap().contains("seal_from = 2027-02-24T01:00:00Z\n"));
}

#[test]
fn the_suite_stays_unless_another_is_asked_for() {
    let first = ROTATING.find("[[key]]").unwrap();
    let second = ROTATING.rfind("[[key]]").unwrap();
    let [settings, one, two] = [&ROTATING[..first], &ROTATING[first..second], &ROTATING[second..]];
    for (keys, asked, prefix) in [
        (vec![one], &[][..], "htk1_"),
        (vec![two], &[], "htk2_"),
        (vec![one, two], &[], "htk2_"),
        (vec![one, two], &["--suite", "1"], "htk1_"),
        (vec![one], &["--suite", "2"], "htk2_"),
    ] {
        let path = file("rotate-suite", &format!("{settings}{}", keys.concat()));
        assert_eq!(keyring("rotate", &path, "2027-05-20T00:00:00Z", asked).code, Some(0));
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written.lines().last().unwrap().starts_with(&format!("key = \"{prefix}")), "{asked:?}");
    }
}

#[test]
fn promote_lets_the_key_that_waits_take_over_early() {
    let text = ROTATING
        .replace("2027-02-24T05:01:00Z", "2027-03-24T05:01:00Z")
        .replace("2027-03-03T05:04:01Z", "2027-03-31T05:04:01Z");
    let path = file("promote", &text);
    let text = said(keyring("promote", &path, "2027-02-24T12:00:00Z", &[]), &path);
    let expected = ": written\n  3eeee5a7 seals from now on.\n  Nobody is logged out.\nnext\n  from 2027-03-31T05:05:01Z  hardtack \
                    keyring prune: cd4cceef is of no use then\n  by 2027-05-25T10:59:00Z    hardtack keyring rotate\n";
    assert_eq!(text, expected);
    let nothing = keyring("promote", &path, "2027-02-24T12:00:01Z", &[]).failed();
    assert_eq!(nothing, (1, "hardtack: no key waits to take over: rotate first\n".to_owned()));
}

#[test]
fn retire_lets_the_key_that_seals_make_room() {
    let text = ROTATING
        .replace("2027-02-24T05:01:00Z", "2027-03-24T05:01:00Z")
        .replace("2027-03-03T05:04:01Z", "2027-03-31T05:04:01Z");
    let path = file("retire", &text);
    let text = said(keyring("retire", &path, "2027-02-24T04:30:00Z", &["cd4cceef"]), &path);
    let expected = ": written\n  3eeee5a7 seals from 2027-02-24T05:01:00Z on.\n  cd4cceef seals until then, and opens until \
                    2027-03-31T05:04:01Z.\n  Nobody is logged out, if every node has this file by 2027-02-24T05:30:00Z.\nnext\n";
    assert!(text.starts_with(expected), "{text}");
    for (id, code, problem) in [
        ("3822dd00", 1, "hardtack: key 3822dd00 is not in the ring\n"),
        ("3822dd", 2, "hardtack: a key's id is 8 hexadecimal digits, as hardtack keyring explain shows them\n"),
        (
            crate::command::ONE,
            2,
            "hardtack: a key's id is 8 hexadecimal digits, as hardtack keyring explain shows them\n",
        ),
    ] {
        assert_eq!(keyring("retire", &path, "2027-02-24T04:30:00Z", &[id]).failed(), (code, problem.to_owned()));
    }
}

#[test]
fn retire_withdraws_a_key_that_waits() {
    let text = ROTATING
        .replace("2027-02-24T05:01:00Z", "2027-03-24T05:01:00Z")
        .replace("2027-03-03T05:04:01Z", "2027-03-31T05:04:01Z");
    let path = file("withdraw", &text);
    let text = said(keyring("retire", &path, "2027-02-24T04:30:00Z", &["3eeee5a7"]), &path);
    let expected = ": written\n  3eeee5a7 is out of the ring again. cd4cceef goes on sealing.\n  Nobody is logged out, if every node \
                    has this file by 2027-02-24T05:30:00Z:\n  then it never seals.\nnext\n  by 2027-03-24T04:00:00Z    hardtack \
                    keyring rotate\n";
    assert_eq!(text, expected);
    assert_eq!(ids(&path), ["cd4cceef"]);
    let path = file("withdraw-late", ROTATING);
    let late = keyring("retire", &path, "2027-02-24T04:30:00Z", &["3eeee5a7"]).failed();
    let problem = "hardtack: key 3eeee5a7 seals from 2027-02-24T05:01:00Z, too soon for every node to hear that it is withdrawn: let it \
                   take over, and rotate again; or revoke it\n";
    assert_eq!(late, (1, problem.to_owned()));
}

#[test]
fn prune_removes_what_is_of_no_use_and_nothing_else() {
    let path = file("prune", ROTATING);
    let before = std::fs::read(&path).unwrap();
    let text = said(keyring("prune", &path, "2027-03-03T05:05:00Z", &[]), &path);
    let expected = ": left as it is\n  No key is to be removed now. cd4cceef may go from 2027-03-03T05:05:01Z on.\nnext\n  from \
                    2027-03-03T05:05:01Z  hardtack keyring prune: cd4cceef is of no use then\n  by 2027-05-25T04:00:00Z    hardtack \
                    keyring rotate\n";
    assert_eq!(text, expected);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let text = said(keyring("prune", &path, "2027-03-03T05:05:01Z", &[]), &path);
    let expected = ": written\n  Removed: cd4cceef.\n  Nobody is logged out: no cookie of theirs is good any more.\nnext\n  by \
                    2027-05-25T04:00:00Z    hardtack keyring rotate\n";
    assert_eq!(text, expected);
    assert_eq!(ids(&path), ["3eeee5a7"]);
    assert!(!std::fs::read_to_string(&path).unwrap().contains("htk1_dLI4"));
}

#[test]
fn machines_are_told_the_same() {
    let path = one("rotate-json");
    let told = keyring("rotate", &path, "2027-02-20T12:00:00Z", &["--format", "json"]).json();
    let id = &ids(&path)[1];
    assert_eq!(told["file"], path);
    assert_eq!((&told["changed"], &told["ends_sessions"]), (&json!(true), &json!(false)));
    assert_eq!((&told["added"], &told["revoked"], &told["removed"]), (&json!([id]), &json!([]), &json!([])));
    assert_eq!(told["said"].as_array().unwrap().len(), 4);
    assert_eq!(told["ring"]["keys"][1]["state"], "pending");
    assert_eq!(told["ring"]["keys"][1]["times"]["seal_from"], 1_803_128_460);
    let steps: Vec<_> =
        told["ring"]["next"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["distribute", "takes_over", "rotate"]);
    let told = keyring("prune", &path, "2027-02-20T12:00:00Z", &["--format", "json"]).json();
    assert_eq!((&told["changed"], &told["removed"]), (&json!(false), &json!([])));
}

#[test]
fn a_list_cannot_be_rotated() {
    let path = file("list", crate::command::ONE);
    let problem = "hardtack: these keys are a list without times: give them a schedule first (keyring init --import)\n";
    for arguments in [&["rotate", &path][..], &["promote", &path], &["prune", &path], &["revoke", &path, "cd4cceef"]] {
        assert_eq!(run(&[&["keyring"][..], arguments].concat()).failed(), (1, problem.to_owned()), "{arguments:?}");
    }
}
