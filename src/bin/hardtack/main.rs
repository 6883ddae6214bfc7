//! `hardtack`: keys and keyrings for operators, and a look into tokens. Arguments, files and printing; what is decided about keys
//! and tokens, the library decides. docs/KEYS.md is its handbook.
#![forbid(unsafe_code)]

mod args;
mod bars;
mod change;
mod check;
mod ended;
mod explain;
mod failed;
mod file;
mod given;
mod held;
mod keyring;
mod outcome;
mod times;
mod token;
mod view;
#[path = "../../keysource/file/written.rs"]
mod written;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use hardtack::{Key, Suite};
use time::OffsetDateTime;

use args::{Arguments, Command, KeyCommand};
use outcome::{Failure, Outcome};

/// A key's 53 characters and a line end: with this room, the text never moves.
const KEY_LINE: usize = 54;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(failed::usage(&error)),
    };
    // The one time that the clock is read; `--now` goes before it.
    let clock = OffsetDateTime::now_utc();
    let outcome = match arguments.command {
        Command::Key { command: KeyCommand::Generate { suite } } => generate(suite),
        Command::Keyring { command } => keyring::run(command, clock),
        Command::Token { command } => token::run(command, clock),
    };
    let code = outcome.and_then(|outcome| print(&outcome)).unwrap_or_else(|failure| failed::told(&failure));
    ExitCode::from(code)
}

/// A new key as text: to ask for it is to ask for the secret.
fn generate(suite: Suite) -> Result<Outcome, Failure> {
    let key = Key::generate_for(suite).map_err(Failure::unusable)?;
    let mut text = String::with_capacity(KEY_LINE);
    text.push_str(key.expose_text().as_str());
    text.push('\n');
    Ok(Outcome::fine(text))
}

/// A reader that went away early is no failure.
fn print(outcome: &Outcome) -> Result<u8, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(outcome.text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let written = outcome
                .written
                .as_ref()
                .map(|file| format!("; {file} is written all the same: see it with hardtack keyring explain"));
            Err(Failure::unusable(format!("standard output cannot be written: {error}{}", written.unwrap_or_default())))
        }
        _ => Ok(outcome.code),
    }
}
