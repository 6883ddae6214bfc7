//! The part of a table of users that sessions need: from when on the sessions of each user count.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use hardtack::{
    Claims, HookError, Verdict,
    time::{Duration, OffsetDateTime},
};

use super::visitor::Visitor;

#[derive(Default)]
pub(crate) struct Users {
    cut_offs: Mutex<HashMap<String, OffsetDateTime>>,
    is_down: AtomicBool,
}

impl Users {
    /// Judges a session. The session layer asks before it accepts one.
    pub(crate) fn check(&self, visitor: &Visitor, claims: &Claims) -> Result<Verdict, HookError> {
        if self.is_down.load(Ordering::Relaxed) {
            return Err("the table of users does not answer".into());
        }
        Ok(Verdict::valid_if(claims.begun_since(self.cut_off(&visitor.name))))
    }

    pub(crate) fn cut_off(&self, name: &str) -> OffsetDateTime {
        let cut_offs = self.cut_offs.lock().unwrap_or_else(PoisonError::into_inner);
        cut_offs.get(name).copied().unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Ends every session that this user has begun until now. Each cut-off is later than the one before, so that each cuts.
    pub(crate) fn raise_cut_off(&self, name: &str, now: OffsetDateTime) -> OffsetDateTime {
        let mut cut_offs = self.cut_offs.lock().unwrap_or_else(PoisonError::into_inner);
        let cut_off = cut_offs.entry(name.to_owned()).or_insert(OffsetDateTime::UNIX_EPOCH);
        *cut_off = now.max(cut_off.saturating_add(Duration::SECOND));
        *cut_off
    }

    /// Has the table answer or not, to show what a session layer does about that.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::Relaxed);
    }
}
