//! What is said on standard error: a line for people, or one JSON object for machines that asked for it.

use std::{
    borrow::Cow,
    env,
    ffi::OsString,
    io::{self, Write},
};

use serde::Serialize;

use crate::{
    given,
    outcome::{Failure, Format},
};

#[derive(Serialize)]
struct View<'a> {
    error: &'a str,
    exit_code: u8,
}

/// The exit code, once the failure has been told.
pub(crate) fn told(failure: &Failure) -> u8 {
    let (message, code) = (given::message(failure.message()), failure.code());
    say(&match format(env::args_os()) {
        Format::Text => format!("hardtack: {message}\n"),
        Format::Json => json(&message, code),
    });
    code
}

/// The exit code, once it has been told what is wrong with the arguments, which may have a key among them; or what was asked for,
/// that is help.
pub(crate) fn usage(error: &clap::Error) -> u8 {
    let (text, code) = (error.render().to_string(), u8::try_from(error.exit_code()).unwrap_or(2));
    match (given::message(&text), format(env::args_os())) {
        (message, Format::Json) if error.use_stderr() => {
            say(&json(message.trim_start_matches("error: ").trim_end(), code));
        }
        // There is nobody left to tell if this fails.
        (Cow::Borrowed(_), _) => drop(error.print()),
        (Cow::Owned(message), _) => say(&message),
    }
    code
}

fn say(text: &str) {
    // There is nobody left to tell if this fails.
    let _ = io::stderr().write_all(text.as_bytes());
}

fn json(error: &str, exit_code: u8) -> String {
    let view = serde_json::to_string(&View { error, exit_code });
    view.map_or_else(|_| String::new(), |text| text + "\n")
}

/// The format that the arguments ask for, also where they are no good otherwise.
fn format(arguments: impl Iterator<Item = OsString>) -> Format {
    let mut is_value = false;
    for argument in arguments {
        if argument == "--format=json" || (is_value && argument == "json") {
            return Format::Json;
        }
        is_value = argument == "--format";
    }
    Format::Text
}
