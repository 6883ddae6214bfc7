//! Files that say what cannot be: the line, and what to do.

use hardtack::{KeyError, Keyring};

use crate::keyring_file::{ONE, OTHER, SETTINGS, THREE, TWO, error, file, table};

const START: &str = "2026-11-26T04:00:00Z";
const LATER: &str = "2027-02-24T04:00:00Z";

#[track_caller]
fn assert_line(text: &str, line: usize, problem: &str) {
    let error = error(text);
    assert_eq!(error, KeyError::Line { line, problem: problem.to_owned() }, "{text}");
    assert_eq!(error.to_string(), format!("line {line}: {problem}"));
}

/// One key on lines 6 to 10, with another line of fields on line 10.
fn with(field: &str) -> String {
    file(&table(ONE, START)).trim_end().to_owned() + "\n" + field
}

/// One key, with a line of it replaced.
fn instead(old: &str, new: &str) -> String {
    let text = file(&table(ONE, START));
    assert_eq!(text.matches(old).count(), 1, "{old}");
    text.replace(old, new)
}

const NO_TOML: &str = "neither a line of a keyring file, which is name = value, [[key]] or a comment behind #, nor a key, \
                       which begins with htk1_ or htk2_: correct it";
const NO_VALUE: &str = "this is no value as a keyring file has them: text stands in double quotes, on one line and without \\, a time \
                        is written such as 2026-11-26T04:00:00Z";
const HEADER: &str = "a table of a keyring file begins with [[key]], in double brackets: correct it";

#[test]
fn what_is_no_toml() {
    assert_line("hello", 1, NO_TOML);
    assert_line("correct horse battery staple", 1, NO_TOML);
    assert_line("{\"keys\": []}", 1, NO_TOML);
    assert_line("# ours\n\nhkt1_dLI4", 3, NO_TOML);
    assert_line(&with("revoked"), 10, NO_TOML);
    assert_line(&with("revoked ="), 10, NO_VALUE);
    assert_line(&with("= 1"), 10, NO_TOML);
    assert_line(&with("[[key"), 10, NO_TOML);
    assert_line(&with("# bell \u{7}"), 10, NO_TOML);
    assert_line(&with("revoked = 2026-11-26T04:00:00Z id = \"\""), 10, NO_TOML);
    assert_line(&with("id = 'a"), 10, NO_VALUE);
    assert_line(&with("id = \"a"), 10, NO_VALUE);
}

#[test]
fn tables_that_are_none_of_a_key() {
    for header in ["[key]", "[[keys]]", "[[Key]]", "[ring]", "[[key.more]]", "[[\"\"]]", "[[key]]\n[key.more]"] {
        let line = if header.contains('\n') { 11 } else { 10 };
        let dots = "a name in a keyring file has no dots: correct or remove it";
        assert_line(&with(header), line, if header == "[[key.more]]" { dots } else { HEADER });
    }
}

#[test]
fn names_that_are_not_known() {
    let no_field = "no field of a key, which are id, revoked, created, seal_from, seal_until, open_until, key: correct it, \
                    remove it, or put it before the first [[key]]";
    let no_setting = "no setting of a ring, which are format, keys, propagation_delay, skew, token_life, seal_period: correct \
                      or remove it";
    assert_line(&with("opens_until = 2026-11-26T04:00:00Z"), 10, no_field);
    assert_line(&with("Revoked = 2026-11-26T04:00:00Z"), 10, no_field);
    // A setting behind the keys.
    assert_line(&with("skew = \"60s\""), 10, no_field);
    assert_line(&with("\"\" = 1"), 10, no_field);
    assert_line(&file("idle = \"30min\"\n"), 6, no_setting);
    // A field before the keys.
    assert_line(&file("created = 2026-11-26T04:00:00Z\n"), 6, no_setting);
    assert_line(
        &with("revoked.at = 2026-11-26T04:00:00Z"),
        10,
        "a name in a keyring file has no dots: correct or remove it",
    );
}

#[test]
fn names_that_stand_there_twice() {
    assert_line(&file("skew = \"60s\"\n"), 6, "skew stands here a second time: remove one of them");
    assert_line(&with(&format!("key = \"{TWO}\"")), 10, "key stands here a second time: remove one of them");
    assert_line(&with(&format!("created = {START}")), 10, "created stands here a second time: remove one of them");
}

