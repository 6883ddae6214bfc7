//! What a rotation has to reckon with.

use time::Duration;

use crate::{clock::whole_seconds, error::ConfigError};

const DAY: u64 = 86_400;
/// As `token::policy` has it (FORMAT.md, section 6).
const MAX_SKEW: u64 = 300;
const MAX_TOKEN_LIFE: u64 = 400 * DAY;
/// Further apart than anybody rotates, and far inside the format's range.
const MAX_SPAN: u64 = 3_660 * DAY;

/// What a rotation has to reckon with: how long a new ring needs to reach every node, how far clocks differ, how long a token
/// lives, and how long a key is to seal. It stands in the keyring file, so that all commands and nodes reckon with the same.
///
/// By default an hour, 60 seconds, 7 days (the default policy's longest idle timeout) and 90 days. Whole seconds; of the first
/// two, a part counts as a whole one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationPolicy {
    propagation_delay: u64,
    skew: u64,
    token_life: u64,
    seal_period: u64,
}

impl Default for RotationPolicy {
    fn default() -> Self {
        Self { propagation_delay: 3_600, skew: 60, token_life: 7 * DAY, seal_period: 90 * DAY }
    }
}

impl RotationPolicy {
    /// The longest time until the last node works with a new ring. At most ten years.
    #[must_use]
    pub fn propagation_delay(mut self, delay: Duration) -> Self {
        self.propagation_delay = not_negative(delay);
        self
    }

    /// How far the clocks of two nodes may differ: what the session policies tolerate. At most 300 seconds.
    #[must_use]
    pub fn skew(mut self, skew: Duration) -> Self {
        self.skew = not_negative(skew);
        self
    }

    /// The longest that one token lives: the longest idle timeout, remembered sessions included, of all policies that the
    /// ring serves, or the longest lifetime of [`crate::SealedValues`] under it. At most 400 days.
    #[must_use]
    pub fn token_life(mut self, life: Duration) -> Self {
        self.token_life = whole_seconds(life);
        self
    }

    /// How long a key is to seal before the next one does. At most ten years.
    #[must_use]
    pub fn seal_period(mut self, period: Duration) -> Self {
        self.seal_period = whole_seconds(period);
        self
    }

    /// The same, enough for the session policy of the other too: the longer skew and token life of both. Delay and period stay.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self { skew: self.skew.max(other.skew), token_life: self.token_life.max(other.token_life), ..self }
    }

    /// Whether the settings are in their ranges.
    ///
    /// # Errors
    /// [`ConfigError::Timeout`], naming the setting and what it must be.
    pub fn check(&self) -> Result<(), ConfigError> {
        let require = |met: bool, setting, requires| {
            if met { Ok(()) } else { Err(ConfigError::Timeout { setting, requires }) }
        };
        require(self.propagation_delay <= MAX_SPAN, "propagation_delay", "must be at most ten years")?;
        require(self.skew <= MAX_SKEW, "skew", "must be 0 to 300 seconds")?;
        require((1..=MAX_TOKEN_LIFE).contains(&self.token_life), "token_life", "must be 1 second to 400 days")?;
        require((1..=MAX_SPAN).contains(&self.seal_period), "seal_period", "must be 1 second to ten years")
    }

    /// Seconds until the last node works with a new ring.
    #[must_use]
    pub fn propagation_delay_seconds(&self) -> u64 {
        self.propagation_delay
    }

    /// Seconds that two clocks may differ by.
    #[must_use]
    pub fn skew_seconds(&self) -> u64 {
        self.skew
    }

    /// Seconds that a token lives at the longest.
    #[must_use]
    pub fn token_life_seconds(&self) -> u64 {
        self.token_life
    }

    /// Seconds that a key is to seal.
    #[must_use]
    pub fn seal_period_seconds(&self) -> u64 {
        self.seal_period
    }
}

/// Seconds, a part of one as a whole. A negative duration is none that could be meant, and is refused by `check`.
fn not_negative(duration: Duration) -> u64 {
    if duration.is_negative() {
        return u64::MAX;
    }
    whole_seconds(duration).saturating_add(u64::from(duration.subsec_nanoseconds() > 0))
}
