//! The session's data and its lifetimes.

use hardtack::{Policy, SessionData};
use serde::{Deserialize, Serialize};

/// The session. The cookie is the only place where it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Visitor {
    pub(crate) name: String,
    pub(crate) visits: u64,
}

impl SessionData for Visitor {
    const COOKIE: &'static str = "__Host-demo";
}

/// The defaults: 30 minutes idle and 12 hours in all; 7 and 30 days for visitors who asked to be remembered.
pub(crate) fn policy() -> Policy {
    Policy::default()
}
