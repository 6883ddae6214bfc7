//! `hardtack token`: the contract that others script, and every vector through it.

#[path = "cli_token/arguments.rs"]
mod arguments;
use crate::command;
#[path = "cli_token/keys.rs"]
mod keys;
#[path = "cli_token/seal.rs"]
mod seal;
#[path = "cli_token/vectors.rs"]
mod vectors;

use command::{NOW, ONE, Ran, run_with};

/// Opens this token with key [`ONE`], at [`NOW`].
fn open(token: &[u8], more: &[&str]) -> Ran {
    let now = NOW.to_string();
    let arguments = ["token", "open", "--cookie-name", "session", "--now", &now];
    run_with(ONE, token, &[&arguments, more].concat())
}

/// Seals an empty payload with key [`ONE`], at [`NOW`].
fn sealed(more: &[&str]) -> String {
    let now = NOW.to_string();
    let arguments = ["token", "seal", "--cookie-name", "session", "--now", &now, "--schema", "1", "--payload", ""];
    run_with(ONE, b"", &[&arguments, more].concat()).fine()
}
