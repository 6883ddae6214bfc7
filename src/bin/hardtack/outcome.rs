//! What comes out of a command, and its exit code: 0 fine, 1 refused, 2 wrong usage, keys or files.

use core::fmt::Display;

use clap::ValueEnum;
use hardtack::RotationError;
use serde::Serialize;
use zeroize::Zeroizing;

/// For people or for machines.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

/// What goes to standard output. Wiped, since it may be a key.
pub(crate) struct Outcome {
    pub(crate) text: Zeroizing<String>,
    pub(crate) code: u8,
    /// The file that was changed, to be named where nothing else of the outcome can be told.
    pub(crate) written: Option<String>,
}

impl Outcome {
    pub(crate) fn fine(text: String) -> Self {
        Self { text: Zeroizing::new(text), code: 0, written: None }
    }

    /// One JSON object on a line.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Failure> {
        let text = serde_json::to_string(value).map_err(Failure::unusable)?;
        Ok(Self::fine(text + "\n"))
    }

    /// The lines for people, or the value for machines.
    pub(crate) fn of(
        format: Format,
        lines: impl FnOnce() -> Vec<String>,
        value: &impl Serialize,
    ) -> Result<Self, Failure> {
        match format {
            Format::Text => Ok(Self::fine(lines().join("\n") + "\n")),
            Format::Json => Self::json(value),
        }
    }

    pub(crate) fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    pub(crate) fn with_written(self, written: Option<String>) -> Self {
        Self { written, ..self }
    }
}

/// Why a command did nothing, or cannot tell what it did.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It would lose sessions, or there is nothing to do.
    Refused(String),
    /// Wrong usage, keys or files.
    Unusable(String),
    /// Another command changes the file.
    Busy(String),
}

impl Failure {
    pub(crate) fn unusable(message: impl Display) -> Self {
        Self::Unusable(message.to_string())
    }

    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Refused(message) | Self::Unusable(message) | Self::Busy(message) => message,
        }
    }

    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Unusable(_) | Self::Busy(_) => 2,
        }
    }
}

impl From<RotationError> for Failure {
    fn from(error: RotationError) -> Self {
        Self::Refused(error.to_string())
    }
}
