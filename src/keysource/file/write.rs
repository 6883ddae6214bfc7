//! A ring as a keyring file.

use core::fmt::{self, Write};

use zeroize::Zeroizing;

use super::written::{LAST_SECOND, rfc3339};
use crate::{
    crypto::{key::Key, keyring::Keyring, rotation_policy::RotationPolicy, schedule::Schedule},
    error::KeyError,
};

const DAY: u64 = 86_400;
const HOUR: u64 = 3_600;

const HEADER: &str =
    "# hardtack keyring: holds secrets. Mode 0600. Written by `hardtack keyring`; comments are not kept.\nformat = 1\n";

impl Keyring {
    /// Writes the ring out, secrets and all: a keyring file, or for a ring without times a list, one key a line. Either is what
    /// [`Keyring::from_text`] reads. Keep it where only the service and its operator can read it.
    ///
    /// # Errors
    /// [`KeyError::Contradiction`] if a time is past the year 9999, which no file can hold.
    pub fn expose_text(&self) -> Result<KeyringText, KeyError> {
        for ((_, schedule), position) in self.timeline().entries().iter().zip(1..) {
            check_writable(schedule, position)?;
        }
        // Measured first, so that the buffer never grows: it would leave unwiped copies behind.
        let mut length = Length(0);
        let mut text = KeyringText(Zeroizing::new(String::new()));
        let written = write(self, &mut length).and_then(|()| {
            text.0.reserve_exact(length.0);
            write(self, &mut *text.0)
        });
        // Neither a length nor a string refuses what is written to it: what could fail was looked at above.
        written.map(|()| text).map_err(|_| unwritable(1))
    }
}

/// The text of a ring, secrets in it: wiped on drop, silent in `Debug`, without `Display`.
pub struct KeyringText(Zeroizing<String>);

impl KeyringText {
    /// The text, which ends with a line end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeyringText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyringText(..)")
    }
}

/// Counts the bytes that are written to it.
struct Length(usize);

impl Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.saturating_add(text.len());
        Ok(())
    }
}

fn check_writable(schedule: &Schedule, position: usize) -> Result<(), KeyError> {
    let Schedule { created, seal_from, seal_until, open_until, revoked } = *schedule;
    let mut times = [Some(created), Some(seal_from), seal_until, open_until, revoked].into_iter().flatten();
    if schedule.is_untimed() || times.all(|time| time <= LAST_SECOND) {
        return Ok(());
    }
    Err(unwritable(position))
}

fn unwritable(position: usize) -> KeyError {
    let problem = "a time is past the year 9999, and cannot be written to a file: give an earlier one";
    KeyError::Contradiction { position, problem }
}

fn write(ring: &Keyring, out: &mut impl Write) -> fmt::Result {
    let Some(policy) = ring.rotation_policy() else {
        return ring.keys().try_for_each(|(key, _)| writeln!(out, "{}", key.expose_text().as_str()));
    };
    let schedules = ring.timeline().entries().iter().map(|(_, schedule)| schedule);
    write_settings(policy, schedules.len(), out)?;
    ring.keys().zip(schedules).try_for_each(|((key, _), schedule)| write_key(key, schedule, out))
}

fn write_settings(policy: &RotationPolicy, keys: usize, out: &mut impl Write) -> fmt::Result {
    out.write_str(HEADER)?;
    writeln!(out, "keys = {keys}")?;
    writeln!(out, "propagation_delay = \"{}\"", Span(policy.propagation_delay_seconds()))?;
    writeln!(out, "skew = \"{}s\"", policy.skew_seconds())?;
    writeln!(out, "token_life = \"{}\"", Span(policy.token_life_seconds()))?;
    writeln!(out, "seal_period = \"{}\"", Span(policy.seal_period_seconds()))
}

/// The key stands last: a table that was cut off has none, and is refused.
fn write_key(key: &Key, schedule: &Schedule, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "\n[[key]]\nid = \"{}\"", key.id())?;
    let Schedule { created, seal_from, seal_until, open_until, revoked } = *schedule;
    let times = [
        ("revoked", revoked),
        ("created", Some(created)),
        ("seal_from", Some(seal_from)),
        ("seal_until", seal_until),
        ("open_until", open_until),
    ];
    for (name, time) in times {
        if let Some(time) = time {
            writeln!(out, "{name} = {}", rfc3339(time))?;
        }
    }
    writeln!(out, "key = \"{}\"", key.expose_text().as_str())
}

/// Seconds in the longest unit that they are a number of.
struct Span(u64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            seconds if seconds >= DAY && seconds.is_multiple_of(DAY) => write!(f, "{}days", seconds / DAY),
            seconds if seconds >= HOUR && seconds.is_multiple_of(HOUR) => write!(f, "{}h", seconds / HOUR),
            seconds => write!(f, "{seconds}s"),
        }
    }
}
