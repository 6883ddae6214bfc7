//! The state of actix-session's cookie store.

use std::collections::BTreeMap;

/// The values in a cookie of actix-session's `CookieSessionStore`, each as JSON. `None` if this is no such state.
#[must_use]
pub fn actix_state(value: &str) -> Option<BTreeMap<String, String>> {
    serde_json::from_str(value).ok()
}
