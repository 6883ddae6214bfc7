//! How a source is watched.

use std::sync::Arc;

use time::Duration;

use super::{Live, LiveKeyring, looks::Looks, thread};
use crate::{
    clock::{Clock, unix_seconds, whole_seconds},
    crypto::keyring::Keyring,
    error::KeySourceError,
    keysource::KeySource,
};

/// Seconds between two looks.
const DEFAULT_INTERVAL: u64 = 10;

/// How a [`LiveKeyring`] watches its source.
///
/// It looks at the source every 10 seconds, give or take a tenth, and takes over what has changed. It looks on a task where it is
/// made within a tokio runtime, and otherwise when a request comes. A cookie under an unknown key asks for a look at once, but not
/// more often than the interval.
///
/// Good to know:
/// - A source that fails, or holds a ring that would log somebody out, changes nothing. Observers are told, and the source is
///   looked at again: after the interval, and then after twice as long each time, up to eight intervals.
/// - If the last good look is longer ago than the ring's `propagation_delay`, as after a freeze on AWS Lambda, the next request
///   waits for a look, for half a second at most.
/// - A look may take 30 seconds. There is one at a time. One that blocks its thread is given up after a minute, and at most three hang.
/// - WebAssembly has no threads, so nobody looks there until you call [`LiveKeyring::look`].
#[must_use]
pub struct Watcher {
    source: Arc<dyn KeySource>,
    interval: u64,
    clock: Clock,
}

impl LiveKeyring {
    /// Watches a source of your own.
    pub fn watcher(source: impl KeySource) -> Watcher {
        Watcher { source: Arc::new(source), interval: DEFAULT_INTERVAL, clock: Clock::system() }
    }
}

impl Watcher {
    /// Looks this often, in whole seconds; at least one second. Choose minutes for a source that costs money.
    pub fn every(mut self, interval: Duration) -> Self {
        self.interval = whole_seconds(interval).max(1);
        self
    }

    /// The clock to read between requests; the operating system's by default.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Reads the source once, and watches it from then on.
    ///
    /// # Errors
    /// [`KeySourceError`] if there is no keyring to start with.
    pub async fn start(self) -> Result<LiveKeyring, KeySourceError> {
        let ring = thread::guarded(&*self.source).await?;
        Ok(self.start_with(ring))
    }

    /// Starts with this ring, and watches the source.
    #[must_use]
    pub fn start_with(self, keyring: impl Into<Arc<Keyring>>) -> LiveKeyring {
        let now = unix_seconds(self.clock.now());
        LiveKeyring::of(keyring.into(), Some(Looks::new(self.source, self.interval, self.clock, now)), None)
    }
}

impl Live {
    pub(super) fn clock(&self) -> Option<&Clock> {
        self.looks.as_ref().map(Looks::clock)
    }
}
