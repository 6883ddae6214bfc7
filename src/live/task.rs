//! The task that looks, where there is a tokio runtime.

use core::time::Duration;
use std::sync::Arc;

use tokio::runtime::{EnterGuard, Handle};

use super::{Live, thread};
use crate::crypto::random::{self, SysRng};

/// The runtime that a look's source may need.
pub(super) struct Runtime(Option<Handle>);

impl Runtime {
    /// That of the caller, if there is one.
    pub(super) fn here() -> Self {
        Self(Handle::try_current().ok())
    }

    pub(super) fn enter(&self) -> Option<EnterGuard<'_>> {
        self.0.as_ref().map(Handle::enter)
    }
}

/// Starts the task, which ends when nobody has the keyring any more.
pub(super) fn start(live: &Arc<Live>) {
    let (Some(looks), Runtime(Some(runtime))) = (&live.looks, Runtime::here()) else { return };
    looks.has_task();
    let live = Arc::downgrade(live);
    runtime.spawn(async move {
        while let Some(pause) = live.upgrade().and_then(|live| pause(&live)) {
            tokio::time::sleep(pause).await;
            let Some(live) = live.upgrade() else { return };
            if let Some(now) = live.clock().map(crate::clock::Clock::now) {
                thread::look(&live, now);
            }
        }
    });
}

/// How long until the next look: up to a tenth more or less, so that nodes started together do not look together.
fn pause(live: &Live) -> Option<Duration> {
    let pause = Duration::from_secs(live.looks.as_ref()?.pause());
    let [chance] = random::bytes(&mut SysRng).unwrap_or([128]);
    let tenth = pause.checked_div(10)?;
    let least = pause.saturating_sub(tenth);
    Some(least.saturating_add(tenth.saturating_mul(2).saturating_mul(u32::from(chance)).checked_div(255)?))
}
