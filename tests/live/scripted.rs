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
        *self.holds.lock().unwrap_or_else(PoisonError::into_inner) = holds;
    }
}

impl Scripted {
    /// What a look finds that begins now. One that waits is for this look only.
    fn taken(&self) -> Holds {
        let mut holds = self.holds.lock().unwrap_or_else(PoisonError::into_inner);
        match &*holds {
            Holds::Ring(ring) => Holds::Ring(again(ring)),
            Holds::Failure(why) => Holds::Failure(why),
            Holds::Panic => Holds::Panic,
            Holds::Blocked(_) | Holds::Late(..) => std::mem::replace(&mut *holds, Holds::Failure("it was blocked")),
        }
    }
}

impl Holds {
    fn find(self) -> Result<Keyring, KeySourceError> {
        match self {
            Self::Ring(ring) => Ok(ring),
            Self::Failure(why) => Err(KeySourceError::Failed(why.into())),
            Self::Panic => panic!("the source panics on purpose"),
            Self::Blocked(go_on) => {
                let _ = go_on.recv();
                Err(KeySourceError::Failed("it was blocked".into()))
            }
            Self::Late(go_on, ring) => {
                let _ = go_on.recv();
                Ok(ring)
            }
        }
    }
}

impl KeySource for Scripted {
    fn name(&self) -> &'static str {
        "the script"
    }

    fn read(&self) -> KeySourceFuture<'_> {
        let taken = self.taken();
        // The test may be over, and not listen any more.
        let _ = self.looks.lock().unwrap_or_else(PoisonError::into_inner).send(());
        let found = taken.find();
        Box::pin(async move { found })
    }
}
