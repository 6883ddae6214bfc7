//! New keys and new keyring files.

use std::fs;

use hardtack::{Key, Keyring};

use crate::cli_keyring::{
    command::{
        ONE, ONE_ID, OTHER, Ran, TWO, TWO_ID, directory, finished, finished_with_secrets, hardtack, ids, mode, private,
        run,
    },
    keyring, said,
};

const NOW: &str = "2026-11-26T04:00:00Z";

#[test]
fn a_key_is_printed_for_who_asks_for_one() {
    for (arguments, prefix) in [(&[][..], "htk1_"), (&["--suite", "1"], "htk1_"), (&["--suite", "2"], "htk2_")] {
        let generate = [&["key", "generate"][..], arguments].concat();
        let texts = [(); 2].map(|()| finished_with_secrets(&mut hardtack(&generate)).fine());
        assert_ne!(texts[0], texts[1]);
        for text in texts {
            assert!(text.starts_with(prefix) && text.len() == 54 && text.ends_with('\n'));
            assert!(Key::parse(text.trim_end()).is_ok());
        }
    }
}

#[test]
fn a_new_file_has_one_key_that_seals() {
    let path = directory("init").join("keys.toml").display().to_string();
    let text = said(keyring("init", &path, NOW, &[]), &path);
    let id = &ids(&path)[0];
    let expected = format!(
        ": written\n  {id} is a new key, and seals from now on.\n  Nobody is logged out. Bring the file to every node before it \
         serves requests.\nnext\n  by 2027-02-24T02:59:00Z    hardtack keyring rotate\n"
    );
    assert_eq!(text, expected);
    let file = fs::read_to_string(&path).unwrap();
    let ring = Keyring::from_text(&file).unwrap();
    assert_eq!(ring.expose_text().unwrap().as_str(), file);
    let expected = "format = 1\nkeys = 1\npropagation_delay = \"1h\"\nskew = \"60s\"\ntoken_life = \"7days\"\nseal_period = \
                    \"90days\"\n\n[[key]]\n";
    assert!(file.contains(expected), "{file}");
    let times = "\ncreated = 2026-11-26T04:00:00Z\nseal_from = 2026-11-26T04:00:00Z\nseal_until = 2027-02-24T04:00:00Z\n\
                 open_until = 2027-03-03T04:03:01Z\n";
    assert!(file.contains(times), "{file}");
    #[cfg(unix)]
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn what_a_file_reckons_with_can_be_chosen() {
    let path = directory("init-settings").join("keys.toml").display().to_string();
    let settings = ["--propagation-delay", "10min", "--skew", "5s", "--token-life", "30days", "--seal-period", "36h"];
    let ran = keyring("init", &path, NOW, &[&settings[..], &["--suite", "2"]].concat());
    assert_eq!(ran.code, Some(0));
    let file = fs::read_to_string(&path).unwrap();
    let expected = "propagation_delay = \"600s\"\nskew = \"5s\"\ntoken_life = \"30days\"\nseal_period = \"36h\"\n";
    assert!(file.contains(expected) && file.contains("\nkey = \"htk2_"), "{file}");
    let refused = keyring("init", "unused.toml", NOW, &["--skew", "301s"]).failed();
    assert_eq!(refused, (2, "hardtack: skew must be 0 to 300 seconds\n".to_owned()));
    assert_eq!(keyring("init", "unused.toml", NOW, &["--skew", "60"]).code, Some(2));
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let directory = directory("init-twice");
    let path = private(&directory.join("keys.toml"), "mine");
    let problem =
        format!("hardtack: {path} is there already, and is not overwritten: rotate its keys, or give another name\n");
    assert_eq!(keyring("init", &path, NOW, &[]).failed(), (2, problem));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert!(!std::path::Path::new(&format!("{path}.lock")).exists(), "nothing was to be done");
    #[cfg(unix)]
    {
        let link = directory.join("link").display().to_string();
        std::os::unix::fs::symlink(directory.join("nowhere"), &link).unwrap();
        assert_eq!(keyring("init", &link, NOW, &[]).code, Some(2));
        assert!(!directory.join("nowhere").exists());
    }
}

fn import(variable: &str, value: &str, path: &str) -> Ran {
    let arguments = ["keyring", "init", path, "--import", "--now", NOW];
    finished(hardtack(&arguments).env(variable, value))
}

#[test]
fn a_list_becomes_a_file_with_the_same_keys() {
    let directory = directory("import");
    let path = directory.join("keys.toml").display().to_string();
    let list = private(&directory.join("list"), &format!("{TWO}\n{ONE}\n"));
    let text = said(import("HARDTACK_KEYS_FILE", &list, &path), &path);
    let expected = format!(
        ": written\n  {TWO_ID} goes on sealing, as the first of the list.\n  {ONE_ID} opens until 2026-12-03T05:04:01Z.\n  Nobody \
         is logged out: the keys are those of the list, with times.\nnext\n  from 2026-12-03T05:05:01Z  hardtack keyring prune: \
         {ONE_ID} is of no use then\n  by 2027-02-24T02:59:00Z    hardtack keyring rotate\n"
    );
    assert_eq!(text, expected);
    assert_eq!(keyring("check", &path, NOW, &[]).fine(), format!("{path}: every session that is out is kept\n"));
    let checked = keyring("check", &path, NOW, &["--previous", &list]);
    assert_eq!(checked.fine(), format!("{path}: nobody is logged out by the step from {list} to it\n"));
    let second = directory.join("second.toml").display().to_string();
    assert_eq!(import("HARDTACK_KEYS", OTHER, &second).code, Some(0));
    assert_eq!(ids(&second), ["3822dd00"]);
}

#[test]
fn what_cannot_be_imported_is_said() {
    let path = directory("import-bad").join("keys.toml").display().to_string();
    assert_eq!(run(&["keyring", "init", &path, "--import"]).code, Some(2));
    let problem = "hardtack: the keys have times already: copy their file instead of importing it\n";
    let file = crate::cli_keyring::file("import-times", crate::cli_keyring::ROTATING);
    assert_eq!(import("HARDTACK_KEYS_FILE", &file, &path).failed(), (2, problem.to_owned()));
    assert!(!std::path::Path::new(&path).exists());
    // A suite is chosen for a new key only.
    assert_eq!(run(&["keyring", "init", &path, "--import", "--suite", "1"]).code, Some(2));
}
