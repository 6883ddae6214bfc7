//! The timer for hooks: tokio's, which the layers bring.

use core::{future::Future, pin::Pin, time::Duration};

/// [`sleep`] ends.
pub(crate) const HAS_TIMER: bool = true;

pub(crate) fn sleep(duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(tokio::time::sleep(duration))
}
