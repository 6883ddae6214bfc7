//! Where tokio has no timer, hooks have no limit: the platform limits the whole request.

use core::{future::Future, pin::Pin, time::Duration};

/// [`sleep`] does not end.
pub(crate) const HAS_TIMER: bool = false;

pub(crate) fn sleep(_: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(core::future::pending())
}
