//! `hardtack key` and `hardtack keyring`: what each command does to the file and says of people's sessions.

#[path = "cli_keyring/bad.rs"]
mod bad;
#[path = "cli_keyring/check.rs"]
mod check;
#[path = "cli_keyring/clock.rs"]
mod clock;
use crate::command;
#[path = "cli_keyring/errors.rs"]
mod errors;
#[path = "cli_keyring/explain.rs"]
mod explain;
#[path = "cli_keyring/files.rs"]
mod files;
#[path = "cli_keyring/init.rs"]
mod init;
#[path = "cli_keyring/revoke.rs"]
mod revoke;
#[path = "cli_keyring/secrets.rs"]
mod secrets;
#[path = "cli_keyring/steps.rs"]
mod steps;

use command::{Ran, directory, private, run};

/// In the middle of a rotation at 2027-02-24T04:30:00Z: one key seals, one waits until 05:01.
const ROTATING: &str = "\
format = 1
propagation_delay = \"1h\"
skew = \"60s\"
token_life = \"7days\"
seal_period = \"90days\"

[[key]]
key = \"htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO7\"
created = 2026-11-26T04:00:00Z
seal_from = 2026-11-26T04:00:00Z
seal_until = 2027-02-24T05:01:00Z
open_until = 2027-03-03T05:04:01Z

[[key]]
key = \"htk2_ZIXLabM7xIFmw6kDACYEUAupMEmNMscKtAdWEaF6cwPdw9eF\"
created = 2027-02-24T04:00:00Z
seal_from = 2027-02-24T05:01:00Z
seal_until = 2027-05-25T05:01:00Z
open_until = 2027-06-01T05:04:01Z
";

/// A file of this text in a directory of its own.
fn file(name: &str, text: &str) -> String {
    private(&directory(name).join("keys.toml"), text)
}

/// `hardtack keyring` with a command, a file, a time, and more.
#[track_caller]
fn keyring(command: &str, file: &str, now: &str, more: &[&str]) -> Ran {
    run(&[&["keyring", command, file, "--now", now][..], more].concat())
}

/// What a command says of it, without the file's path in front.
#[track_caller]
fn said(ran: Ran, file: &str) -> String {
    let text = ran.fine();
    text.strip_prefix(file).unwrap_or_else(|| panic!("{text}")).to_owned()
}
