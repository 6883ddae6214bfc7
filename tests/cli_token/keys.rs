//! Where the keys of `token open` and `token seal` come from.

use crate::cli_token::{
    command::{
        DAY, NOW, ONE, OTHER, OTHER_ID, Ran, TWO, TWO_ID, directory, finished, hardtack, keyring, private, run,
        run_with, set_mode,
    },
    open, sealed,
};

fn seal(more: &[&str]) -> Vec<String> {
    let arguments = ["token", "seal", "--cookie-name", "session", "--schema", "1", "--payload", ""];
    [&arguments[..], more].concat().into_iter().map(str::to_owned).collect()
}

/// The id of the key that a token names.
fn sealed_under(ran: Ran) -> String {
    let token = ran.fine();
    run_with("", token.as_bytes(), &["token", "inspect"]).json()["key_id"].as_str().unwrap().to_owned()
}

fn with_environment(variables: &[(&str, &str)], arguments: &[String]) -> Ran {
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    finished(hardtack(&arguments).envs(variables.iter().copied()))
}

#[test]
fn keys_come_from_the_environment_or_a_file_it_names() {
    let list = private(&directory("token-keys").join("list"), &format!("# ours\n{TWO}\n"));
    assert_eq!(sealed_under(with_environment(&[("HARDTACK_KEYS", OTHER)], &seal(&[]))), OTHER_ID);
    assert_eq!(sealed_under(with_environment(&[("HARDTACK_KEYS_FILE", &list)], &seal(&[]))), TWO_ID);
    let (code, stderr) = with_environment(&[], &seal(&[])).failed();
    let missing = "hardtack: HARDTACK_KEYS is not set: give it one or more keys, comma-separated, the primary first, or name a \
                   file of them in HARDTACK_KEYS_FILE\n";
    assert_eq!((code, stderr.as_str()), (2, missing));
    let both = with_environment(&[("HARDTACK_KEYS", OTHER), ("HARDTACK_KEYS_FILE", &list)], &seal(&[])).failed();
    assert_eq!(both, (2, "hardtack: both HARDTACK_KEYS and HARDTACK_KEYS_FILE are set: keep one of them\n".to_owned()));
    let shown = with_environment(&[("HARDTACK_KEYS_FILE", ONE)], &seal(&[])).failed();
    let text =
        "hardtack: the key file (not shown: it is a key) cannot be read (entity not found): check path and rights\n";
    assert_eq!(shown, (2, text.to_owned()));
    let mistyped = with_environment(&[("HARDTACK_KEYS", &ONE.replace("dLI4", "dLI5"))], &seal(&[])).failed();
    assert_eq!(mistyped, (2, "hardtack: key 1 is mistyped: copy it again\n".to_owned()));
}

#[test]
fn a_path_in_place_of_keys_is_said() {
    let directory = directory("token-path");
    let (list, file) = (directory.join("list"), directory.join("keys.toml"));
    let (list, file) = (private(&list, TWO), private(&file, "format = 1\n"));
    let problem = "hardtack: HARDTACK_KEYS has the path of a file in place of keys: set HARDTACK_KEYS_FILE to it, and not \
                   HARDTACK_KEYS\n";
    for path in [&list, &file, &format!(" {list}\n"), "keys.toml", "/run/secrets/nowhere.toml", "htk.toml"] {
        let refused = with_environment(&[("HARDTACK_KEYS", path)], &seal(&[])).failed();
        assert_eq!(refused, (2, problem.to_owned()), "{path}");
    }
    // What may be a key with a mistake, or a whole file, is none.
    let whole = format!("{list} {file}");
    for keys in [&format!("{ONE}.toml"), "htk1_.toml", "passphrase", "", "format = 1 # keys.toml", &whole] {
        let (code, stderr) = with_environment(&[("HARDTACK_KEYS", keys)], &seal(&[])).failed();
        assert!(code == 2 && !stderr.contains("path of a file"), "{keys}: {stderr}");
    }
}

#[test]
fn a_file_given_goes_before_the_environment() {
    let list = private(&directory("token-given").join("list"), TWO);
    let ran =
        with_environment(&[("HARDTACK_KEYS", OTHER), ("HARDTACK_KEYS_FILE", &list)], &seal(&["--keyring", &list]));
    assert_eq!(sealed_under(ran), TWO_ID);
}

#[test]
fn a_keyring_file_seals_and_opens_by_its_times() {
    let file = keyring("token-times");
    let first = &crate::command::ids(&file)[0];
    let rotated = NOW + 10 * DAY;
    run(&["keyring", "rotate", &file, "--now", &rotated.to_string()]).fine();
    let second = &crate::command::ids(&file)[1];
    let seals = rotated + 3_660;
    let at = |now: u64| {
        let now = now.to_string();
        sealed_under(with_environment(&[], &seal(&["--keyring", &file, "--now", &now])))
    };
    assert_eq!([&at(seals - 1), &at(seals)], [first, second]);
    let token = with_environment(&[], &seal(&["--keyring", &file, "--now", &NOW.to_string()])).fine();
    let open = |now: u64| {
        let now = now.to_string();
        let arguments = ["token", "open", "--cookie-name", "session", "--keyring", &file, "--now", &now];
        run_with("", token.as_bytes(), &arguments).stdout
    };
    // The key first, then the times of the session: until 7 days, three times the skew and a second after it ceased to seal.
    assert_eq!(open(seals + 7 * DAY + 181), "{\"refused\":\"KeyNotUsable\"}\n");
    assert_eq!(open(seals + 7 * DAY + 180), "{\"refused\":\"AbsoluteTimeout\"}\n");
}

#[test]
fn a_key_that_is_not_there_is_said_to_be_unknown() {
    let token = sealed(&[]);
    let ran = run_with(OTHER, token.as_bytes(), &["token", "open", "--cookie-name", "session"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), "{\"refused\":\"UnknownKey\"}\n"));
    assert_eq!(open(token.as_bytes(), &[]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_warned_of_and_used() {
    let list = private(&directory("token-open").join("list"), TWO);
    set_mode(&list, 0o644);
    let arguments = seal(&["--keyring", &list]);
    let ran = with_environment(&[], &arguments);
    let warning = format!("hardtack: {list} is open to others than its owner (mode 0644): chmod 600 {list}\n");
    assert_eq!((ran.code, ran.stderr), (Some(0), warning));
    assert!(ran.stdout.starts_with("Ej7u5a"), "sealed under key 3eeee5a7: {}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn keys_may_come_through_a_pipe() {
    let seal = seal(&["--keyring", "/dev/stdin"]);
    let arguments: Vec<_> = seal.iter().map(String::as_str).collect();
    assert_eq!(sealed_under(run_with("", TWO.as_bytes(), &arguments)), TWO_ID);
}
