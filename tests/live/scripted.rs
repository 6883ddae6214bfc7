//! A source that tests fill.

use std::sync::{Arc, Mutex, PoisonError, mpsc};

use hardtack::{KeySource, KeySourceError, KeySourceFuture, Keyring};

use crate::common::timed::again;

/// What is found at the next looks.
pub(crate) enum Holds {
    Ring(Keyring),
    Failure(&'static str),
    Panic,
    /// The look waits until this is told, and fails.
    Blocked(mpsc::Receiver<()>),
    /// The look waits until this is told, and finds the ring.
    Late(mpsc::Receiver<()>, Keyring),
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

impl Scripted {
    fn find(&self) -> Result<Keyring, KeySourceError> {
        let mut holds = self.holds.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = match &*holds {
            Holds::Ring(ring) => return Ok(again(ring)),
            Holds::Failure(why) => return Err(KeySourceError::Failed((*why).into())),
            Holds::Panic => panic!("the source panics on purpose"),
            Holds::Blocked(_) | Holds::Late(..) => std::mem::replace(&mut *holds, Holds::Failure("it was blocked")),
        };
        drop(holds);
        match waits {
            Holds::Late(go_on, ring) => {
                let _ = go_on.recv();
                Ok(ring)
            }
            Holds::Blocked(go_on) => {
                let _ = go_on.recv();
                Err(KeySourceError::Failed("it was blocked".into()))
            }
            _ => Err(KeySourceError::NoSource),
        }
    }
}

impl KeySource for Scripted {
    fn name(&self) -> &'static str {
        "the script"
    }

    fn read(&self) -> KeySourceFuture<'_> {
        // The test may be over, and not listen any more.
        let _ = self.looks.lock().unwrap().send(());
        let found = self.find();
        Box::pin(async move { found })
    }
}
