//! Whoever listens, and how they are told.

use core::fmt;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::{Event, EventKind, Observer};
use crate::id::KeyId;

/// An observer, or none.
#[derive(Clone, Default)]
pub(crate) struct Observed(pub(crate) Vec<Arc<dyn Observer>>);

impl Observed {
    /// Whether anybody listens: what events need is only worked out then.
    pub(crate) fn listens(&self) -> bool {
        !self.0.is_empty()
    }

    /// Keys that open too briefly, and by how many seconds.
    pub(crate) fn tell_brief_keys(&self, cookie: &str, keys: impl IntoIterator<Item = (KeyId, u64)>) {
        for (key_id, seconds) in keys {
            let kind = EventKind::KeyOpensTooBriefly { seconds };
            self.tell(&Event { cookie, kind, session: None, key_id: Some(key_id) });
        }
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        for observer in &self.0 {
            // Observers look on; what goes wrong in one is its own affair.
            let _ = catch_unwind(AssertUnwindSafe(|| observer.observe(event)));
        }
    }
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} observers", self.0.len())
    }
}
