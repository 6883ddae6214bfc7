//! L0: time. Every function that depends on time takes `now`; only an adapter reads a [`Clock`].

// In a browser or a worker without the feature `js`, the standard library panics where it is asked for the time.
#[cfg_attr(all(target_family = "wasm", target_os = "unknown", not(feature = "js")), path = "clock/absent.rs")]
mod system;

use core::fmt;
use std::{sync::Arc, time::Duration};

use time::OffsetDateTime;

/// Where an adapter reads the time. The operating system's clock, unless a test brings another.
///
/// A clock may be set, forward and back. So there is a second hand that only measures how much time passes: the operating system's
/// monotonic clock. By it, a reading that jumps is told from time that passed (`docs/KEYS.md` has the table).
///
/// It is cheap to clone, and clones read the same source.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Given { read: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>, elapsed: Option<Elapsed> },
}

type Elapsed = Arc<dyn Fn() -> Duration + Send + Sync>;

impl Clock {
    /// The operating system's clock, or with the feature `js` that of JavaScript.
    ///
    /// On `wasm32-unknown-unknown` without that feature there is none. Then this reads 1970-01-01, and building a manager or a
    /// layer with it fails with [`ConfigError::NoClock`](crate::ConfigError::NoClock).
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that asks `read`: for tests that move time themselves, and for platforms with a clock of their own. Whatever it shows is taken for time that passed, unless
    /// [`Clock::measured_by`] says otherwise.
    #[must_use]
    pub fn from_fn(read: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self(Source::Given { read: Arc::new(read), elapsed: None })
    }

    /// The same clock, with a function that says how much time has passed since some fixed moment: for tests in which the clock
    /// jumps. It must never go back.
    #[must_use]
    pub fn measured_by(self, elapsed: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        let (elapsed, this): (Elapsed, _) = (Arc::new(elapsed), self.clone());
        match self.0 {
            Source::System => Self(Source::Given { read: Arc::new(move || this.now()), elapsed: Some(elapsed) }),
            Source::Given { read, .. } => Self(Source::Given { read, elapsed: Some(elapsed) }),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        match &self.0 {
            Source::System => system::now().unwrap_or(OffsetDateTime::UNIX_EPOCH),
            Source::Given { read, .. } => read(),
        }
    }

    /// Whether there is a clock to read.
    pub(crate) fn is_there(&self) -> bool {
        match &self.0 {
            Source::System => system::now().is_some(),
            Source::Given { .. } => true,
        }
    }

    /// Whole seconds that have passed since some fixed moment. `None` where nothing measures them: then only the readings tell.
    pub(crate) fn elapsed(&self) -> Option<u64> {
        match &self.0 {
            Source::System => system_elapsed(),
            Source::Given { elapsed, .. } => elapsed.as_ref().map(|elapsed| elapsed().as_secs()),
        }
    }
}

/// By the operating system's monotonic clock, which no setting moves, and which on Linux stands still while the machine sleeps.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
fn system_elapsed() -> Option<u64> {
    static SINCE: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    Some(SINCE.elapsed().as_secs())
}

/// In a browser, and in runtimes like one, Rust has no monotonic clock.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn system_elapsed() -> Option<u64> {
    None
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Given { .. } => "Clock(given)",
        })
    }
}

/// 9999-12-31 23:59:59, the last second that [`OffsetDateTime`] has.
const LAST_SECOND: u64 = 253_402_300_799;

/// Whole seconds since 1970, as the format counts them. A clock before 1970 reads as 0.
pub(crate) fn unix_seconds(instant: OffsetDateTime) -> u64 {
    u64::try_from(instant.unix_timestamp()).unwrap_or(0)
}

/// As [`unix_seconds`], but rounded up: a cut-off that lies within a second.
pub(crate) fn unix_seconds_up(instant: OffsetDateTime) -> u64 {
    unix_seconds(instant).saturating_add(u64::from(instant.nanosecond() > 0))
}

/// The instant at these unix seconds. The format reaches further than [`OffsetDateTime`]: what lies past the year 9999
/// reads as its last second.
pub(crate) fn instant(unix_seconds: u64) -> OffsetDateTime {
    let seconds = unix_seconds.min(LAST_SECOND).cast_signed();
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// Whole seconds of a duration; a negative one is 0.
pub(crate) fn whole_seconds(duration: time::Duration) -> u64 {
    u64::try_from(duration.whole_seconds()).unwrap_or(0)
}