#[test]
fn what_has_to_be_there() {
    for (line, example) in [
        ("format = 1\n", "1"),
        ("propagation_delay = \"1h\"\n", "\"1h\""),
        ("skew = \"60s\"\n", "\"60s\""),
        ("token_life = \"7days\"\n", "\"7days\""),
        ("seal_period = \"90days\"\n", "\"90days\""),
    ] {
        let name = line.split(' ').next().unwrap();
        // Before the first key, which is where it has to stand.
        assert_line(&instead(line, ""), 5, &format!("there is no {name}: add one, such as {name} = {example}"));
    }
    for name in ["created", "seal_from"] {
        let line = format!("{name} = {START}\n");
        let problem = format!("there is no {name}: add one, such as {name} = 2026-11-26T04:00:00Z");
        assert_line(&instead(&line, ""), 6, &problem);
    }
    let problem = "there is no key: add one, such as key = \"htk1_...\", as hardtack key generate prints it";
    assert_line(&instead(&format!("key = \"{ONE}\"\n"), ""), 6, problem);
}

#[test]
fn a_format_of_another_version() {
    let problem = "format is not 1, the only one that this version knows: read it with the version that wrote it";
    assert_line(&instead("format = 1", "format = 2"), 1, problem);
    // Whatever else it may have, which that version knows.
    assert_line("format = 2\nquorum = 3\n", 1, problem);
    assert_line(&instead("format = 1", "format = 0"), 1, problem);
    let problem = "format is a whole number: write its digits only";
    for value in ["\"1\"", "1.0", "0x1", "true", "99999999999999999999", "-1", "1970-01-01"] {
        assert_line(&instead("format = 1", &format!("format = {value}")), 1, problem);
    }
}

#[test]
fn spans_that_are_none() {
    let problem = "skew is a span of whole seconds: write it such as \"60s\", \"1h\" or \"7days\"";
    for value in
        ["60", "\"60\"", "\"\"", "\"-60s\"", "\"100ms\"", "\"1.5s\"", "\"soon\"", "true", "\"99999999999999999999s\""]
    {
        assert_line(&instead("skew = \"60s\"", &format!("skew = {value}")), 3, problem);
    }
    let nested = "a value in a keyring file is text, a number or a time: correct or remove it";
    assert_line(&instead("skew = \"60s\"", "skew = [\"60s\"]"), 3, nested);
    assert_line(&instead("skew = \"60s\"", "skew = { seconds = 60 }"), 3, nested);
    // Added up, these overflow.
    for value in ["18446744073709551615s 1000ms", "18446744073709551615s", "18446744073709551615days"] {
        assert_line(&instead("skew = \"60s\"", &format!("skew = \"{value}\"")), 3, problem);
    }
}

#[test]
fn settings_out_of_range() {
    for (old, new, line, problem) in [
        ("skew = \"60s\"", "skew = \"301s\"", 3, "skew must be 0 to 300 seconds"),
        ("token_life = \"7days\"", "token_life = \"0s\"", 4, "token_life must be 1 second to 400 days"),
        ("token_life = \"7days\"", "token_life = \"401days\"", 4, "token_life must be 1 second to 400 days"),
        ("seal_period = \"90days\"", "seal_period = \"0s\"", 5, "seal_period must be 1 second to ten years"),
        (
            "propagation_delay = \"1h\"",
            "propagation_delay = \"11years\"",
            2,
            "propagation_delay must be at most ten years",
        ),
        (
            "propagation_delay = \"1h\"",
            "propagation_delay = \"999999999999days\"",
            2,
            "propagation_delay must be at most ten years",
        ),
    ] {
        assert_line(&instead(old, new), line, problem);
    }
}

#[test]
fn times_that_are_none() {
    let problem = "created is a time in UTC, in whole seconds, from 1970 on: write it such as 2026-11-26T04:00:00Z, without quotes";
    for value in [
        "\"2026-11-26T04:00:00Z\"",  // text
        "1795665600",                // a number
        "2026-11-26T04:00:00",       // local
        "2026-11-26",                // a date
        "04:00:00",                  // a time of day
        "2026-11-26T04:00:00+01:00", // not UTC
        "2026-11-26T04:00:00+00:00", // UTC, written in another way
        "2026-11-26T04:00:00.5Z",    // a fraction
        "2026-11-26T04:00:00.0Z",
        "2026-11-26 04:00:00Z",
        "2026-11-26t04:00:00z",
        "2026-11-26T04:00Z",
        "1969-12-31T23:59:59Z", // before 1970
        "0000-01-01T00:00:00Z",
        "2026-02-29T00:00:00Z", // no such day
        "2026-13-01T00:00:00Z",
        "2026-11-26T24:00:00Z",
        "2026-12-31T23:59:60Z", // a leap second
    ] {
        let text = instead(&format!("created = {START}"), &format!("created = {value}"));
        let KeyError::Line { line, problem: found } = error(&text) else { panic!("{value}") };
        assert_eq!(line, 8, "{value}");
        assert!(found == problem || found == NO_VALUE, "{value}: {found}");
    }
    let local = instead(&format!("created = {START}"), "created = 2026-11-26T04:00:00");
    assert_line(&local, 8, problem);
}

