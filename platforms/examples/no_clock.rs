//! For a target without a clock: what `scripts/platforms` asks of it.

use hardtack::{Clock, ConfigError, Keyring, SessionManager, SessionMap};
use time::OffsetDateTime;

const KEY: &str = "htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO7";

/// Building without a clock fails by its own error: 1, else 0.
#[unsafe(no_mangle)]
pub extern "C" fn refuses_without_a_clock() -> u32 {
    let Some(keys) = keys() else { return 2 };
    u32::from(matches!(SessionManager::<SessionMap>::new(keys), Err(ConfigError::NoClock)))
}

/// Building with a clock that is given works: 1, else 0.
#[unsafe(no_mangle)]
pub extern "C" fn builds_with_a_clock() -> u32 {
    let Some(keys) = keys() else { return 2 };
    let clock = Clock::from_fn(|| OffsetDateTime::UNIX_EPOCH);
    u32::from(SessionManager::<SessionMap>::builder(keys).clock(clock).build().is_ok())
}

fn keys() -> Option<Keyring> {
    Keyring::parse(KEY).ok()
}
