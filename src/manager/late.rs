//! Whether a session may still be asked for once its response has left. What it would show then is in no header of that
//! response, so caches were told only if the session was used before.

use core::sync::atomic::{AtomicBool, Ordering};

/// Open until the response leaves.
#[derive(Default)]
pub(super) struct Late {
    closed: AtomicBool,
}

impl Late {
    /// The response leaves. Before it is looked at whether anybody holds the session, so that whoever comes between is seen, or
    /// refused.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// There is nothing to tell caches of, or they were told.
    pub(super) fn open(&self) {
        self.closed.store(false, Ordering::SeqCst);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}
