//! A source that tests fill.

use std::sync::{Arc, Mutex, PoisonError, mpsc};

use hardtack::{KeySource, KeySourceError, KeySourceFuture, Keyring};

use crate::common::timed::again;

/// What is found at the next looks.
pub(crate) enum Holds {
    Ring(Keyring),
    Failure(&'static str),
    Panic,
    /// The look waits until this is told.
    Blocked(mpsc::Receiver<()>),
}

#[derive(Clone)]
pub(crate) struct Scripted {
    holds: Arc<Mutex<Holds>>,
    looks: Arc<Mutex<mpsc::Sender<()>>>,
}

impl Scripted {
    /// The source, and where each look at it is told.
    pub(crate) fn new(ring: Keyring) -> (Self, mpsc::Receiver<()>) {
        let (sender, receiver) = mpsc::channel();
        (Self { holds: Arc::new(Mutex::new(Holds::Ring(ring))), looks: Arc::new(Mutex::new(sender)) }, receiver)
    }

    pub(crate) fn set(&self, holds: Holds) {
        // A look that panicked on purpose held the lock.
        *self.holds.lock().unwrap_or_else(PoisonError::into_inner) = holds;
    }
}

impl KeySource for Scripted {
    fn name(&self) -> &'static str {
        "the script"
    }

    fn read(&self) -> KeySourceFuture<'_> {
        // The test may be over, and not listen any more.
        let _ = self.looks.lock().unwrap().send(());
        let found = match &*self.holds.lock().unwrap_or_else(PoisonError::into_inner) {
            Holds::Ring(ring) => Ok(again(ring)),
            Holds::Failure(why) => Err(KeySourceError::Failed((*why).into())),
            Holds::Panic => panic!("the source panics on purpose"),
            Holds::Blocked(go_on) => {
                let _ = go_on.recv();
                Err(KeySourceError::Failed("it was blocked".into()))
            }
        };
        Box::pin(async move { found })
    }
}
