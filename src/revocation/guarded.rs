//! Running a hook so that nothing it does takes the request down.

use core::{future::Future, pin::Pin, task::Poll, time::Duration};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::HookFuture;
use crate::error::HookFailure;

/// A way to wait, of the async runtime at hand.
pub(crate) type Sleep = fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a hook answers; or that it failed, panicked, or took longer than `timeout`.
pub(crate) async fn guarded<'a, V>(
    start: impl FnOnce() -> HookFuture<'a, V>,
    timeout: Duration,
    sleep: Sleep,
) -> Result<V, HookFailure> {
    let Ok(mut hook) = catch_unwind(AssertUnwindSafe(start)) else { return Err(HookFailure::Panicked) };
    let mut deadline = sleep(timeout);
    core::future::poll_fn(move |context| {
        // A hook that panicked is not polled again.
        match catch_unwind(AssertUnwindSafe(|| hook.as_mut().poll(context))) {
            Err(_) => Poll::Ready(Err(HookFailure::Panicked)),
            Ok(Poll::Ready(answer)) => Poll::Ready(answer.map_err(HookFailure::Failed)),
            Ok(Poll::Pending) => deadline.as_mut().poll(context).map(|()| Err(HookFailure::TimedOut)),
        }
    })
    .await
}
