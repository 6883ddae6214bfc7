//! Former names of a cookie: opened until a date, never written, removed by `begin` and `end`.

use time::OffsetDateTime;

use crate::{
    clock::unix_seconds,
    cookie::{
        attributes::Attributes,
        request::{self, Found},
        set_cookie::SetCookie,
    },
    error::ConfigError,
};

/// One former name.
pub(super) struct Former {
    pub(super) name: String,
    /// The Set-Cookie value that removes it.
    pub(super) removal: String,
    /// Unix seconds.
    until: u64,
}

impl Former {
    pub(super) fn new(name: &str, until: OffsetDateTime, present: &Attributes) -> Result<Self, ConfigError> {
        let attributes = Attributes { name: name.to_owned(), ..present.clone() };
        let removal = SetCookie::new(&attributes)?.removal();
        Ok(Self { name: name.to_owned(), removal, until: unix_seconds(until) })
    }
}

/// The cookies under the first of the former names that the request carries, and that name's place in the list.
pub(super) fn find(former: &[Former], headers: &[&[u8]], now: OffsetDateTime) -> Option<(usize, Found)> {
    former.iter().enumerate().filter(|(_, former)| unix_seconds(now) < former.until).find_map(|(index, former)| {
        match request::find(headers.iter().copied(), &former.name) {
            Found::Nothing => None,
            found => Some((index, found)),
        }
    })
}
