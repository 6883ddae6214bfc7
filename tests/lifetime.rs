//! How long sessions live: their idle window and their end, from the login to the last second.

use crate::common;

#[path = "lifetime/clock.rs"]
mod clock;
#[path = "lifetime/cut_off.rs"]
mod cut_off;
#[cfg(properties)]
#[path = "lifetime/fixed_end.rs"]
mod fixed_end;
#[path = "lifetime/own.rs"]
mod own;
#[path = "lifetime/policy.rs"]
mod policy;
#[path = "lifetime/remaining.rs"]
mod remaining;

use common::steps::{Login, carried};
use hardtack::{Refusal, SessionManager};

/// Why a cookie does not open at this time, if it does not.
fn refusal(manager: &SessionManager<Login>, cookie: &str, seconds: i64) -> Option<Refusal> {
    let session = carried(manager, cookie, seconds);
    assert_eq!(session.get().is_none(), session.refusal().is_some());
    session.refusal()
}
