//! `token seal`, and what comes back from `token open` and `token inspect`.

use serde_json::json;

use crate::cli_token::{
    command::{NOW, ONE, ONE_ID, Ran, TWO, TWO_ID, run_with},
    open, sealed,
};

#[test]
fn what_is_sealed_opens_as_it_was_meant() {
    let token = sealed(&[]);
    assert!(token.ends_with('\n') && token.len() > 91, "{token}");
    let opened = open(token.as_bytes(), &[]).json();
    assert_eq!(
        opened,
        json!({
            "key_id": ONE_ID, "suite": 1, "flags": 0, "schema": 1, "created_at": NOW, "ends_at": NOW + 43_200,
            "issued_at": NOW, "expires_at": NOW + 1_800, "session_id": opened["session_id"], "payload": "", "extensions": []
        })
    );
    assert_eq!(opened["session_id"].as_str().unwrap().len(), 32);
}

#[test]
fn a_remembered_session_has_the_other_timeouts() {
    let now = NOW.to_string();
    let naming = ["--cookie-name", "", "--purpose", "shop/invitation", "--binding", "0a0B", "--now", &now];
    let limits = ["--remembered-idle", "100", "--remembered-absolute", "200"];
    let seal =
        [&["token", "seal"][..], &naming, &limits, &["--schema", "65535", "--remembered", "--payload", "00ff7A"]];
    let token = run_with(TWO, b"", &seal.concat()).fine();
    let opened = run_with(TWO, token.as_bytes(), &[&["token", "open"][..], &naming].concat()).json();
    assert_eq!((&opened["key_id"], &opened["suite"]), (&json!(TWO_ID), &json!(2)));
    assert_eq!(
        (&opened["flags"], &opened["schema"], &opened["payload"]),
        (&json!(1), &json!(65_535), &json!("00ff7a"))
    );
    assert_eq!((&opened["expires_at"], &opened["ends_at"]), (&json!(NOW + 100), &json!(NOW + 200)));
    // Under no other name, purpose or binding.
    for other in [
        ["--cookie-name", "x", "--purpose", "shop/invitation", "--binding", "0a0b"],
        ["--cookie-name", "", "--purpose", "", "--binding", "0a0b"],
        ["--cookie-name", "", "--purpose", "shop/invitation", "--binding", ""],
    ] {
        let ran = run_with(TWO, token.as_bytes(), &[&["token", "open", "--now", &now][..], &other].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), "{\"refused\":\"Authentication\"}\n"), "{other:?}");
    }
}

#[test]
fn times_and_cut_offs_are_those_given() {
    let token = sealed(&[]);
    let refused = |more: &[&str]| {
        let Ran { code, stdout, .. } = open(token.as_bytes(), more);
        (code == Some(1)).then(|| stdout.trim().replace("{\"refused\":\"", "").replace("\"}", ""))
    };
    let time = |seconds: u64| (NOW + seconds).to_string();
    assert_eq!(refused(&["--valid-after", &time(0)]), None);
    assert_eq!(refused(&["--valid-after", &time(1)]).unwrap(), "Revoked");
    assert_eq!(refused(&["--valid-after", "2026-11-26T04:00:01Z"]).unwrap(), "Revoked");
    let at = |seconds: u64, more: &[&str]| {
        let now = time(seconds);
        let naming = ["token", "open", "--cookie-name", "session", "--now", &now];
        let ran = run_with(ONE, token.as_bytes(), &[&naming[..], more].concat());
        if ran.code == Some(0) { "opened".to_owned() } else { ran.stdout }
    };
    assert_eq!(at(1_799, &[]), "opened");
    assert_eq!(at(1_800, &[]), "{\"refused\":\"IdleTimeout\"}\n");
    assert_eq!(at(61, &["--idle", "61", "--skew", "60"]), "{\"refused\":\"IdleTimeout\"}\n");
    assert_eq!(at(100, &["--idle", "100", "--absolute", "100"]), "{\"refused\":\"AbsoluteTimeout\"}\n");
    assert_eq!(at(43_200, &["--idle", "1800"]), "{\"refused\":\"AbsoluteTimeout\"}\n");
}

#[test]
fn a_token_sealed_on_a_fast_clock_is_not_yet_valid() {
    let token = sealed(&[]);
    for (behind, expected) in [(60, "opened"), (61, "{\"refused\":\"NotYetValid\"}\n")] {
        let now = (NOW - behind).to_string();
        let ran = run_with(ONE, token.as_bytes(), &["token", "open", "--cookie-name", "session", "--now", &now]);
        let shown = if ran.code == Some(0) { "opened".to_owned() } else { ran.stdout };
        assert_eq!(shown, expected, "{behind}");
    }
}

#[test]
fn anybody_can_inspect_a_token() {
    // The first vector: its public parts as they stand in the file.
    let token =
        "Ec1Mzu972KISPSX8JbHmaVRzO_U1d8n9Faxqlb1izsy8m6u01az7ZfF2pnRJMceU1pNfGW21L8YeXcO0g6cMYuInO0Sjy1nWoPwViOvB\n";
    let inspected = run_with("", token.as_bytes(), &["token", "inspect"]).fine();
    let expected = "{\"version\":1,\"suite\":1,\"key_id\":\"cd4cceef\",\"nonce\":\
                    \"7bd8a2123d25fc25b1e66954733bf53577c9fd15ac6a95bd\",\"ciphertext_len\":33}\n";
    assert_eq!(inspected, expected);
    for (token, reason) in
        [(&b""[..], "TooShort"), (b"EQ\n", "TooShort"), (b"IQ", "Version"), (b"H_", "Encoding"), (b"Hw", "Suite")]
    {
        let ran = run_with("", token, &["token", "inspect"]);
        let expected = format!("{{\"refused\":\"{reason}\"}}\n");
        assert_eq!((ran.code, ran.stdout, ran.stderr.as_str()), (Some(1), expected, ""), "{token:?}");
    }
}

#[test]
fn one_line_end_is_not_part_of_the_token() {
    let token = sealed(&[]);
    let bare = token.trim_end();
    for (tail, opens) in [
        ("", true),
        ("\n", true),
        ("\r\n", true),
        ("\n\n", false),
        ("\r", false),
        (" ", false),
        (" \n", false),
        ("\n\r\n", false),
    ] {
        let ran = open(format!("{bare}{tail}").as_bytes(), &[]);
        if opens {
            assert_eq!(ran.json()["created_at"], NOW, "{tail:?}");
        } else {
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), "{\"refused\":\"Encoding\"}\n"), "{tail:?}");
        }
    }
}

#[test]
fn what_is_too_long_is_not_read_to_its_end() {
    // Name and value: 7 and 4089 bytes are as many as may be.
    for (length, reason) in [
        (4_089, "Version"),
        (4_090, "TooLong"),
        (4_096, "TooLong"),
        (4_097, "TooLong"),
        (4_099, "TooLong"),
        (50_000_000, "TooLong"),
    ] {
        for tail in ["", "\n"] {
            // Characters of which any number but 4n + 1 decodes, to zeros.
            let token = ["A".repeat(length).as_bytes(), tail.as_bytes()].concat();
            let ran = open(&token, &[]);
            let reason = if length % 4 == 1 && reason == "Version" { "Encoding" } else { reason };
            assert_eq!((ran.code, ran.stdout), (Some(1), format!("{{\"refused\":\"{reason}\"}}\n")), "{length}");
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_no_encoding() {
    for token in [&b"\xff\xfe"[..], b"\0", "é".as_bytes()] {
        let ran = open(token, &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), "{\"refused\":\"Encoding\"}\n"));
    }
}
