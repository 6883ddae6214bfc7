//! Arbitrary Cookie headers hold no session: reading them never panics, never yields one, and nothing is written back.
#![no_main]

use std::sync::LazyLock;

use hardtack::{Keyring, SessionData, SessionManager};
use hardtack_fuzz::{Share, keys};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-f";
}

static MANAGER: LazyLock<SessionManager<Login>> =
    LazyLock::new(|| SessionManager::new(Keyring::new(keys()).unwrap()).unwrap());

/// A cookie of our name was found.
static SHARE: Share = Share::new();

fuzz_target!(|data: &[u8]| {
    let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
    let session = MANAGER.load(data.split(|&byte| byte == b'\n'), now);
    assert!(session.get().is_none() && session.claims().is_none() && session.key_id().is_none());
    SHARE.note(session.refusal().is_some());
    if let Some(refusal) = session.refusal() {
        assert!(!refusal.name().is_empty());
    }
    assert!(session.update(|login| login.user = 1).is_err());
    assert!(session.cycle().is_err());
    assert_eq!(MANAGER.commit(&session, false, now).unwrap(), [""; 0]);
});
