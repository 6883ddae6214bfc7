//! What is asked wrongly: exit code 2, and what to do on standard error.

use crate::cli_token::{
    command::{NOW, ONE, finished_with_secrets, hardtack, run, run_with},
    open, sealed,
};

const LIMITS: &str = "(with defaults for what is not given: ";

#[test]
fn timeouts_that_do_not_fit_together_are_said_to() {
    let token = sealed(&[]);
    let higher = "must not be longer than the absolute timeout: lower it or raise that";
    for (given, expected) in [
        (
            &["--absolute", "60"][..],
            format!(
                "idle_timeout {higher} {LIMITS}--idle 1800 --absolute 60 --remembered-idle 604800 --remembered-absolute 2592000 --skew 60)"
            ),
        ),
        (
            &["--idle", "43201"],
            format!(
                "idle_timeout {higher} {LIMITS}--idle 43201 --absolute 43200 --remembered-idle 604800 --remembered-absolute 2592000 --skew 60)"
            ),
        ),
        (
            &["--remembered-absolute", "9"],
            format!(
                "remembered_idle_timeout {higher} {LIMITS}--idle 1800 --absolute 43200 --remembered-idle 604800 --remembered-absolute 9 --skew 60)"
            ),
        ),
        (
            &["--idle", "60"],
            format!(
                "skew must be less than every idle timeout: lower it or raise them {LIMITS}--idle 60 --absolute 43200 --remembered-idle 604800 --remembered-absolute 2592000 --skew 60)"
            ),
        ),
        (
            &["--idle", "0"],
            format!(
                "idle_timeout must be at least one second {LIMITS}--idle 0 --absolute 43200 --remembered-idle 604800 --remembered-absolute 2592000 --skew 60)"
            ),
        ),
    ] {
        assert_eq!(open(token.as_bytes(), given).failed(), (2, format!("hardtack: {expected}\n")), "{given:?}");
    }
    assert_eq!(open(token.as_bytes(), &["--idle", "60", "--skew", "59"]).code, Some(0));
    assert_eq!(open(token.as_bytes(), &["--absolute", "1800"]).code, Some(0));
}

#[test]
fn names_and_bindings_have_their_limits() {
    let token = sealed(&[]);
    let now = NOW.to_string();
    let named =
        |name: &str| run_with(ONE, token.as_bytes(), &["token", "open", "--now", &now, "--cookie-name", name]).failed();
    let wanted = "use 1 to 64 letters, digits or any of !#$%&'*+-.^_`|~, such as \"__Host-session\"";
    assert_eq!(named("a b"), (2, format!("hardtack: cookie name \"a b\": {wanted}\n")));
    assert_eq!(named(&"n".repeat(65)).0, 2);
    assert_eq!(
        open(token.as_bytes(), &["--purpose", &"p".repeat(256)]).failed(),
        (2, "hardtack: purpose of 256 bytes: at most 255\n".to_owned())
    );
    let long = "00".repeat(1025);
    let problem = "hardtack: binding of 1025 bytes: at most 1024, so hash longer facts\n";
    assert_eq!(open(token.as_bytes(), &["--binding", &long]).failed(), (2, problem.to_owned()));
    for binding in ["0", "0g", "0x00", "00 "] {
        let problem = "hardtack: --binding is bytes as pairs of hexadecimal digits\n";
        assert_eq!(open(token.as_bytes(), &["--binding", binding]).failed(), (2, problem.to_owned()), "{binding}");
    }
}

#[test]
fn names_that_look_like_arguments_are_names() {
    let token = run_with(
        ONE,
        b"",
        &["token", "seal", "--cookie-name", "-n", "--purpose", "--p", "--schema", "1", "--payload", ""],
    )
    .fine();
    let opened = run_with(ONE, token.as_bytes(), &["token", "open", "--cookie-name", "-n", "--purpose", "--p"]);
    assert_eq!(opened.json()["schema"], 1);
}

#[test]
fn wrong_usage_has_exit_code_2_and_help_has_0() {
    let cases: [&[&str]; 12] = [
        &[],
        &["token"],
        &["keys"],
        &["token", "open"],
        &["token", "open", "--cookie-name", "x", "--now", "soon"],
        &["token", "open", "--cookie-name", "x", "--now", "1099511627776"],
        &["token", "open", "--cookie-name", "x", "--now", "-1"],
        &["token", "open", "--cookie-name", "x", "--idle", "1h"],
        &["token", "seal", "--cookie-name", "x", "--payload", ""],
        &["token", "seal", "--cookie-name", "x", "--schema", "65536", "--payload", ""],
        &["key", "generate", "--suite", "3"],
        &["keyring", "revoke", "keys.toml"],
    ];
    for arguments in cases {
        let (code, stderr) = run(arguments).failed();
        assert_eq!(code, 2, "{arguments:?}");
        assert!(stderr.contains("Usage: hardtack") || stderr.contains("For more information"), "{stderr}");
    }
    for arguments in [&["--help"][..], &["token", "open", "--help"], &["keyring", "--help"], &["--version"]] {
        assert!(finished_with_secrets(&mut hardtack(arguments)).fine().contains("hardtack"), "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_sealed_is_said() {
    let seal = |more: &[&str]| {
        let arguments = ["token", "seal", "--cookie-name", "session", "--schema", "1"];
        run_with(ONE, b"", &[&arguments[..], more].concat()).failed()
    };
    assert_eq!(
        seal(&["--payload", "0"]),
        (2, "hardtack: --payload is bytes as pairs of hexadecimal digits\n".to_owned())
    );
    let (code, stderr) = seal(&["--payload", &"00".repeat(3_000)]);
    assert_eq!(code, 2);
    assert!(stderr.starts_with("hardtack: ") && stderr.contains("4096"), "{stderr}");
    let late = seal(&["--payload", "", "--now", "253402300800"]);
    assert_eq!(late, (2, "hardtack: a time is past the year 9999: give an earlier one\n".to_owned()));
}