#[test]
fn times_that_do_not_go_together() {
    let problem = |problem: &str| format!("key 1: {problem}");
    for (field, said) in [
        ("seal_until = 2026-11-26T04:00:00Z", "seal_until is not after seal_from: correct one of them"),
        ("open_until = 2027-11-26T04:00:00Z", "open_until without seal_until: say when it stops sealing, or drop both"),
        (
            "seal_until = 2026-11-27T00:00:00Z\nopen_until = 2026-11-26T23:59:59Z",
            "open_until is before seal_until: what it seals would not open",
        ),
    ] {
        assert_line(&with(field), 6, &problem(said));
    }
    let text = instead(&format!("seal_from = {START}"), "seal_from = 2026-11-26T03:59:59Z");
    assert_line(&text, 6, &problem("seal_from is before created: a key cannot seal before it is in the ring"));
}

#[test]
fn keys_that_do_not_go_together() {
    let two = |first: &str, second: &str| file(&(table(first, START) + &table(second, LATER)));
    let reordered = file(&(table(ONE, LATER) + &table(TWO, START)));
    let order = "key 2 does not seal after the one before it: write keys in the order of seal_from";
    assert_line(&reordered, 11, order);
    let same_time = file(&(table(ONE, START) + &table(TWO, START)));
    assert_line(&same_time, 11, order);
    assert_line(&two(ONE, ONE), 11, "key 2 repeats an earlier secret: remove it");
    let overlap = two(ONE, OTHER).replacen(
        "\n\n[[key]]",
        "\nseal_until = 2027-02-24T04:00:01Z\nopen_until = 2027-12-31T00:00:00Z\n[[key]]",
        1,
    );
    assert_line(
        &overlap,
        12,
        "key 2 would seal while the one before it does: end that one's seal_until where this one begins",
    );
}

#[test]
fn keys_that_are_none() {
    let key = format!("key = \"{ONE}\"");
    for (value, problem) in [
        ("\"secret\"", "key 1 does not begin with htk1_ or htk2_: generate a key, passphrases are not keys"),
        ("\"htk1_\"", "key 1 has 5 characters, a key has 53: copy it whole"),
        ("\"htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO8\"", "key 1 is mistyped: copy it again"),
        ("\"htk1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADiwVc7\"", "key 1 is all one byte: generate a random one"),
        ("1", "key is text: write it in double quotes"),
    ] {
        assert_line(&instead(&key, &format!("key = {value}")), 7, problem);
    }
    let second = file(&(table(ONE, START) + &table(&TWO.replace("LabM", "LahM"), LATER)));
    assert_line(&second, 12, "key 2 is mistyped: copy it again");
    // It would have to be copied, and a copy would not be wiped.
    assert_line(&instead(&key, &key.replace("htk1", "\\u0068tk1")), 7, NO_VALUE);
    let problem = "id is not that of the key beside it, which is cd4cceef: correct the one that is wrong";
    assert_line(&with("id = \"3822dd00\""), 10, problem);
    assert_line(&with("id = \"CD4CCEEF\""), 10, problem);
    assert_line(&with("id = 3822"), 10, "id is text: write it in double quotes");
    assert!(Keyring::from_text(&with("id = \"cd4cceef\"")).is_ok());
}

#[test]
fn too_few_and_too_many_keys() {
    assert_eq!(error(SETTINGS), KeyError::Empty);
    assert_eq!(error(&format!("{SETTINGS}{}", "[[key]]\n".repeat(33))), KeyError::TooMany { count: 33 });
    assert_eq!(error(&format!("{SETTINGS}{}", "[[key]]\n".repeat(5000))), KeyError::TooMany { count: 5000 });
    assert_line(
        &THREE.replace("keys = 3", "keys = 2"),
        3,
        "keys says 2, but there are 3: get the whole file again, or correct the number",
    );
    assert_line(&THREE.replace("keys = 3", "keys = \"3\""), 3, "keys is a whole number: write its digits only");
    assert_eq!(error(&with("revoked = 2026-11-26T04:00:00Z")), KeyError::NothingSeals);
}

#[test]
fn what_nests_endlessly_is_refused() {
    for open in ["[", "{a="] {
        let text = with(&format!("id = {}", open.repeat(20_000)));
        assert_line(&text, 10, "a value in a keyring file is text, a number or a time: correct or remove it");
    }
    assert_eq!(error(&"[".repeat(60_000)), KeyError::Line { line: 1, problem: NO_TOML.to_owned() });
}
