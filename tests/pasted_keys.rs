//! Keys that were copied with something around them: the error names the mistake, and shows no part of a key.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hardtack::{Key, KeyError, Keyring, Suite};

const SECRETS: [[u8; 32]; 2] = [*b"a secret of thirty-two bytes: A!", *b"a secret of thirty-two bytes: B!"];

/// The texts of two keys.
fn texts() -> [String; 2] {
    SECRETS.map(|secret| Key::from_secret(Suite::Xaes256Gcm, &secret).unwrap().expose_text().as_str().to_owned())
}

/// The text with `A` and `B` replaced by keys.
fn filled(text: &str) -> String {
    let [one, two] = texts();
    text.replace("{A}", &one).replace("{B}", &two)
}

#[track_caller]
fn refused(texts: &[(&str, usize)], problem: &str) {
    for (text, line) in texts {
        let found = Keyring::from_text(&filled(text));
        let Err(error @ KeyError::Pasted { line: at, .. }) = &found else { panic!("{text:?}: {found:?}") };
        assert_eq!((*at, error.to_string()), (*line, format!("line {line}: {problem}")), "{text:?}");
        assert!(!format!("{error} {error:?}").contains("htk1"));
    }
}

#[test]
fn a_byte_order_mark() {
    let problem =
        "a byte order mark stands in front: save the text as UTF-8 without it (\"UTF-8\", not \"UTF-8 with BOM\")";
    refused(&[("\u{feff}{A}", 1), ("\u{feff}# ours\n{A}\n{B}", 1), ("\u{feff}\"{A}\"", 1)], problem);
}

#[test]
fn quotes() {
    let texts = [
        ("\"{A}\"", 1),
        ("'{A}'", 1),
        ("`{A}`", 1),
        ("\u{201c}{A}\u{201d}", 1),
        ("\"{A},{B}\"", 1),
        ("\"{A}", 1),
        ("{A}\"", 1),
        ("{A},\"{B}\"", 1),
        ("# ours\n{A}\n\"{B}\"\n", 3),
    ];
    refused(&texts, "a key stands in quotes: remove them");
}

#[test]
fn the_name_of_a_variable() {
    let texts = [
        ("HARDTACK_KEYS={A}", 1),
        ("HARDTACK_KEYS=\"{A},{B}\"", 1),
        ("HARDTACK_KEYS = {A}", 1),
        ("HARDTACK_KEYS: {A}", 1),
        ("keys={A}", 1),
        ("# ours\n\nhardtack.keys='{A}'", 3),
        ("{A}\nOTHER={B}", 2),
    ];
    refused(&texts, "the name of a variable stands in front of the keys: keep what is behind it, without quotes");
}

#[test]
fn a_line_of_a_shell() {
    let texts = [("export HARDTACK_KEYS={A}", 1), ("export HARDTACK_KEYS=\"{A}\"", 1), ("\nexport\tKEYS='{A},{B}'", 2)];
    refused(&texts, "`export` stands in front of the keys: keep what is behind the =, without quotes");
}

#[test]
fn what_is_in_order_stays_so() {
    for text in
        ["{A}", "{A},{B}", "{A}\n{B}\n", " {A} , # \"the first\"\n{B} # KEYS={A}\r\n", "# export KEYS=\"\"\n{A}"]
    {
        assert!(Keyring::from_text(&filled(text)).is_ok(), "{text:?}");
    }
}
