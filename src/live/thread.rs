//! Looks that run off the way of requests: in a thread of their own, since reading a file may block.

use core::{
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll},
    time::Duration,
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Wake, Waker},
    thread::{self, Thread},
    time::Instant,
};

use time::OffsetDateTime;

use super::{Live, looks::Turn, task};
use crate::{
    clock::unix_seconds, crypto::keyring::Keyring, error::KeySourceError, event::EventKind, keysource::KeySource,
};

/// How long a source may take.
const LIMIT: Duration = Duration::from_secs(30);
/// WebAssembly has no threads: there the application calls [`LiveKeyring::look`](crate::LiveKeyring::look).
const HAS_THREADS: bool = cfg!(not(target_family = "wasm"));

/// Starts a look, unless one is under way.
pub(super) fn look(live: &Arc<Live>, now: OffsetDateTime) {
    if !HAS_THREADS {
        return;
    }
    let Some(turn) = Turn::take(live, unix_seconds(now)) else { return };
    let (runtime, watching) = (task::Runtime::here(), Arc::clone(live));
    let looking = thread::Builder::new().name("hardtack-keys".to_owned()).spawn(move || {
        let _inside = runtime.enter();
        if within(LIMIT, turn.look(now)).is_none() {
            watching.timed_out();
        }
    });
    if let Err(error) = looking {
        live.tell(EventKind::KeySourceFailed(&KeySourceError::Failed(error.into())), None);
    }
}

/// What a source answers; or that it panicked.
pub(super) async fn guarded(source: &dyn KeySource) -> Result<Keyring, KeySourceError> {
    let reading = catch_unwind(AssertUnwindSafe(|| source.read()));
    let Ok(mut reading) = reading else { return Err(KeySourceError::Panicked) };
    poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| reading.as_mut().poll(context))) {
        Ok(polled) => polled,
        Err(_) => Poll::Ready(Err(KeySourceError::Panicked)),
    })
    .await
}

/// Waits in this thread; not longer than the limit.
fn within<V>(limit: Duration, future: impl Future<Output = V>) -> Option<V> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let (mut context, mut future) = (Context::from_waker(&waker), pin!(future));
    let begun = Instant::now();
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Some(value);
        }
        let left = limit.checked_sub(begun.elapsed()).filter(|left| !left.is_zero())?;
        thread::park_timeout(left);
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
