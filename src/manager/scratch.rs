//! Each thread's buffer for tokens.

use std::cell::RefCell;

use crate::token::Scratch;

/// Runs `work` with this thread's buffer, or with a new one where an application's type opens a token while it decodes.
pub(super) fn with_scratch<R>(work: impl FnOnce(&mut Scratch) -> R) -> R {
    thread_local! {
        static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
    }
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut scratch) => work(&mut scratch),
        Err(_) => work(&mut Scratch::new()),
    })
}
