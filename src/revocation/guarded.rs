//! Running a hook so that nothing it does takes the request down.

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
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
    let Ok(hook) = catch_unwind(AssertUnwindSafe(start)) else { return Err(HookFailure::Panicked) };
    let (mut hook, mut deadline) = (Caught(Some(hook)), sleep(timeout));
    let outcome = core::future::poll_fn(|context| match hook.poll(context) {
        Poll::Pending => deadline.as_mut().poll(context).map(|()| Err(HookFailure::TimedOut)),
        ready @ Poll::Ready(_) => ready,
    });
    let outcome = outcome.await;
    hook.let_go().and(outcome)
}

/// A hook whose panics end here, also the one of its own destructor. It is not polled again once it has panicked or answered.
struct Caught<'a, V>(Option<HookFuture<'a, V>>);

impl<V> Caught<'_, V> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<V, HookFailure>> {
        let Some(hook) = &mut self.0 else { return Poll::Ready(Err(HookFailure::Panicked)) };
        match catch_unwind(AssertUnwindSafe(|| hook.as_mut().poll(context))) {
            Err(_) => Poll::Ready(Err(HookFailure::Panicked)),
            Ok(polled) => polled.map_err(HookFailure::Failed),
        }
    }

    fn let_go(&mut self) -> Result<(), HookFailure> {
        let hook = self.0.take();
        catch_unwind(AssertUnwindSafe(|| drop(hook))).map_err(|_| HookFailure::Panicked)
    }
}

impl<V> Drop for Caught<'_, V> {
    /// The client went away while the hook was asked.
    fn drop(&mut self) {
        let _ = self.let_go();
    }
}
