//! L1: what an operator may want to know. Never cookie bytes or data.

use std::sync::Arc;

use crate::error::{HookFailure, Refusal};

/// Something that happened to a session.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request's cookie was not accepted, for this reason.
    Refused {
        /// The cookie's name.
        cookie: &'a str,
        /// Why.
        refusal: Refusal,
    },
    /// A cookie was written that is larger than 2048 bytes: it still fits, but servers that allow 8 KiB of headers are
    /// near their end with a few of them.
    LargeCookie {
        /// The cookie's name.
        cookie: &'a str,
        /// Bytes of name and value.
        size: usize,
    },
    /// A hook of the application failed; the session was refused, unless configured otherwise.
    HookFailed {
        /// The cookie's name.
        cookie: &'a str,
        /// How it failed.
        failure: &'a HookFailure,
    },
}

/// Takes events, on the thread of the request: it should be quick, and neither block nor panic.
pub trait Observer: Send + Sync + 'static {
    /// Takes one event.
    fn observe(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Send + Sync + 'static> Observer for F {
    fn observe(&self, event: &Event<'_>) {
        self(event);
    }
}

/// An observer, or none.
#[derive(Clone, Default)]
pub(crate) struct Observed(pub(crate) Option<Arc<dyn Observer>>);

impl Observed {
    pub(crate) fn tell(&self, event: &Event<'_>) {
        if let Some(observer) = &self.0 {
            observer.observe(event);
        }
    }
}
