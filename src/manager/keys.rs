//! What requests have to do with a keyring that is watched.

use core::time::Duration;

use time::OffsetDateTime;

use super::{Config, SessionManager, when::When};
use crate::{
    revocation::{HAS_TIMER, Sleep},
    session::SessionData,
};

/// How often a request asks whether a look is over, and how long it waits in between.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(10);

impl<T: SessionData> SessionManager<T> {
    /// Before a session is opened: waits for the look that is under way, half a second at the most, where the ring was confirmed
    /// so long ago that a key may have been revoked meanwhile.
    pub(crate) async fn with_fresh_keys(&self, sleep: Sleep) {
        let live = &self.0.keys.keyring.0;
        if !HAS_TIMER || !live.is_looking() {
            return;
        }
        let now = self.0.clock.now();
        for _ in 0..TRIES {
            if !live.is_worth_waiting(now) {
                return;
            }
            sleep(PAUSE).await;
        }
        live.waited_in_vain();
    }
}

impl<T> Config<T> {
    /// A request is there: it brings about the look that no task does.
    pub(super) fn touch_keys(&self, now: &When) {
        self.keys.keyring.0.touch(|| now.or_read(|| self.now()));
    }

    /// A cookie names a key that is not in the ring: perhaps the ring has just changed.
    pub(super) fn ask_for_keys(&self, now: OffsetDateTime) {
        self.keys.keyring.0.ask(now);
    }
}
