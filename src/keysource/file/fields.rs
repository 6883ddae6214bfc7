//! The values of a keyring file. No error quotes what is written: it may be a secret that stands in the wrong place.

use time::Duration;

use super::{
    document::{Field, Table, Value},
    written::{self, LAST_SECOND, rfc3339},
};

/// What is wrong with a value or a table, and at which byte of the text.
pub(super) struct Problem {
    pub(super) at: usize,
    pub(super) problem: String,
}

impl Problem {
    pub(super) fn new(at: usize, problem: impl Into<String>) -> Self {
        Self { at, problem: problem.into() }
    }
}

impl<'t> Table<'t> {
    /// Whether each name is known, and there once. `unknown` is what to say of one that is not.
    pub(super) fn check_names(&self, unknown: impl Fn() -> String) -> Result<(), Problem> {
        for (field, index) in self.fields.iter().zip(0_usize..) {
            let name = field.name.ok_or_else(|| Problem::new(field.at, unknown()))?;
            if self.fields.iter().take(index).any(|other| other.name == Some(name)) {
                return Err(Problem::new(field.at, format!("{name} stands here a second time: remove one of them")));
            }
        }
        Ok(())
    }

    pub(super) fn field(&self, name: &'static str) -> Option<&Field<'t>> {
        self.fields.iter().find(|field| field.name == Some(name))
    }

    pub(super) fn required(&self, name: &'static str, example: &str) -> Result<&Field<'t>, Problem> {
        self.field(name)
            .ok_or_else(|| Problem::new(self.at, format!("there is no {name}: add one, such as {name} = {example}")))
    }

    /// A span of time that has to be there.
    pub(super) fn duration(&self, name: &'static str, example: &str) -> Result<Duration, Problem> {
        self.required(name, example)?.duration()
    }

    /// A time that has to be there, in unix seconds.
    pub(super) fn time(&self, name: &'static str) -> Result<u64, Problem> {
        self.required(name, "2026-11-26T04:00:00Z")?.time()
    }

    /// A time that may be there, in unix seconds.
    pub(super) fn time_if_any(&self, name: &'static str) -> Result<Option<u64>, Problem> {
        self.field(name).map(Field::time).transpose()
    }
}

impl<'t> Field<'t> {
    pub(super) fn problem(&self, wanted: &str) -> Problem {
        Problem::new(self.at, format!("{} {wanted}", self.name.unwrap_or_default()))
    }

    /// Text in quotes.
    pub(super) fn text(&self) -> Result<&'t str, Problem> {
        match self.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.problem("is text: write it in double quotes")),
        }
    }

    /// A whole number.
    pub(super) fn number(&self) -> Result<u64, Problem> {
        let number = if let Value::Number(text) = self.value { text.parse().ok() } else { None };
        number.ok_or_else(|| self.problem("is a whole number: write its digits only"))
    }

    /// Whole seconds, written with their unit.
    fn duration(&self) -> Result<Duration, Problem> {
        let wanted = "is a span of whole seconds: write it such as \"60s\", \"1h\" or \"7days\"";
        let span = if let Value::Text(text) = self.value { written::span(text) } else { None };
        span.ok_or_else(|| self.problem(wanted))
    }

    /// Unix seconds.
    fn time(&self) -> Result<u64, Problem> {
        let time = if let Value::Time(text) = self.value { unix_seconds(text) } else { None };
        time.ok_or_else(|| {
            self.problem(
                "is a time in UTC, in whole seconds, from 1970 on: write it such as 2026-11-26T04:00:00Z, without quotes",
            )
        })
    }
}

/// The time that is written so, and in no other way: RFC 3339 in UTC, in whole seconds.
fn unix_seconds(text: &str) -> Option<u64> {
    written::unix_seconds(text).filter(|seconds| *seconds <= LAST_SECOND && rfc3339(*seconds).to_string() == text)
}
